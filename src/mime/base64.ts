import { CR, EQUALS, HTAB, LF, latin1, NO_BYTES, SP } from './bytes.ts';
import { AT_ONCE, type Decoded, type TransferDecoder } from './transfer-decoder.ts';

/** RFC 2045 §6.8: encoded lines are at most 76 characters long. */
export const BASE64_LINE = 76;

/** Six bits for each character of the alphabet, SKIP for everything that RFC 2045 says to ignore. */
const SKIP = 0xff;
const SEXTETS = new Uint8Array(256).fill(SKIP);
for (let i = 0; i < 64; i++) {
  SEXTETS['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charCodeAt(i)] = i;
}

/**
 * Reads base64 in whole groups of four characters. A padded group, or one that the end cuts short, is only
 * consumed at the end: more text can be added there by writing that group again.
 */
export const BASE64: TransferDecoder = {
  decode(raw, final): Decoded {
    const groups = wholeGroups(raw);
    const rest = raw.subarray(groups.consumed);
    const bytes = Buffer.allocUnsafe(Math.ceil((rest.length * 3) / 4) + 3);
    let length = 0;
    let group = 0;
    let inGroup = 0;
    let consumed = 0;
    for (let i = 0; i < rest.length; i++) {
      const byte = rest[i]!;
      const sextet = SEXTETS[byte]!;
      if (sextet === SKIP) {
        if (byte === EQUALS) break;
        if (inGroup === 0) consumed = i + 1;
        continue;
      }
      group = (group << 6) | sextet;
      if (++inGroup < 4) continue;
      bytes[length++] = group >> 16;
      bytes[length++] = group >> 8;
      bytes[length++] = group;
      group = inGroup = 0;
      consumed = i + 1;
    }
    if (final) {
      if (inGroup === 3) group <<= 6;
      if (inGroup === 2) group <<= 12;
      if (inGroup >= 2) bytes[length++] = group >> 16;
      if (inGroup >= 3) bytes[length++] = group >> 8;
      consumed = rest.length;
    }
    const last = bytes.subarray(0, length);
    return { bytes: joined(groups.bytes, last), consumed: groups.consumed + consumed };
  },

  locate(raw, offset) {
    const alphabet = /[A-Za-z0-9+/]*/y;
    const others = /[^A-Za-z0-9+/]*/y;
    const text = latin1(raw);
    let characters = Math.floor(offset / 3) * 4;
    for (let at = endOf(others, text, 0); ; at = endOf(others, text, at)) {
      if (characters === 0 || at === raw.length) return { at, skip: offset % 3 };
      const taken = Math.min(endOf(alphabet, text, at) - at, characters);
      characters -= taken;
      at += taken;
    }
  },
};

/** Either is mostly empty, and the other is not copied. */
function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  return b.length === 0 ? a : Buffer.concat([a, b]);
}

function endOf(run: RegExp, text: string, at: number): number {
  run.lastIndex = at;
  run.test(text);
  return run.lastIndex;
}

/** The groups at the start of large and well-formed content, decoded at once by native code. */
function wholeGroups(raw: Uint8Array): Decoded {
  if (raw.length < AT_ONCE) return { bytes: NO_BYTES, consumed: 0 };
  const text = latin1(raw);
  return 'setFromBase64' in Uint8Array.prototype ? readAtOnce(text) : readInSteps(text);
}

/** In a quarter of the time and with less garbage; Node has it from version 25 on. */
function readAtOnce(text: string): Decoded {
  const padding = text.indexOf('=');
  const data = padding < 0 ? text : text.slice(0, padding);
  const bytes = Buffer.allocUnsafeSlow(Math.ceil((data.length * 3) / 4)) as Buffer & FromBase64;
  try {
    const { read, written } = bytes.setFromBase64(data, { lastChunkHandling: 'stop-before-partial' });
    return { bytes: bytes.subarray(0, written), consumed: read };
  } catch {
    // There is something else than the alphabet and white space.
    return { bytes: NO_BYTES, consumed: 0 };
  }
}

/** ECMAScript's, of 2026. */
interface FromBase64 {
  setFromBase64(
    text: string,
    options: { readonly lastChunkHandling: 'stop-before-partial' },
  ): { readonly read: number; readonly written: number };
}

function readInSteps(text: string): Decoded {
  if (/[^A-Za-z0-9+/\r\n]/.test(text)) return { bytes: NO_BYTES, consumed: 0 };
  const characters = text.replace(/[\r\n]+/g, '');
  const inLastGroup = characters.length % 4;
  let consumed = text.length;
  for (let left = inLastGroup; left > 0; ) if (SEXTETS[text.charCodeAt(--consumed)] !== SKIP) left--;
  return { bytes: Buffer.from(characters.slice(0, characters.length - inLastGroup), 'base64'), consumed };
}

/** How content that BASE64 has not consumed ends. */
export interface Base64End {
  /** The bytes of the last, incomplete group. */
  readonly bytes: Uint8Array;
  /** Offset behind the group's last character, padding included: line ends and blanks follow. */
  readonly end: number;
  /**
   * There is data behind the padding, a group of one character, or something that is neither base64 nor white
   * space: decoders disagree about what this says, and writing the group anew would lose some of it.
   */
  readonly broken: boolean;
}

/** @param raw what BASE64 has left unconsumed at the end of the content */
export function endOfBase64(raw: Uint8Array): Base64End {
  let characters = 0;
  let end = 0;
  let padded = false;
  let broken = false;
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]!;
    const isData = SEXTETS[byte] !== SKIP;
    if (!isData && byte !== EQUALS) {
      broken ||= byte !== SP && byte !== HTAB && byte !== CR && byte !== LF;
      continue;
    }
    if (isData && padded) broken = true;
    if (isData) characters++;
    else padded = true;
    end = i + 1;
  }
  return { bytes: BASE64.decode(raw, true).bytes, end, broken: broken || characters === 1 };
}

/** Whether the whole of some base64 content is broken at its end; reading it to there would lose what follows. */
export function isBrokenBase64(content: Uint8Array): boolean {
  return endOfBase64(content.subarray(BASE64.decode(content, false).consumed)).broken;
}

/**
 * Bytes as lines of base64 that go on a line already begun.
 * @param column how long that line is; @param width the longest line to write; no line end at the end
 */
export function encodeBase64(bytes: Uint8Array, column: number, width: number, eol: string): string {
  const encoded = Buffer.from(bytes).toString('base64');
  if (encoded === '') return '';
  const room = Math.max(0, Math.floor((width - column) / 4) * 4);
  const lines = room > 0 ? [encoded.slice(0, room)] : [''];
  const step = Math.max(4, Math.floor(width / 4) * 4);
  for (let i = room; i < encoded.length; i += step) lines.push(encoded.slice(i, i + step));
  return lines.join(eol);
}
