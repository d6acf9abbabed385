import { contentSplice } from '../footer/content-splice.ts';
import { PartNumbers } from '../footer/part-numbers.ts';
import { bodyKind } from '../footer/part-traits.ts';
import { latin1 } from '../mime/bytes.ts';
import { charsetNamed } from '../mime/charset.ts';
import { isKnownEncoding, type PartHeader } from '../mime/part-header.ts';
import { Scanner } from '../mime/scanner.ts';
import type { Token } from '../mime/tokens.ts';

/** A text part as a reader would show it. */
export interface ShownText {
  /** As IMAP numbers the parts of the message it was read from. */
  readonly number: string;
  readonly mediaType: 'text/plain' | 'text/html';
  readonly text: string;
  /** There is more of it than is shown. */
  readonly cut: boolean;
}

/** Bytes as they are encoded. A page with more is no use, and memory must not grow with the message. */
const TEXT_LIMIT = 256 * 1024;
const TEXTS_LIMIT = 20;

/** A text part while its content goes by. */
interface Collected {
  readonly header: PartHeader;
  readonly number: string;
  readonly pieces: Buffer[];
  length: number;
}

/** Collects the texts that a reader shows from a message that streams by. */
export class ShownTexts {
  readonly texts: ShownText[] = [];
  readonly #scanner = new Scanner((token) => this.#take(token));
  readonly #numbers = new PartNumbers();
  #part: Collected | undefined;

  /** @param chunk not kept beyond the call */
  write(chunk: Uint8Array): void {
    this.#scanner.write(chunk);
  }

  end(): void {
    this.#scanner.end();
  }

  #take(token: Token): void {
    if (token.type === 'header-end') {
      const number = this.#numbers.began(token.header);
      const wanted = bodyKind(token.header) !== undefined && this.texts.length < TEXTS_LIMIT;
      this.#part = wanted ? { header: token.header, number, pieces: [], length: 0 } : undefined;
    } else if (token.type === 'body' && this.#part && this.#part.length <= TEXT_LIMIT) {
      this.#part.pieces.push(Buffer.from(token.bytes));
      this.#part.length += token.bytes.length;
    } else if (token.type === 'part-end') {
      if (token.of === 'multipart') this.#numbers.ended();
      else if (this.#part) this.#finish(this.#part);
      this.#part = undefined;
    }
  }

  #finish({ header, number, pieces, length }: Collected): void {
    const content = Buffer.concat(pieces).subarray(0, TEXT_LIMIT);
    const text = decoded(header, content).replaceAll('\r\n', '\n');
    const mediaType = header.mediaType as ShownText['mediaType'];
    this.texts.push({ number, mediaType, text, cut: length > TEXT_LIMIT });
  }
}

/** As well as it goes: a reader shows something in any case. */
function decoded(header: PartHeader, content: Buffer): string {
  const { transferEncoding, contentType } = header;
  const bytes = isKnownEncoding(transferEncoding)
    ? contentSplice(transferEncoding, '\n').decoder.decode(content, true).bytes
    : content;
  const label = contentType?.parameters.get('charset') ?? 'utf-8';
  const strict = charsetNamed(label)?.decode(bytes);
  if (strict !== undefined) return strict;
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}
