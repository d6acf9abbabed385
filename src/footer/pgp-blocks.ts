import { asBuffer, LF, latin1 } from '../mime/bytes.ts';

/** A line of a PGP armor (RFC 4880 §6.2). Only LF ends lines; for `^` and `$` a lone CR would, too. */
const ARMOR_LINE = /(?<![^\n])-----(BEGIN|END) PGP [A-Z0-9 ,/]+-----[ \t]*\r*(?![^\n])/g;

/** Longer than any armor line. */
const LINE_LIMIT = 100;

/** Watches a text for inline PGP: whether there is any, and whether its last block is closed. */
export class PgpBlocks {
  #unfinishedLine = '';
  #open = false;
  #seen = false;

  push(bytes: Uint8Array): void {
    const lineEnd = bytes.lastIndexOf(LF) + 1;
    const rest = latin1(bytes.subarray(lineEnd, lineEnd + LINE_LIMIT));
    if (lineEnd === 0) {
      this.#unfinishedLine = (this.#unfinishedLine + rest).slice(0, LINE_LIMIT);
      return;
    }
    if (this.#unfinishedLine.startsWith('-') || asBuffer(bytes).includes('-----')) {
      this.#read(this.#unfinishedLine + latin1(bytes.subarray(0, lineEnd)));
    }
    this.#unfinishedLine = rest;
  }

  end(): void {
    if (this.#unfinishedLine.startsWith('-')) this.#read(this.#unfinishedLine);
    this.#unfinishedLine = '';
  }

  get seen(): boolean {
    return this.#seen;
  }

  /** A block has begun and not ended: what is added now would stand inside it. */
  get open(): boolean {
    return this.#open;
  }

  #read(lines: string): void {
    for (const [, word] of lines.matchAll(ARMOR_LINE)) {
      this.#seen = true;
      this.#open = word === 'BEGIN';
    }
  }
}
