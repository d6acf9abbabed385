import { fromLatin1, latin1 } from '../mime/bytes.ts';
import { QuotedPrintableEncoder } from '../mime/quoted-printable.ts';
import type { Follower } from '../mime/tokens.ts';
import type { Appendix } from './append-editor.ts';
import { textInsertion } from './compose.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { type EditResult, NOT_WANTED, type PartEditor, skipped } from './part-editor.ts';
import type { Passage } from './passage.ts';
import { PgpBlocks } from './pgp-blocks.ts';
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
  readonly #passage: Passage;
  readonly #tail: DecodedTail;
  readonly #pgp = new PgpBlocks();

  constructor(appendix: Appendix, eol: string, passage: Passage) {
    this.#appendix = appendix;
    this.#encoder = new QuotedPrintableEncoder(eol);
    this.#eol = eol;
    this.#passage = passage;
    this.#tail = new DecodedTail(4 * appendix.lines.length + 1024);
  }

  look(): void {
    const raw = this.#passage.waiting;
    this.#tail.push(raw);
    this.#pgp.push(raw);
    this.#passage.replace(raw.length, fromLatin1(this.#encoder.write(latin1(raw))));
  }

  finish(commit: boolean, follower: Follower): EditResult {
    const { charset, lines, transliterated } = this.#appendix;
    const footer = charset.encode(lines)!;
    this.#pgp.end();
    const isThere = endsWithFooter(
      comparable(this.#tail.bytes, charset),
      comparable(footer, charset),
      'text',
    );
    const obstacle = isThere ? 'already there' : this.#pgp.open ? 'unclosed pgp' : undefined;
    const insertion = commit && !obstacle ? this.#insertion(follower) : '';
    this.#passage.replace(0, fromLatin1(this.#encoder.write(insertion) + this.#encoder.end()));
    if (!commit) return NOT_WANTED;
    return obstacle ? skipped(obstacle) : { added: true, transliterated };
  }

  /** As latin1 characters. */
  #insertion(follower: Follower): string {
    const { lines, charset, format } = this.#appendix;
    const text = textInsertion(lines, textEnd(this.#tail.bytes), format, follower !== 'delimiter');
    return latin1(charset.encode(text.replaceAll('\n', this.#eol))!);
  }
}
