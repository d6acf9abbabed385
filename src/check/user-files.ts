/** A list's files as the user sees them that delivers: what it may not read is not there for it, whoever asks. */
import { textOfBytes } from '../host/byte-string.ts';
import { type ByteString, FileContent, FileKind, type FileStatus } from '../host/files.ts';
import { NodeFiles } from '../host/node-files.ts';
import { type Account, mayUse } from '../mail-server/accounts.ts';

const CLOSED = ['EACCES', 'EPERM'];

export class UserFiles extends NodeFiles {
  /** What is closed to us ourselves, so that nothing is known of it. */
  readonly closed = new Set<string>();
  readonly #user: Account | undefined;

  constructor(user: Account | undefined) {
    super();
    this.#user = user;
  }

  override status(path: ByteString): FileStatus {
    const status = super.status(path);
    if (status.kind === FileKind.Unknown && CLOSED.includes(status.error)) this.closed.add(textOfBytes(path));
    return status;
  }

  override read(path: ByteString, limit: number): FileContent {
    const content = super.read(path, limit);
    const name = textOfBytes(path);
    if (CLOSED.includes(content.error)) this.closed.add(name);
    if (content.bytes === null || mayUse(name, this.#user, 0o4)) return content;
    return new FileContent(null, 'EACCES');
  }

  override isExecutable(path: ByteString): boolean {
    return mayUse(textOfBytes(path), this.#user, 0o1);
  }
}
