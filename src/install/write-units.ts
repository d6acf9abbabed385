/** systemd's unit and socket for the LMTP service: the snippets adapted, or what is there with what was asked for. Pure. */
import { type LmtpAddress, listenStream } from '../mail-server/lmtp-address.ts';
import { SERVE_COMMAND, unitFacts } from '../mail-server/units.ts';
import { SNIPPETS } from './embedded.ts';

/** What the units name. In a unit that is there already, what is undefined stays. */
export interface UnitWishes {
  readonly program: string;
  readonly address: LmtpAddress;
  readonly spool: string | undefined;
  readonly user: string | undefined;
  /** The user's own group. */
  readonly group: string;
  /** The group that Postfix's lmtp(8) client runs with. */
  readonly mailGroup: string;
  readonly layout: string | undefined;
  readonly mlmmjReceive: string | undefined;
}

export function serviceUnit(existing: string | undefined, wishes: UnitWishes): string {
  const { program, spool, user, group } = wishes;
  const original = existing ?? SNIPPETS['systemd/mlmmj-amime.service'];
  let unit = original.replace(
    SERVE_COMMAND,
    (_, key, __, rest) => `${key}${program}${withOptions(rest, wishes)}`,
  );
  if (spool !== undefined) {
    const before = unitFacts(original).spool;
    unit = unit.replace(/^(ReadWritePaths=)(.*)$/m, (_, key, paths: string) => {
      const kept = paths.split(/\s+/).filter((path) => path !== '' && path !== before && path !== spool);
      return `${key}${[spool, ...kept].join(' ')}`;
    });
    // ProtectHome= hides these, whatever ReadWritePaths= says.
    if (/^\/(?:home|root|run\/user)\//.test(spool))
      unit = unit.replace(/^ProtectHome=yes$/m, 'ProtectHome=no');
  }
  if (user !== undefined) {
    unit = unit.replace(/^User=.*$/m, `User=${user}`).replace(/^Group=.*$/m, `Group=${group}`);
  }
  return unit;
}

/** The arguments behind `serve` with those of ours that were asked for. */
function withOptions(args: string, { spool, layout, mlmmjReceive }: UnitWishes): string {
  const wanted = { '--lists': spool, '--layout': layout, '--mlmmj-receive': mlmmjReceive };
  let result = args;
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    // systemd reads a percent sign as the beginning of a specifier.
    const written = `${name} ${value.replaceAll('%', '%%')}`;
    const there = new RegExp(`(?<=\\s)${name}[ =]\\S+`);
    result = there.test(result) ? result.replace(there, () => written) : `${result} ${written}`;
  }
  return result;
}

export function socketUnit(existing: string | undefined, wishes: UnitWishes): string {
  const stream = `ListenStream=${listenStream(wishes.address)}`;
  if (existing?.split('\n').includes(stream)) return existing;
  let unit = (existing ?? SNIPPETS['systemd/mlmmj-amime.socket']).replace(/^ListenStream=.*$/m, () => stream);
  if (existing === undefined) {
    unit = unit
      .replace(/^SocketUser=.*$/m, `SocketUser=${wishes.user ?? 'mlmmj'}`)
      .replace(/^SocketGroup=.*$/m, `SocketGroup=${wishes.mailGroup}`);
  }
  return unit;
}
