import type { Placed, Reason } from '../footer/outcome.ts';
import { PartNumbers } from '../footer/part-numbers.ts';
import type { Witness } from '../footer/witness.ts';
import type { PartHeader } from '../mime/part-header.ts';

/** A part of the message, or one that is added. Strings that come from the message are as they came. */
export interface PartNode {
  /** As IMAP numbers the parts of the original message; undefined for a part that is added. */
  readonly number: string | undefined;
  readonly mediaType: string;
  readonly charset: string | undefined;
  readonly encoding: string | undefined;
  readonly disposition: string | undefined;
  /** A file name is given. */
  readonly named: boolean;
  /** Bytes of its content as it is encoded; of a multipart, those of all its parts' contents. */
  size: number;
  placed: Placed | undefined;
  reason: Reason | undefined;
  readonly parts: PartNode[];
}

/** A tree with more parts is shown up to here: nobody reads on, and memory must not grow with the message. */
const PARTS_LIMIT = 500;

/** Makes a tree of what a witness is told. */
export class PartTree implements Witness {
  readonly #numbers = new PartNumbers();
  readonly #open: (PartNode | undefined)[] = [];
  #root: PartNode | undefined;
  #latest: PartNode | undefined;
  #shown = 0;
  #count = 0;

  /** Undefined for a message of which nothing was seen. */
  get root(): PartNode | undefined {
    return this.#root;
  }

  /** How many parts the message has, those that are not shown included. */
  get count(): number {
    return this.#count;
  }

  get unshown(): number {
    return this.#count - this.#shown;
  }

  began(header: PartHeader): void {
    const number = this.#numbers.began(header);
    this.#count++;
    const node = this.#add(() => ({
      number,
      mediaType: header.mediaType,
      charset: header.contentType?.parameters.get('charset'),
      encoding: header.boundary === undefined ? header.transferEncoding : undefined,
      disposition: header.disposition || undefined,
      named: header.fileName !== '',
    }));
    if (node !== undefined) this.#shown++;
    this.#latest = node;
    if (header.boundary !== undefined) this.#open.push(node);
  }

  content(length: number): void {
    if (this.#latest && !this.#open.includes(this.#latest)) this.#latest.size += length;
    for (const node of this.#open) if (node) node.size += length;
  }

  ended(): void {
    this.#numbers.ended();
    this.#open.pop();
  }

  placed(placed: Placed): void {
    if (placed.manner !== 'beside') {
      if (this.#latest) this.#latest.placed = placed;
      return;
    }
    const added = this.#add(() => ({
      number: undefined,
      mediaType: placed.kind,
      charset: undefined,
      encoding: undefined,
      disposition: 'inline',
      named: false,
    }));
    if (added) added.placed = placed;
  }

  refused(reason: Reason): void {
    if (this.#latest) this.#latest.reason = reason;
  }

  #add(make: () => Omit<PartNode, 'size' | 'placed' | 'reason' | 'parts'>): PartNode | undefined {
    if (this.#shown >= PARTS_LIMIT) return undefined;
    const node: PartNode = { ...make(), size: 0, placed: undefined, reason: undefined, parts: [] };
    if (this.#open.length > 0) this.#open.at(-1)?.parts.push(node);
    else this.#root ??= node;
    return node;
  }
}

/** What is to be said of a part; undefined where its parts say it all. */
export type Verdict =
  | { readonly kind: 'footer'; readonly placed: Placed }
  | { readonly kind: 'left'; readonly reason: Reason }
  /** A text after which the body goes on: the footer comes at the body's end. */
  | { readonly kind: 'body' }
  /** Inside something that is left as it is. */
  | { readonly kind: 'inside' };

export function verdictOf(part: PartNode, insideLeft: boolean): Verdict | undefined {
  if (part.placed) return { kind: 'footer', placed: part.placed };
  if (part.reason) return { kind: 'left', reason: part.reason };
  if (insideLeft) return { kind: 'inside' };
  return part.mediaType === 'text/plain' || part.mediaType === 'text/html' ? { kind: 'body' } : undefined;
}

/** Whether nothing inside a part is touched: it is left as it is, or the footer stands around it. */
export function isLeft(part: PartNode): boolean {
  return part.reason !== undefined;
}
