/**
 * What is installed under our program's name. iRedMail and mlmmj's contrib have a shell script of the same name, which
 * an upgrade of theirs writes again: the name alone says nothing.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { execa } from 'execa';
import { systemCode } from '../host/system-error.ts';

export type ProgramIdentity =
  | { readonly kind: 'ours'; readonly version: string }
  /** The shell script that runs altermime. */
  | { readonly kind: 'script' }
  /** It says something else of itself. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'missing' }
  /** It is closed to whoever asks. */
  | { readonly kind: 'closed' };

/** Bytes in which a shell script shows what it runs. */
const HEAD = 64 * 1024;

/** Milliseconds. Saying a version takes a tenth of a second on Node. */
const PATIENCE = 10_000;

/** Says what a file is, from what it holds and from its own answer to `--version`. Never fails. */
export async function identifyProgram(path: string): Promise<ProgramIdentity> {
  const head = headOf(path);
  if (typeof head !== 'string') return head;
  if (isShellScript(head) && /\baltermime\b/i.test(head)) return { kind: 'script' };
  const said = await versionSaid(path);
  if (said === undefined) return { kind: 'closed' };
  const version = /^mlmmj-amime-receive (\d\S*|from source)\s*$/.exec(said)?.[1];
  return version === undefined ? { kind: 'foreign' } : { kind: 'ours', version };
}

function headOf(path: string): string | ProgramIdentity {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return { kind: 'missing' };
    if (!status.isFile()) return { kind: 'foreign' };
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(HEAD);
      return bytes.toString('latin1', 0, readSync(fd, bytes, 0, HEAD, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return { kind: systemCode(error) === 'ENOTDIR' ? 'missing' : 'closed' };
  }
}

function isShellScript(head: string): boolean {
  return /^#![^\n]*\b(?:ba|da|k|z|a)?sh\b/.test(head);
}

/**
 * What it answers; undefined where it may not be run. Root runs it as its owner, who could do whatever it does anyway,
 * and gives it nothing to read.
 */
async function versionSaid(path: string): Promise<string | undefined> {
  const { uid, gid } = statSync(path);
  const asOwner = process.geteuid?.() === 0 && uid !== 0 ? { uid, gid } : {};
  const { stdout, code } = await execa(path, ['--version'], {
    reject: false,
    stdin: 'ignore',
    cwd: '/',
    timeout: PATIENCE,
    maxBuffer: HEAD,
    extendEnv: false,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    ...asOwner,
  });
  return code === 'EACCES' ? undefined : (stdout ?? '');
}
