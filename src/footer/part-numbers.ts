import type { PartHeader } from '../mime/part-header.ts';

/** Counts parts as IMAP does (RFC 3501 §6.4.5): `1`, `2.1`; a multipart that is the message itself is ''. */
export class PartNumbers {
  /** Of each open multipart: its number, and how many parts have begun in it. */
  readonly #open: { readonly number: string; parts: number }[] = [];

  /** A part begins. @returns its number */
  began(header: PartHeader): string {
    const isMultipart = header.boundary !== undefined;
    const number = this.#open.length > 0 ? this.next() : isMultipart ? '' : '1';
    if (isMultipart) this.#open.push({ number, parts: 0 });
    return number;
  }

  /** The innermost open multipart has ended. */
  ended(): void {
    this.#open.pop();
  }

  /** The number of a part that comes now, in the innermost open multipart. */
  next(): string {
    const parent = this.#open.at(-1);
    if (parent === undefined) return '1';
    parent.parts++;
    return parent.number === '' ? String(parent.parts) : `${parent.number}.${parent.parts}`;
  }
}
