// mlmmj-receive, as Node runs it: its standard input is a file that holds the whole message.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readSync } from 'node:fs';
import { ChildEnd } from '../transport/child-end.ts';
import { systemCode } from './system-error.ts';

/** Bytes of what it says that are read. */
const STDERR_LIMIT = 4096;

/** How long one that has been killed may take to be gone: not even that ends a process whose disk hangs. */
const KILLED_MS = 30_000;

export interface ChildFiles {
  /** At position 0. */
  readonly stdin: number;
  /** What it says goes into a file: a pipe would have to be emptied, and what it leaves running may go on talking. */
  readonly words: number;
}

/**
 * Runs a program to its end. Never rejects.
 *
 * @param ended aborts when it has to end early
 * @returns null where it was killed and is not gone
 */
export async function runChild(
  argv: readonly string[],
  files: ChildFiles,
  ended: AbortSignal,
): Promise<ChildEnd | null> {
  const [program = '', ...args] = argv;
  const limit = new AbortController();
  try {
    const child = spawn(program, args, { stdio: [files.stdin, files.words, files.words] });
    const kill = () => {
      child.kill('SIGKILL');
      setTimeout(() => limit.abort(), KILLED_MS).unref();
    };
    ended.addEventListener('abort', kill);
    const [status, signal] = (await once(child, 'exit', { signal: limit.signal })) as [
      number | null,
      string | null,
    ];
    ended.removeEventListener('abort', kill);
    return new ChildEnd(status ?? -1, signal ?? '', beginningOf(files.words), '', isAtEnd(files.stdin));
  } catch (error) {
    if (limit.signal.aborted) return null;
    return new ChildEnd(-1, '', '', systemCode(error), false);
  }
}

function beginningOf(fd: number): string {
  try {
    const bytes = Buffer.alloc(STDERR_LIMIT);
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, STDERR_LIMIT, 0));
  } catch {
    return '';
  }
}

/** The child shares our position in the file: it may well say that all is done and not have looked at the message. */
function isAtEnd(fd: number): boolean {
  try {
    return readSync(fd, new Uint8Array(1), 0, 1, null) === 0;
  } catch {
    return false;
  }
}
