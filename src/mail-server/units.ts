/** What systemd's units say of the LMTP service. Pure. */

export const SERVICE_UNIT = 'mlmmj-amime.service';
export const SOCKET_UNIT = 'mlmmj-amime.socket';

/** What a service's unit says of the lists; undefined where it does not. */
export interface UnitFacts {
  readonly user: string | undefined;
  readonly spool: string | undefined;
  /** The arguments of `serve`. */
  readonly args: readonly string[];
  /** A sandbox that lets the service write nothing but these; undefined where there is none. */
  readonly writable: readonly string[] | undefined;
}

/** The command that the service's unit starts: the key, the program, and `serve` with its arguments. */
export const SERVE_COMMAND = /^(ExecStart=)(\S*\/mlmmj-amime-receive)( serve\b.*)$/m;

/** Reads a service's unit, ours or one that was adapted. */
export function unitFacts(unit: string): UnitFacts {
  const last = (key: string) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].at(-1)?.[1]?.trim();
  const args = (SERVE_COMMAND.exec(unit)?.[3] ?? '').trim().split(/\s+/).slice(1);
  const at = args.findIndex((word) => /^--lists(?:=|$)/.test(word));
  const spool = at < 0 ? undefined : args[at]!.includes('=') ? args[at]!.split('=')[1] : args[at + 1];
  const strict = last('ProtectSystem') === 'strict';
  const paths = [...unit.matchAll(/^ReadWritePaths=(.*)$/gm)].flatMap((match) => match[1]!.split(/\s+/));
  return {
    user: last('User') || undefined,
    spool: spool?.replaceAll('%%', '%'),
    args: args.map((word) => word.replaceAll('%%', '%')),
    writable: strict
      ? paths.filter((path) => path !== '').map((path) => path.replace(/^[-+]+/, ''))
      : undefined,
  };
}
