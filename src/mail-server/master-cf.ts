/**
 * One service of master.cf, as master(5) describes it. `fields` are the seven columns after the name; `args`
 * is what stands behind the command, on one line.
 */
export interface Service {
  readonly name: string;
  readonly fields: readonly string[];
  readonly args: string;
}

/** The columns that are shown as they are: type, private, unprivileged, chroot, wakeup, maxproc, command. */
const COLUMNS = 7;

/** Reads one logical line, as `postconf -M` prints it. */
export function parseService(line: string): Service {
  const words = line.trim().split(/\s+/);
  const name = words[0] ?? '';
  return { name, fields: words.slice(1, 1 + COLUMNS), args: words.slice(1 + COLUMNS).join(' ') };
}

/** The line for `postconf -M KEY=…`. */
export function formatService(service: Service): string {
  return [service.name, ...service.fields, ...(service.args === '' ? [] : [service.args])].join(' ');
}

/** How postconf names a service: `mlmmj/unix`. */
export function serviceKey(service: Service): string {
  return `${service.name}/${service.fields[0]}`;
}

/** The services of a master.cf text; comments are dropped, continuation lines joined. */
export function parseMasterCf(text: string): Service[] {
  const logical: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue;
    if (/^\s/.test(line) && logical.length > 0) logical[logical.length - 1] += ` ${line.trim()}`;
    else logical.push(line);
  }
  return logical.map(parseService);
}

/** `flags=DORhu`; a word that is no such pair, as `-o` and `-v` are, has no value. */
export type PipeAttribute = readonly [name: string, value: string | undefined];

/** A pipe(8) service's arguments: `flags=… user=… argv=…`, argv last and taking everything. */
export interface PipeArgs {
  /** Everything before argv, in order; a later value counts. */
  readonly attributes: readonly PipeAttribute[];
  readonly argv: readonly string[];
}

export function parsePipeArgs(args: string): PipeArgs {
  const at = args.search(/(^|\s)argv=/);
  const before = at < 0 ? args : args.slice(0, at);
  const after = at < 0 ? '' : args.slice(args.indexOf('argv=', at) + 'argv='.length);
  const attributes = splitWords(before).map((word) => {
    const equals = word.indexOf('=');
    return equals < 0
      ? ([word, undefined] as const)
      : ([word.slice(0, equals), word.slice(equals + 1)] as const);
  });
  return { attributes, argv: splitWords(after) };
}

export function formatPipeArgs(pipe: PipeArgs): string {
  const words = pipe.attributes.map(([name, value]) => (value === undefined ? name : `${name}=${value}`));
  return [...words, `argv=${pipe.argv.join(' ')}`].join(' ');
}

export function pipeAttribute(pipe: PipeArgs, wanted: string): string | undefined {
  return pipe.attributes.findLast(([name]) => name === wanted)?.[1];
}

/** Splits at blanks; what stands in braces stays together, braces and macros within them included. */
function splitWords(text: string): string[] {
  return text.match(/\{(?:[^{}]|\{[^{}]*\})*\}|\S+/g) ?? [];
}
