import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';

/** A file's content before and after, to the byte; undefined where there is no file. */
export interface FileChange {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Its content is not for showing. */
  readonly secret: boolean;
  /** An index that is older than its table: written anew even where its content stays. */
  readonly isStale?: boolean;
}

/**
 * Puts a file's new content in place in one step: whoever reads it meanwhile finds the old or the new one whole.
 *
 * @throws CommandProblem that names the file.
 */
export function applyFile(change: Pick<FileChange, 'path' | 'after' | 'mode' | 'uid' | 'gid'>): void {
  const { path, after } = change;
  const fresh = freshName(path);
  try {
    if (after === undefined) {
      rmSync(path, { force: true });
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    copyAttributes(path, fresh);
    const fd = openSync(fresh, 'w', 0o600);
    try {
      for (let written = 0; written < after.length; ) written += writeSync(fd, after, written);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    chownSync(fresh, change.uid, change.gid);
    chmodSync(fresh, change.mode);
    renameSync(fresh, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Nothing can have been written there, and nothing removed.
    if (code !== 'EROFS') rmSync(fresh, { force: true });
    if (code === undefined) throw error;
    throw new CommandProblem(ExitStatus.CannotCreate, `${path} cannot be written (${code})`, {
      cause: error,
    });
  }
}

/** Access lists, which only cp(1) knows how to keep on each system; owner and mode are set in any case. */
function copyAttributes(path: string, fresh: string): void {
  if (existsSync(path)) spawnSync('cp', ['-p', path, fresh], { stdio: 'ignore' });
}

/** What a file is called until it is whole. */
export function freshName(path: string): string {
  return `${path}.mlmmj-amime-new`;
}

/** Owner and mode that a file has, or that a new one gets. */
export function ownership(path: string, fresh: { mode: number; uid: number; gid: number }) {
  try {
    const { mode, uid, gid } = statSync(path);
    return { mode: mode & 0o7777, uid, gid };
  } catch {
    return fresh;
  }
}

/** A content's fingerprint; `none` for no file. */
export function fingerprint(content: Buffer | undefined): string {
  return content === undefined ? 'none' : createHash('sha256').update(content).digest('hex');
}
