/** What a mail log says became of posts: the lines that pipe(8) and the service write, counted by list and reason. */

/** One delivery, or one try of it, as a line of the log tells it. */
export interface LoggedDelivery {
  /** The list's address. */
  readonly list: string;
  /** `footer added: text/plain`, `no footer: …`, `deferred: …`, `bounced: …`, `refused: …`. */
  readonly result: string;
}

/** Reads one line; undefined where it tells of no delivery to a list. */
export function readLogLine(line: string): LoggedDelivery | undefined {
  return pipeLine(line) ?? serviceLine(line);
}

/** pipe(8): `… to=<news@example.org>, relay=mlmmj, …, status=sent (delivered via mlmmj service (footer added: …))`. */
const PIPE = /: to=<([^<>]*)>,.* relay=([^,\s]+),.* status=(\w+) \((.*)\)\s*$/;

/** What the program says on success, in whatever transport it runs. */
const OURS = /^(?:footer added|no footer)\b/;

function pipeLine(line: string): LoggedDelivery | undefined {
  const [, recipient = '', relay = '', status = '', text = ''] = PIPE.exec(line) ?? [];
  const said = new RegExp(`^delivered via ${escaped(relay)} service(?: \\((.*)\\))?$`).exec(text);
  if (recipient === '' || (relay !== 'mlmmj' && !OURS.test(said?.[1] ?? ''))) return undefined;
  const list = listOf(recipient);
  if (status === 'sent')
    return { list, result: plain(said?.[1] ?? 'delivered, and nothing said of footers') };
  const output = / Command output: (.*)$/.exec(text)?.[1] ?? text;
  return { list, result: plain(`${status}: ${output}`) };
}

function escaped(text: string): string {
  return text.replace(/[^\w-]/g, '\\$&');
}

/** `serve`: `… delivered session=… recipient=news@example.org … footer="footer added: text/plain" ms=12`. */
const SERVICE = /(?:^|[\s:])(delivered|deferred|refused|lost) (session=.*)$/;

function serviceLine(line: string): LoggedDelivery | undefined {
  const [, event, rest] = SERVICE.exec(line) ?? [];
  if (rest === undefined) return undefined;
  const values = new Map(
    [...rest.matchAll(/([\w-]+)=("(?:[^"\\]|\\.)*"|\S+)/g)].map((match) => [match[1]!, value(match[2]!)]),
  );
  const recipient = values.get('recipient');
  if (recipient === undefined) return undefined;
  const said = values.get('footer') ?? `${event}: ${values.get('reason') ?? 'for no reason that is told'}`;
  return { list: listOf(recipient), result: plain(said) };
}

function value(written: string): string {
  if (!written.startsWith('"')) return written;
  try {
    return String(JSON.parse(written));
  } catch {
    return written;
  }
}

/** Commands and bounces are their list's; `+` is what nearly everybody has for a delimiter. */
function listOf(recipient: string): string {
  return recipient.toLowerCase().replace(/^([^+@]+)\+[^@]*@/, '$1@');
}

/** Characters. Postfix cuts at much the same place. */
const RESULT_LIMIT = 120;

/** Without what differs from mail to mail, so that the same reason is the same text. */
function plain(result: string): string {
  return result
    .replace(/^(no footer: )\S+ (is a command|is a bounce address|is for the list's owner)/, '$1… $2')
    .replace(/"[^"]*"/g, '"…"')
    .slice(0, RESULT_LIMIT);
}

/** Lists, and reasons of one list, that are kept apart: recipients and reasons are what anybody sends. */
const LISTS_LIMIT = 20_000;
const RESULTS_LIMIT = 200;
const OTHERS = '(others)';

/** How often each thing became of each list's mail. */
export class DeliveryCounts {
  lines = 0;
  deliveries = 0;
  readonly #lists = new Map<string, Map<string, number>>();

  add(line: string): void {
    this.lines++;
    const delivery = readLogLine(line);
    if (delivery === undefined) return;
    this.deliveries++;
    const results = entry(this.#lists, delivery.list, LISTS_LIMIT, () => new Map<string, number>());
    const result = results.has(delivery.result) || results.size < RESULTS_LIMIT ? delivery.result : OTHERS;
    results.set(result, (results.get(result) ?? 0) + 1);
  }

  /** By list, the most frequent result first. @param wanted addresses; none for all */
  counted(wanted: readonly string[]): CountedList[] {
    const names = wanted.map((address) => address.toLowerCase());
    return [...this.#lists]
      .filter(([list]) => names.length === 0 || names.includes(list))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([list, results]) => ({
        list,
        results: [...results]
          .map(([result, count]) => ({ result, count }))
          .sort((one, other) => other.count - one.count || (one.result < other.result ? -1 : 1)),
      }));
  }
}

export interface CountedList {
  readonly list: string;
  readonly results: readonly { readonly result: string; readonly count: number }[];
}

function entry<Value>(map: Map<string, Value>, wanted: string, limit: number, fresh: () => Value): Value {
  const key = map.has(wanted) || map.size < limit ? wanted : OTHERS;
  let found = map.get(key);
  if (found === undefined) {
    found = fresh();
    map.set(key, found);
  }
  return found;
}
