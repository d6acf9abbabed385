/**
 * A message taken apart with offsets: the judges' own view of MIME, on the whole message in memory and by recursion,
 * so that it shares neither code nor method with the streaming scanner it judges. Strict where RFC 2046 is; what it
 * makes of broken mail is only a guess, and the judges of broken mail do not ask it.
 */

export interface Field {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, comments kept, trimmed. */
  readonly value: string;
  /** Byte range with its line ending. */
  readonly start: number;
  readonly end: number;
}

export interface Entity {
  /** IMAP's part number; the root of a multipart message has the empty one, any other root is `1`. */
  readonly number: string;
  /** Lower case, `text/plain` where nothing usable is declared. */
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  /** Lower case, empty where not declared. */
  readonly encoding: string;
  readonly disposition: string;
  /** From either field, in any of the RFC 2231 forms; empty where there is none. */
  readonly filename: string;
  readonly fields: readonly Field[];
  /** Byte range of header, blank line and body; the line end before a boundary line is the boundary's. */
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly children: readonly Entity[];
  /** A multipart whose closing boundary is there. */
  readonly closed: boolean;
}

interface Line {
  readonly start: number;
  /** Without the line ending. */
  readonly textEnd: number;
  readonly end: number;
}

/** Takes a message apart. Never throws. Deep nesting is cut at 200 levels. */
export function dissect(message: Uint8Array): Entity {
  return new Dissection(Buffer.from(message.buffer, message.byteOffset, message.length)).root();
}

/** All entities of the tree, parents before children. */
export function* entities(root: Entity): Generator<Entity> {
  yield root;
  for (const child of root.children) yield* entities(child);
}

/** The entity that carries this number, as IMAP counts. */
export function partOf(root: Entity, number: string): Entity | undefined {
  for (const entity of entities(root)) if (entity.number === number) return entity;
  return undefined;
}

export function charsetOf(entity: Entity): string {
  return (entity.params.get('charset') ?? '').toLowerCase();
}

/** A parameterised field value: `text/plain; charset="utf-8"; name*0*=utf-8''a; name*1=b`. */
export function parseParameters(value: string): { value: string; params: Map<string, string> } {
  const pieces = splitOutsideQuotes(withoutComments(value));
  const params = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const [name = ''] = piece.slice(0, equals).trim().toLowerCase().split('*');
    let content = piece.slice(equals + 1).trim();
    if (content.startsWith('"'))
      content = content
        .slice(1)
        .replace(/"[^"]*$/, '')
        .replace(/\\(.)/g, '$1');
    if (name !== '') params.set(name, (params.get(name) ?? '') + content);
  }
  return { value: (pieces[0] ?? '').trim().toLowerCase(), params };
}

class Dissection {
  readonly #bytes: Buffer;
  readonly #lines: Line[] = [];
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    for (let start = 0; start < bytes.length; ) {
      const lineFeed = bytes.indexOf(0x0a, start);
      const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
      let textEnd = lineFeed < 0 ? end : lineFeed;
      if (textEnd > start && bytes[textEnd - 1] === 0x0d && lineFeed >= 0) textEnd--;
      this.#lines.push({ start, textEnd, end });
      start = end;
    }
  }

  root(): Entity {
    return this.#entity('', [], 'text/plain');
  }

  #text(line: Line): string {
    return this.#bytes.toString('latin1', line.start, line.textEnd);
  }

  #offset(): number {
    return this.#lines[this.#at]?.start ?? this.#bytes.length;
  }

  /** Reads from the current line up to the first line that is a boundary of `around` (not consumed) or the end. */
  #entity(number: string, around: readonly string[], standardType: string): Entity {
    const start = this.#offset();
    const fields = this.#fields(around);
    const contentType = parseParameters(fields.find((field) => field.name === 'content-type')?.value ?? '');
    const disposition = parseParameters(
      fields.find((field) => field.name === 'content-disposition')?.value ?? '',
    );
    const type = /^[^\s/]+\/[^\s/]+$/.test(contentType.value) ? contentType.value : standardType;
    const boundary = contentType.params.get('boundary') ?? '';
    const bodyStart = this.#offset();
    const children: Entity[] = [];
    let closed = false;
    if (type.startsWith('multipart/') && boundary !== '' && around.length < 200) {
      const inner = [...around, boundary];
      const childType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
      this.#skipTo(inner);
      while (this.#hits(boundary) === 'next') {
        this.#at++;
        const childNumber = `${number === '' ? '' : `${number}.`}${children.length + 1}`;
        children.push(this.#entity(childNumber, inner, childType));
      }
      if (this.#hits(boundary) === 'last') {
        closed = true;
        this.#at++;
      }
    }
    this.#skipTo(around);
    return {
      number: number === '' && !type.startsWith('multipart/') ? '1' : number,
      type,
      params: contentType.params,
      encoding: withoutComments(fields.find((f) => f.name === 'content-transfer-encoding')?.value ?? '')
        .trim()
        .toLowerCase(),
      disposition: disposition.value,
      filename: disposition.params.get('filename') ?? contentType.params.get('name') ?? '',
      fields,
      start,
      bodyStart,
      end: Math.max(bodyStart, this.#endBeforeBoundary()),
      children,
      closed,
    };
  }

  #endBeforeBoundary(): number {
    const next = this.#lines[this.#at];
    if (next === undefined) return this.#bytes.length;
    return this.#lines[this.#at - 1]?.textEnd ?? next.start;
  }

  #fields(around: readonly string[]): Field[] {
    const fields: Field[] = [];
    for (let line = this.#lines[this.#at]; line !== undefined; line = this.#lines[this.#at]) {
      const text = this.#text(line);
      if (text === '') {
        this.#at++;
        break;
      }
      if (this.#hitsAny(around)) break;
      const last = fields.at(-1);
      const field = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*)$/s.exec(text);
      if (/^[ \t]/.test(text) && last !== undefined) {
        fields[fields.length - 1] = { ...last, value: `${last.value} ${text.trim()}`.trim(), end: line.end };
      } else if (field !== null) {
        const name = (field[1] ?? '').toLowerCase();
        fields.push({ name, value: (field[2] ?? '').trim(), start: line.start, end: line.end });
      } else if (!(this.#at === 0 && text.startsWith('From '))) {
        break;
      }
      this.#at++;
    }
    return fields;
  }

  #skipTo(boundaries: readonly string[]): void {
    while (this.#at < this.#lines.length && !this.#hitsAny(boundaries)) this.#at++;
  }

  #hitsAny(boundaries: readonly string[]): boolean {
    const line = this.#lines[this.#at];
    if (line === undefined || this.#bytes[line.start] !== 0x2d) return false;
    return boundaries.some((boundary) => this.#hits(boundary) !== 'no');
  }

  #hits(boundary: string): 'no' | 'next' | 'last' {
    const line = this.#lines[this.#at];
    if (line === undefined || boundary === '') return 'no';
    const text = this.#text(line).replace(/[ \t]+$/, '');
    if (text === `--${boundary}`) return 'next';
    return text === `--${boundary}--` ? 'last' : 'no';
  }
}

function withoutComments(value: string): string {
  let out = '';
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const character = value[i] ?? '';
    if (character === '\\' && (quoted || depth > 0)) {
      if (depth === 0) out += character + (value[i + 1] ?? '');
      i++;
    } else if (character === '"' && depth === 0) {
      quoted = !quoted;
      out += character;
    } else if (character === '(' && !quoted) depth++;
    else if (character === ')' && !quoted && depth > 0) depth--;
    else if (depth === 0) out += character;
  }
  return out;
}

function splitOutsideQuotes(value: string): string[] {
  return value.match(/(?:"(?:\\.|[^"\\])*"?|[^;"])+|(?<=;)(?=;)/g) ?? [];
}
