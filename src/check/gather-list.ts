import { existsSync, realpathSync, statSync } from 'node:fs';
import { byteString, textOfBytes } from '../host/byte-string.ts';
import { filledLines, firstLine, readControl } from '../list/control.ts';
import { Access, type List, openList } from '../list/list.ts';
import { type Account, obstacleFor } from '../mail-server/accounts.ts';
import type { HostFacts, ListFacts, Maintenance } from './facts.ts';
import { gatherFooters } from './gather-footers.ts';
import { gatherSettings } from './gather-settings.ts';
import { gatherLeftovers } from './leftovers.ts';
import { UserFiles } from './user-files.ts';

/** Whether something listens at a host's port. */
export type Greets = (host: string, port: number) => Promise<boolean>;

/** Looks at one list's directory. Never fails: what is wrong is a fact, and so is what is closed to us. */
export async function gatherList(
  path: string,
  { user }: Pick<HostFacts, 'user'>,
  greets: Greets,
): Promise<ListFacts> {
  const directory = existsSync(path) ? realpathSync(path) : path;
  const files = new UserFiles(user);
  const { list, failure } = openList(byteString(directory), files, Access.Read);
  if (list === null) return { ...NOTHING, directory, trouble: failure!.message, closed: [...files.closed] };
  const addresses = list.addresses.map(textOfBytes);
  const delimiter = textOfBytes(list.delimiter);
  const relay = {
    host: control(list, 'relayhost', files) || '127.0.0.1',
    port: Number(control(list, 'smtpport', files)) || 25,
  };
  const facts = {
    directory,
    trouble: undefined,
    ownerUid: statSync(directory).uid,
    addresses,
    delimiter,
    flaw: list.flaw,
    footers: gatherFooters(directory, list, files),
    settings: gatherSettings(directory, list, files),
    mlmmjFooter: (control(list, 'footer', files) ?? '') !== '',
    relay: { ...relay, listens: await greets(relay.host, relay.port) },
    unwritable: unwritable(directory, user),
    tocc: existsSync(`${directory}/control/tocc`),
    customHeaders: customHeaders(list, files),
    maintenance: maintenance(directory),
    leftovers: gatherLeftovers(directory, files.closed),
  };
  return { ...facts, closed: [...files.closed] };
}

const NOTHING: Omit<ListFacts, 'directory' | 'trouble' | 'closed'> = {
  ownerUid: -1,
  addresses: [],
  delimiter: '',
  flaw: null,
  footers: { files: [], isShown: false, troubles: [], size: 0, room: undefined },
  settings: { meaningless: [], unread: [] },
  mlmmjFooter: false,
  relay: { host: '', port: 0, listens: false },
  unwritable: undefined,
  tocc: false,
  customHeaders: new Map(),
  maintenance: { hasRun: false, days: 0 },
  leftovers: [],
};

/** A tunable's first line, as mlmmj reads it; undefined where there is none. */
function control(list: List, name: string, files: UserFiles): string | undefined {
  const { bytes } = readControl(list.directory, name, files);
  return bytes === null ? undefined : textOfBytes(firstLine(bytes));
}

function customHeaders(list: List, files: UserFiles): Map<string, string> {
  const { bytes } = readControl(list.directory, 'customheaders', files);
  const fields = (bytes === null ? [] : filledLines(bytes)).map((line) =>
    /^([^\s:]+)\s*:\s*(.*)$/.exec(line),
  );
  return new Map(fields.flatMap((field) => (field ? [[field[1]!.toLowerCase(), field[2]!]] : [])));
}

const DAY = 86_400_000;

/** mlmmj-maintd writes this file anew each time that it goes through the list (1.3.0). */
const MAINTENANCE_LOG = 'mlmmj-maintd.lastrun.log';

function maintenance(directory: string): Maintenance {
  const time = (name: string) => statSync(`${directory}/${name}`, { throwIfNoEntry: false })?.mtimeMs;
  const run = time(MAINTENANCE_LOG);
  const days = Math.floor((Date.now() - (run ?? time('control/listaddress') ?? Date.now())) / DAY);
  return { hasRun: run !== undefined, days };
}

/** What keeps the user that delivers from `incoming/`; who it is, or where the directory is, is judged elsewhere. */
function unwritable(directory: string, user: Account | undefined): string | undefined {
  const incoming = `${directory}/incoming`;
  if (user === undefined || !existsSync(incoming)) return undefined;
  return obstacleFor(user, incoming, 0o2);
}
