import { PartObserver } from '../insert/observer.ts';
import type { Placed, Reason } from '../insert/outcome.ts';
import { REASON_NAMES, type ReasonName } from '../insert/outcome-names.ts';
import { type PlacedFooter, placedFooter } from '../library/report.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { HeaderFields } from '../mime/header/header-fields.ts';
import { StructuredField } from '../mime/header/structured-field.ts';
import type { Part } from '../mime/part.ts';
import type { Source } from '../mime/source.ts';
import { Window } from '../mime/window.ts';

/** A part of the message, or one that is added. Strings that come from the message are as they came. */
export interface PartNode {
  /** As IMAP numbers the parts of the original message, '' for a multipart that is the message; null for a part that is added. */
  readonly number: string | null;
  readonly mediaType: string;
  readonly charset: string | null;
  readonly encoding: string | null;
  readonly disposition: string | null;
  /** A file name is given. */
  readonly named: boolean;
  /** Bytes of its content as it is encoded; of a multipart, those of all its parts' contents. */
  size: number;
  placed: PlacedFooter | null;
  reason: ReasonName | null;
  readonly parts: PartNode[];
}

/** A tree with more parts is shown up to here: nobody reads on, and memory must not grow with the message. */
const PARTS_LIMIT = 500;

/** For a look at a header. Bytes. */
const WINDOW_WIDTH = 4096;

/** Of the whole message, whichever part they come from. */
const WHOLE_MESSAGE: ReadonlySet<ReasonName> = new Set(['too many places', 'too much growth', 'trouble']);

const ENCODING_NAMES: Readonly<Record<Exclude<TransferEncoding, TransferEncoding.Unknown>, string>> = {
  [TransferEncoding.SevenBit]: '7bit',
  [TransferEncoding.EightBit]: '8bit',
  [TransferEncoding.Binary]: 'binary',
  [TransferEncoding.QuotedPrintable]: 'quoted-printable',
  [TransferEncoding.Base64]: 'base64',
};

/** A multipart that has not ended. */
interface OpenMultipart {
  /** Null where it is not shown. */
  readonly node: PartNode | null;
  size: number;
}

/** Makes a tree of what an observer is told. */
export class PartTree extends PartObserver {
  readonly #message: Source;
  readonly #nodes = new Map<string, PartNode>();
  readonly #open: OpenMultipart[] = [];
  #root: PartNode | null = null;
  #count = 0;

  constructor(message: Source) {
    super();
    this.#message = message;
  }

  /** Null for a message of which nothing was seen. */
  get root(): PartNode | null {
    return this.#root;
  }

  /** How many parts the message has, those that are not shown included. */
  get count(): number {
    return this.#count;
  }

  get unshown(): number {
    return this.#count - this.#nodes.size;
  }

  partStart(number: string, part: Part): void {
    this.#count++;
    const node = this.#nodes.size < PARTS_LIMIT ? this.#nodeOf(number, part) : null;
    if (node !== null) {
      this.#nodes.set(number, node);
      this.#root ??= node;
      this.#open.at(-1)?.node?.parts.push(node);
    }
    if (part.isMultipart) this.#open.push({ node, size: 0 });
  }

  partEnd(number: string, part: Part): void {
    const node = this.#nodes.get(number);
    const size = part.isMultipart ? this.#open.pop()!.size : part.bodyEnd - part.bodyStart;
    if (node !== undefined) node.size = size;
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.size += size;
  }

  placed(number: string, placed: Placed): void {
    const footer = placedFooter(placed);
    if (footer.manner === 'beside') return this.#addPart(number, footer);
    const node = footer.manner === 'around' ? this.#root : this.#nodes.get(number);
    if (node) node.placed = footer;
  }

  skipped(number: string, reason: Reason): void {
    const node = this.#nodes.get(number);
    if (node !== undefined) node.reason = REASON_NAMES[reason];
  }

  /** All or nothing: what was placed is not, as the message goes out unchanged. */
  withdrawFooters(): void {
    for (const node of this.#nodes.values()) {
      node.placed = null;
      for (let i = node.parts.length - 1; i >= 0; i--) {
        if (node.parts[i]!.number === null) node.parts.splice(i, 1);
      }
    }
  }

  /** Says a reason of the whole message at its root; others are their parts'. */
  noteWholeMessage(reason: ReasonName): void {
    if (this.#root !== null && WHOLE_MESSAGE.has(reason)) this.#root.reason = reason;
  }

  /** @param number of the part before it: `2.1`; `2.0` where it is the first in part 2 */
  #addPart(number: string, footer: PlacedFooter): void {
    const dot = number.lastIndexOf('.');
    const parent = this.#nodes.get(dot < 0 ? '0' : number.slice(0, dot));
    if (parent === undefined) return;
    const before = this.#nodes.get(number);
    const isFirst = number.slice(dot + 1) === '0';
    const at = isFirst ? 0 : before === undefined ? parent.parts.length : parent.parts.indexOf(before) + 1;
    parent.parts.splice(at, 0, {
      number: null,
      mediaType: footer.kind,
      charset: null,
      encoding: null,
      disposition: 'inline',
      named: false,
      size: 0,
      placed: footer,
      reason: null,
      parts: [],
    });
  }

  #nodeOf(number: string, part: Part): PartNode {
    const header = part.header!;
    return {
      number: number === '0' ? '' : number,
      mediaType: header.mediaType,
      charset: header.parameter('charset') || null,
      encoding: part.isMultipart ? null : this.#encodingOf(part),
      disposition: header.disposition || null,
      named: header.fileName !== '',
      size: 0,
      placed: null,
      reason: null,
      parts: [],
    };
  }

  #encodingOf(part: Part): string {
    const { transferEncoding } = part.header!;
    if (transferEncoding !== TransferEncoding.Unknown) return ENCODING_NAMES[transferEncoding];
    const fields = new HeaderFields(
      new Window(this.#message, WINDOW_WIDTH),
      part.headerStart,
      part.bodyStart,
    );
    while (fields.advance()) {
      if (fields.is('content-transfer-encoding') && !fields.isTooLong) {
        return new StructuredField(fields.body()).value || 'unknown';
      }
    }
    return 'unknown';
  }
}

/** What is to be said of a part; null where its parts say it all. */
export type Verdict =
  | { readonly kind: 'footer'; readonly placed: PlacedFooter }
  | { readonly kind: 'left'; readonly reason: ReasonName };

export function verdictOf(part: PartNode): Verdict | null {
  if (part.placed !== null) return { kind: 'footer', placed: part.placed };
  return part.reason === null ? null : { kind: 'left', reason: part.reason };
}
