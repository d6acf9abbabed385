// A file system in memory, for both worlds.
import { FileContent, FileKind, FileStatus, Files } from '../../src/host/files.ts';

export class FakeFile {
  constructor(
    readonly kind: FileKind,
    readonly bytes: Uint8Array,
    readonly isExecutable: boolean,
    /** Why it cannot be looked at (FileKind.Unknown), or read; ''. */
    readonly error: string,
  ) {}
}

/** By path. A directory is there only if it was put there. */
export class FakeFiles extends Files {
  readonly files: Map<string, FakeFile> = new Map<string, FakeFile>();
  owner: number = 0;
  free: number = -1;
  private readonly self: number;

  constructor(user: number) {
    super();
    this.self = user;
  }

  status(path: string): FileStatus {
    if (!this.files.has(path)) return new FileStatus(FileKind.Missing, -1, 'ENOENT');
    const file = this.files.get(path)!;
    return new FileStatus(file.kind, this.owner, file.kind === FileKind.Unknown ? file.error : '');
  }

  read(path: string, limit: i32): FileContent {
    if (!this.files.has(path)) return new FileContent(null, 'ENOENT');
    const file = this.files.get(path)!;
    if (file.error !== '') return new FileContent(null, file.error);
    if (file.kind === FileKind.Directory) return new FileContent(null, 'EISDIR');
    return new FileContent(file.bytes.slice(0, limit + 1), '');
  }

  isExecutable(path: string): boolean {
    return this.files.has(path) && this.files.get(path)!.isExecutable;
  }

  freeBytes(_path: string): number {
    return this.free;
  }

  get user(): number {
    return this.self;
  }
}
