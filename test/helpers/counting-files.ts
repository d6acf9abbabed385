import { FileContent, FileStatus } from '../../src/host/files.ts';
import { NodeFiles } from '../../src/host/node-files.ts';

/** The real file system, which also notes what was asked for. */
export class CountingFiles extends NodeFiles {
  readonly asked: string[] = [];

  override status(path: string): FileStatus {
    this.asked.push(path);
    return super.status(path);
  }

  override read(path: string, limit: number): FileContent {
    this.asked.push(path);
    return super.read(path, limit);
  }
}
