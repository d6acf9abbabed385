// A message in a file that is open, on Node.
import { readSync } from 'node:fs';
import { Source } from '../mime/source.ts';

export class FileSource extends Source {
  private hasFailed = false;

  /** @param size of the file, which must not change */
  constructor(
    private readonly fd: number,
    readonly size: number,
  ) {
    super();
  }

  override get failed(): boolean {
    return this.hasFailed;
  }

  read(offset: number, into: Uint8Array): number {
    const length = Math.min(into.length, Math.max(0, this.size - offset));
    let done = 0;
    try {
      while (done < length) {
        const count = readSync(this.fd, into, done, length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
    } catch {
      // Said below.
    }
    if (done < length) this.hasFailed = true;
    return done;
  }
}
