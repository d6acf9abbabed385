import {
  formatPipeArgs,
  type PipeArgs,
  parsePipeArgs,
  pipeAttribute,
  type Service,
} from '../mail-server/master-cf.ts';

/** What the operator asked for expressly; what is undefined stays as the existing transport has it. */
export interface TransportWishes {
  readonly program: string;
  readonly user: string | undefined;
  readonly spool: string | undefined;
  readonly mlmmjReceive: string | undefined;
  /** Directories of lists have capital letters, which the flags h and u would fold. */
  readonly capitals: boolean;
}

export type MergedTransport =
  | { readonly service: Service; readonly trouble: undefined }
  | { readonly service: undefined; readonly trouble: string };

/** Without these mlmmj takes commands, bounces and posts for one another (master.cf.snippet says why). */
const NEEDED_FLAGS = 'DORhu';

/** These make pipe(8) fold nexthop and user to lower case. */
const FOLDING_FLAGS = 'hu';

/** The programs that a transport of this name may run today; anything else is somebody else's transport. */
const PREDECESSORS = /(^|\/)mlmmj-(amime-)?receive$/;

/**
 * The existing transport with what is missing for us and nothing else changed: flags and null_sender are
 * added, the program in argv becomes ours, the arguments stay. User and spool change only where they were
 * asked for.
 */
export function mergeTransport(existing: Service, wishes: TransportWishes): MergedTransport {
  const pipe = parsePipeArgs(existing.args);
  const program = pipe.argv[0] ?? '';
  if (existing.fields[6] !== 'pipe' || !PREDECESSORS.test(program)) {
    return {
      service: undefined,
      trouble: `the service "mlmmj" in master.cf runs ${program || existing.fields[6]}: rename it or remove it`,
    };
  }
  const argv = mergeArgv(pipe.argv, wishes);
  const attributes = mergeAttributes(pipe, wishes);
  return { service: { ...existing, args: formatPipeArgs({ attributes, argv }) }, trouble: undefined };
}

function mergeAttributes(pipe: PipeArgs, { user, capitals }: TransportWishes): PipeArgs['attributes'] {
  const had = pipeAttribute(pipe, 'flags') ?? '';
  const needed = [...NEEDED_FLAGS].filter((flag) => !(capitals && FOLDING_FLAGS.includes(flag)));
  const flags = had + needed.filter((flag) => !had.includes(flag)).join('');
  const wanted: [string, string][] = [['flags', orderFlags(flags)]];
  if (user !== undefined && pipeAttribute(pipe, 'user')?.split(':')[0] !== user) wanted.push(['user', user]);
  // An administrator's own null_sender=something is left: mlmmj may have been taught to know it.
  if (pipeAttribute(pipe, 'null_sender') === undefined) wanted.push(['null_sender', '']);
  const merged = pipe.attributes.map(([name, value]) => {
    const change = wanted.find(([changed]) => changed === name);
    return [name, change ? change[1] : value] as const;
  });
  return [...merged, ...wanted.filter(([name]) => !merged.some(([there]) => there === name))];
}

/** Flags in the order in which people write them, so that ORhu becomes DORhu and not ORhuD. */
function orderFlags(flags: string): string {
  const known = [...'DFORXBhqu>.'];
  return [...new Set(flags)].sort((a, b) => known.indexOf(a) - known.indexOf(b)).join('');
}

function mergeArgv(existing: readonly string[], wishes: TransportWishes): readonly string[] {
  let argv = [wishes.program, ...existing.slice(1)];
  if (wishes.spool !== undefined) argv = argv.map((word) => withSpool(word, wishes.spool!));
  if (wishes.mlmmjReceive !== undefined && !argv.includes('--mlmmj-receive')) {
    argv.push('--mlmmj-receive', wishes.mlmmjReceive);
  }
  return argv;
}

/** `/var/vmail/mlmmj/${nexthop}` with another directory before the macro. */
function withSpool(word: string, spool: string): string {
  return word.replace(/^(-L)?\/.*?\/(?=\$\{?\(?nexthop)/, (_, option) => `${option ?? ''}${spool}/`);
}
