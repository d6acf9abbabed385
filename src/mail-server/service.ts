/** The LMTP service on this host: as it runs, else as its unit would start it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type LmtpAddress, listenArgument } from '../mail-server/lmtp-address.ts';
import { SERVICE_UNIT, unitFacts } from '../mail-server/units.ts';
import { parseServeArgs, type ServeOptions } from '../serve/options.ts';
import { type Account, account } from './accounts.ts';

export interface ServiceFacts {
  /** Whether it was found running. */
  readonly runs: boolean;
  readonly user: Account | undefined;
  readonly options: ServeOptions | undefined;
  /** The unit's sandbox lets it write these alone; undefined where there is no unit, or no such sandbox. */
  readonly writable: readonly string[] | undefined;
}

const UNIT_DIRECTORIES = ['/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

/**
 * Looks for the service that listens at an address: among the processes, and in the units of systemd. Undefined where
 * neither is here: it may run in a container, on another host, or under another name.
 */
export function findService(
  address: LmtpAddress | undefined,
  systemd: string | undefined,
): ServiceFacts | undefined {
  const unit = readUnit(systemd === undefined ? UNIT_DIRECTORIES : [systemd]);
  const unitOptions = unit === undefined ? undefined : serveOptions(unit.args);
  const running = runningServices();
  const wanted = address && listenArgument(address);
  const found =
    running.find(({ listen }) => listen === wanted) ??
    running.find(({ listen }) => listen === 'systemd') ??
    (wanted === undefined && running.length === 1 ? running[0] : undefined);
  if (found !== undefined) {
    const { user, options } = found;
    return { runs: true, user, options, writable: found.listen === 'systemd' ? unit?.writable : undefined };
  }
  if (unit === undefined) return undefined;
  return { runs: false, user: account(unit.user), options: unitOptions, writable: unit.writable };
}

function readUnit(directories: readonly string[]) {
  for (const directory of directories) {
    try {
      return unitFacts(readFileSync(`${directory}/${SERVICE_UNIT}`, 'utf8'));
    } catch {
      // The next place; a unit need not be there at all.
    }
  }
  return undefined;
}

/** Undefined where they are none that it would start with. */
function serveOptions(args: readonly string[]): ServeOptions | undefined {
  try {
    return parseServeArgs(args);
  } catch {
    return undefined;
  }
}

interface Running {
  readonly user: Account | undefined;
  readonly options: ServeOptions;
  readonly listen: string;
}

/** Linux alone shows them in /proc; elsewhere the unit, or nothing, is known. */
function runningServices(): Running[] {
  return processes().flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const at = words.findIndex(
        (word, place) =>
          word === 'serve' &&
          /^(mlmmj-amime-receive(-tools)?|(amime-receive|tools)\.js)$/.test(basename(words[place - 1] ?? '')),
      );
      const options = at < 0 ? undefined : serveOptions(words.slice(at + 1, -1));
      if (options === undefined || !sameDirectory(`/proc/${pid}/root${options.lists}`, options.lists))
        return [];
      const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      return [{ user: account(uid), options, listen: listenText(options) }];
    } catch {
      // It has ended, or is nobody's to look at.
      return [];
    }
  });
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A container's lists are not this host's, though their paths may be the same. */
function sameDirectory(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

function listenText({ listen }: ServeOptions): string {
  if (listen.kind === 'systemd') return 'systemd';
  if (listen.kind === 'unix') return `unix:${listen.path}`;
  return `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
}
