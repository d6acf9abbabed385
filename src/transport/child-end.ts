// What became of mlmmj-receive, for hosts in which the shared code is told of it.
import { Failure, temporary } from '../errors.ts';
import { ByteString } from '../host/files.ts';
import { printable } from '../printable.ts';

export class ChildEnd {
  constructor(
    /** The exit status; -1 where it was not started, or was killed. */
    readonly status: i32,
    /** `SIGSEGV`: what killed it, or ''. */
    readonly signal: string,
    /** The beginning of what it wrote to standard error. */
    readonly stderr: ByteString,
    /** `EACCES`: why it could not be started, or ''. */
    readonly error: string,
    /** Whether it read all of its standard input: it may say that all is well and not have looked at the message. */
    readonly tookAll: boolean,
  ) {}
}

/** Null where it has taken the post; else what became of it, without paths: a bounce may show it to the poster. */
export function childFailure(end: ChildEnd): Failure | null {
  // 126 and 127 are what a shell says of a program that it may not run, or cannot find.
  if (end.error === 'ENOENT' || end.error === 'ENOTDIR' || end.status === 127) {
    return temporary('mlmmj-receive is not where it should be');
  }
  if (end.error === 'EACCES' || end.status === 126) return temporary('mlmmj-receive may not be executed');
  if (end.error !== '') return temporary(`mlmmj-receive could not be started (${end.error})`);
  const words = firstWords(end.stderr);
  const saying = words === '' ? '' : `: ${words}`;
  if (end.signal !== '') return temporary(`mlmmj-receive was killed by ${end.signal}${saying}`);
  if (end.status !== 0) return temporary(`mlmmj-receive failed with status ${end.status}${saying}`);
  return end.tookAll ? null : temporary('mlmmj-receive ended before it had read the whole message');
}

/** Characters of a line that are looked at. */
const LINE_LIMIT: i32 = 512;

/** The first line that is not blank; printable, short, and without paths. */
function firstWords(stderr: ByteString): string {
  const lines = stderr.replaceAll('\r', '\n').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].substring(0, LINE_LIMIT).trim();
    if (line !== '') return printable(withoutPaths(line), 120);
  }
  return '';
}

/** What may stand before a path. */
const PATH_STARTS: string = ' \t"\'(=:[';

function withoutPaths(line: string): string {
  let kept = '';
  let at = 0;
  while (at < line.length) {
    const isPath = line.charAt(at) === '/' && (at === 0 || PATH_STARTS.includes(line.charAt(at - 1)));
    if (!isPath) kept += line.charAt(at++);
    else {
      kept += '...';
      while (at < line.length && line.charCodeAt(at) > 0x20) at++;
    }
  }
  return kept;
}
