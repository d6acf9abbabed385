/**
 * Whether mlmmj-receive can be given a post. It exits 0 also where it could not start what works on the post, and leaves
 * what it could not store whole; so what can be known before is looked at before.
 */
import { Failure, temporary } from '../errors.ts';
import { ByteString, FileKind, Files } from '../host/files.ts';
import { ReceiveCall } from './arguments.ts';

/** Where it is looked for, in this order. */
export const STANDARD_PATHS: string[] = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'];

/** Either its path, which is absolute, or why it cannot be run. */
export class MlmmjReceive {
  constructor(
    readonly path: ByteString,
    readonly failure: Failure | null,
  ) {}
}

export function findMlmmjReceive(call: ReceiveCall, files: Files): MlmmjReceive {
  if (call.mlmmjReceive === '') return findInstalled(call.isStoredOnly, files);
  const problem = programProblem(call.mlmmjReceive, files);
  if (problem === '') return checked(call.mlmmjReceive, call.isStoredOnly, files);
  return cannotRun(
    problem === MISSING ? 'mlmmj-receive is not where it should be' : `mlmmj-receive ${problem}`,
  );
}

function findInstalled(isStoredOnly: boolean, files: Files): MlmmjReceive {
  let isThere = false;
  for (let i = 0; i < STANDARD_PATHS.length; i++) {
    const problem = programProblem(STANDARD_PATHS[i], files);
    if (problem === '') return checked(STANDARD_PATHS[i], isStoredOnly, files);
    if (problem !== MISSING) isThere = true;
  }
  return cannotRun(isThere ? `mlmmj-receive ${FORBIDDEN}` : 'mlmmj-receive is not installed');
}

/**
 * mlmmj-receive starts the mlmmj-process in the directory that its own name has in argv[0], and exits 0 where there is
 * none (1.3.0): the post then stays in `incoming/` for good. With -P it starts nothing.
 */
function checked(path: ByteString, isStoredOnly: boolean, files: Files): MlmmjReceive {
  if (!isStoredOnly) {
    const process = `${path.substring(0, path.lastIndexOf('/'))}/mlmmj-process`;
    const problem = programProblem(process, files);
    if (problem !== '' && !isScript(path, files)) {
      return cannotRun(
        problem === MISSING ? 'mlmmj-process is not beside mlmmj-receive' : `mlmmj-process ${problem}`,
      );
    }
  }
  return new MlmmjReceive(path, null);
}

const MISSING: string = 'is missing';
const FORBIDDEN: string = 'may not be executed';

/** What keeps a program from being run, or ''. */
function programProblem(path: ByteString, files: Files): string {
  const kind = files.status(path).kind;
  if (kind === FileKind.Missing) return MISSING;
  return kind === FileKind.Regular && files.isExecutable(path) ? '' : FORBIDDEN;
}

/** A script is somebody's wrapper, and the mlmmj-receive that it leads to may be anywhere. */
function isScript(path: ByteString, files: Files): boolean {
  const start = files.read(path, 1).bytes;
  return start !== null && start.length === 2 && start[0] === 0x23 && start[1] === 0x21;
}

function cannotRun(message: string): MlmmjReceive {
  return new MlmmjReceive('', temporary(message));
}

/** Bytes, for directories that grow and files that are stored in blocks. */
const ROOM_MARGIN: i32 = 64 * 1024;

/**
 * On a full disk mlmmj-receive leaves a cut file in `incoming/` at each try, which takes the room that was left. Where it
 * processes the post, a second copy is written to `queue/` before the first one goes: without room for it the first stays
 * in `incoming/` for good.
 *
 * @param size of the post as it is handed over
 */
export function roomFailure(
  list: ByteString,
  size: number,
  isStoredOnly: boolean,
  files: Files,
): Failure | null {
  const free = files.freeBytes(`${list}/incoming`);
  const needed = (isStoredOnly ? size : 2 * size) + ROOM_MARGIN;
  return free < 0 || free >= needed
    ? null
    : temporary("there is no room for the message in the list's directory");
}
