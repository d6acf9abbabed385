/** The mlmmj that posts would be handed to. */
import { existsSync, statSync } from 'node:fs';
import { byteString } from '../host/byte-string.ts';
import { type Account, mayUse } from '../mail-server/accounts.ts';
import { parsePipeArgs, type Service } from '../mail-server/master-cf.ts';
import { run } from '../mail-server/run.ts';
import type { ServeOptions } from '../serve/options.ts';
import { ReceiveCall } from '../transport/arguments.ts';
import { findMlmmjReceive, STANDARD_PATHS } from '../transport/mlmmj-receive.ts';
import type { HostFacts } from './facts.ts';
import { UserFiles } from './user-files.ts';

/** The mlmmj-receive that the transport or the service names, else the one that the program would find. */
export function gatherMlmmjReceive(
  transport: Service | undefined,
  service: ServeOptions | undefined,
  user: Account | undefined,
): HostFacts['mlmmjReceive'] {
  const argv = transport === undefined ? [] : parsePipeArgs(transport.args).argv;
  const named = argv.indexOf('--mlmmj-receive');
  const path =
    service?.mlmmjReceive ??
    (named >= 0 ? argv[named + 1] : STANDARD_PATHS.find(existsSync)) ??
    STANDARD_PATHS.at(-1)!;
  const runs = mayUse(path, user, 0o1);
  const call = new ReceiveCall();
  call.mlmmjReceive = byteString(path);
  call.isStoredOnly = (service?.receiveFlags ?? argv).includes('-P');
  const { failure } = findMlmmjReceive(call, new UserFiles(user));
  return { path, runs, processTrouble: runs ? failure?.message : undefined };
}

/** Asks mlmmj-receive itself, where root may run it without being anybody's fool. */
export async function mlmmjVersion(path: string): Promise<string | undefined> {
  if (!mayUse(path, undefined, 0o1) || statSync(path).uid !== 0) return undefined;
  const { stdout } = await run(path, ['-V']);
  return /version (\d[\w.]*)/.exec(stdout)?.[1];
}
