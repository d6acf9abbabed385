import { fromLatin1, latin1 } from '../mime/bytes.ts';
import { QuotedPrintableEncoder } from '../mime/quoted-printable.ts';
import type { Follower } from '../mime/tokens.ts';
import type { Appendix } from './append-editor.ts';
import { textInsertion } from './compose.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { type EditResult, type Output, type PartEditor, skipped } from './part-editor.ts';
import { comparable } from './single-bytes.ts';

/**
 * Turns a 7bit text into quoted-printable while it streams by, and appends a footer that is not ASCII. Sending
 * 8bit instead would be easier, but a later hop that takes no 8-bit mail re-encodes it and so breaks the DKIM
 * signature that the list's host has put on.
 */
export class QuotingEditor implements PartEditor {
  readonly #appendix: Appendix;
  readonly #encoder: QuotedPrintableEncoder;
  readonly #eol: string;
  readonly #output: Output;
  readonly #tail: DecodedTail;

  constructor(appendix: Appendix, eol: string, output: Output) {
    this.#appendix = appendix;
    this.#encoder = new QuotedPrintableEncoder(eol);
    this.#eol = eol;
    this.#output = output;
    this.#tail = new DecodedTail(4 * appendix.lines.length + 1024);
  }

  write(raw: Uint8Array): void {
    this.#tail.push(raw);
    this.#output(fromLatin1(this.#encoder.write(latin1(raw))));
  }

  finish(commit: boolean, follower: Follower): EditResult {
    const result = commit ? this.#append(follower) : skipped('after the body');
    this.#output(fromLatin1(this.#encoder.end()));
    return result;
  }

  /** The header has said quoted-printable: what follows cannot go out unencoded any more. */
  abandon(): boolean {
    return false;
  }

  #append(follower: Follower): EditResult {
    const { lines, charset, format, transliterated } = this.#appendix;
    const footer = charset.encode(lines)!;
    if (endsWithFooter(comparable(this.#tail.bytes, charset), comparable(footer, charset))) {
      return skipped('already there');
    }
    const insertion = textInsertion(lines, textEnd(this.#tail.bytes), format, follower !== 'delimiter');
    const bytes = charset.encode(insertion.replaceAll('\n', this.#eol))!;
    this.#output(fromLatin1(this.#encoder.write(latin1(bytes))));
    return { added: true, transliterated };
  }
}
