import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { DeliveryCounts } from './mail-log.ts';

/** Characters of one line; what is longer is no line of a mail log, and is passed over. */
const LINE_LIMIT = 16 * 1024;

/**
 * Counts the deliveries in a mail log, which may be larger than memory.
 *
 * @param path `-` for standard input; what ends in .gz is unpacked
 * @throws CommandProblem or the system's error, where it cannot be read
 */
export async function countDeliveries(path: string): Promise<DeliveryCounts> {
  const counts = new DeliveryCounts();
  let rest = '';
  let isPassedOver = false;
  for await (const chunk of openLog(path)) {
    const lines = (rest + (chunk as Buffer).toString('latin1')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (isPassedOver) isPassedOver = false;
      else if (line.length <= LINE_LIMIT) counts.add(line);
    }
    if (rest.length > LINE_LIMIT) {
      isPassedOver = true;
      rest = '';
    }
  }
  if (rest !== '' && !isPassedOver) counts.add(rest);
  return counts;
}

async function* openLog(path: string): AsyncIterable<unknown> {
  if (path === '-') {
    yield* process.stdin;
    return;
  }
  if (statSync(path).isDirectory()) throw new CommandProblem(ExitStatus.NoInput, `${path} is a directory`);
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) {
    yield* file;
    return;
  }
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* file.pipe(unpacked);
  } catch (error) {
    if ((error as { path?: unknown }).path !== undefined) throw error;
    throw new CommandProblem(ExitStatus.NoInput, `${path} cannot be unpacked: ${(error as Error).message}`);
  }
}
