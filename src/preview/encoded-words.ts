import { charsetText } from './charset-text.ts';

/** `=?charset?encoding?text?=` (RFC 2047 §2), with RFC 2231's language. QUIRK: blanks inside, as many programs write them. */
const ENCODED_WORD = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BQbq])\?([^?]*)\?=/g;
/** Blanks between two encoded words are no text (RFC 2047 §6.2). */
const BETWEEN = /(\?=)\s+(?==\?[^?\s]+\?[BQbq]\?)/g;

/**
 * The body of a header field as text. QUIRK: bytes beyond ASCII are read as UTF-8 (RFC 6532), else as a reader would
 * that has to guess.
 *
 * @param body raw bytes, still folded
 */
export function decodeEncodedWords(body: Uint8Array): string {
  const raw = Buffer.from(body).toString('latin1').replace(/\r?\n/g, '').replace(BETWEEN, '$1');
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of raw.matchAll(ENCODED_WORD)) {
    const [word, charset, encoding, text] = match;
    addPiece(pieces, '', Buffer.from(raw.slice(at, match.index), 'latin1'));
    addPiece(pieces, charset!.toLowerCase(), decoded(encoding!, text!));
    at = match.index + word.length;
  }
  addPiece(pieces, '', Buffer.from(raw.slice(at), 'latin1'));
  return pieces.map(({ bytes, charset }) => charsetText(bytes, charset)).join('');
}

interface Piece {
  readonly charset: string;
  bytes: Buffer;
}

/** QUIRK: words that follow each other cut characters in two, though they must not (RFC 2047 §5). */
function addPiece(pieces: Piece[], charset: string, bytes: Buffer): void {
  const last = pieces.at(-1);
  if (bytes.length === 0) return;
  if (last?.charset === charset) last.bytes = Buffer.concat([last.bytes, bytes]);
  else pieces.push({ charset, bytes });
}

function decoded(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64');
  const bytes = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
