import { fromLatin1, isAscii, LF, latin1 } from './bytes.ts';
import { codeTableOf, decodeStrictly, encodeByTable } from './charset-tables.ts';

/** A character set that text parts can be written in. */
export interface Charset {
  /** Lower case, as MIME names it. */
  readonly name: string;
  /** Bytes below 0x80 mean ASCII wherever they stand, so ASCII text can be added as it is. */
  readonly asciiCompatible: boolean;
  /** Everything that `encode` gives is 7-bit: such text can stay in a 7bit part. */
  readonly sevenBit: boolean;
  /** The text in this charset, or undefined where it cannot hold some character. */
  encode(text: string): Uint8Array | undefined;
  /** The bytes as text, or undefined where they are not valid in this charset. */
  decode(bytes: Uint8Array): string | undefined;
}

const utf8 = new TextEncoder();

export const UTF_8: Charset = {
  name: 'utf-8',
  asciiCompatible: true,
  sevenBit: false,
  encode: (text) => utf8.encode(text),
  decode: (bytes) => decodeStrictly('utf-8', bytes),
};

export const US_ASCII: Charset = {
  name: 'us-ascii',
  asciiCompatible: true,
  sevenBit: true,
  encode: (text) => (isAsciiText(text) ? fromLatin1(text) : undefined),
  decode: (bytes) => (isAscii(bytes) ? Buffer.from(bytes).toString('latin1') : undefined),
};

export function isAsciiText(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** Mail's names for charsets where they differ from the WHATWG Encoding Standard's, which TextDecoder goes by. */
const ALIASES: Readonly<Record<string, string>> = {
  ascii: 'us-ascii',
  us: 'us-ascii',
  '646': 'us-ascii',
  'iso646-us': 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  utf8: 'utf-8',
  latin1: 'iso-8859-1',
  l1: 'iso-8859-1',
  latin2: 'iso-8859-2',
  latin9: 'iso-8859-15',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  sjis: 'shift_jis',
  'x-sjis': 'shift_jis',
  'windows-31j': 'shift_jis',
  cp936: 'gbk',
  'x-gbk': 'gbk',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  'windows-949': 'euc-kr',
  ks_c_5601: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  ksc5601: 'euc-kr',
  cp950: 'big5',
  'x-big5': 'big5',
  'big5-hkscs': 'big5',
  eucjp: 'euc-jp',
  'x-euc-jp': 'euc-jp',
  euckr: 'euc-kr',
  'unicode-1-1-utf-7': 'utf-7',
  'x-user-defined': '',
};

/** The charset of a `charset=` parameter (any case, quotes tolerated), or undefined where nobody knows it. */
export function charsetNamed(label: string): Charset | undefined {
  const plain = label.trim().replace(/^'|'$/g, '').toLowerCase();
  const spelled = plain
    .replace(/^iso[-_ ]?8859[-_ ]?(\d+)(?:[-:].*)?$/, 'iso-8859-$1')
    .replace(/^(?:cp|win|windows)[-_]?(125\d)$/, 'windows-$1');
  const name = ALIASES[spelled] ?? spelled;
  if (name === 'us-ascii') return US_ASCII;
  if (name === 'utf-8' || name === 'unicode-1-1-utf-8') return UTF_8;
  if (name === 'utf-16le' || name === 'utf-16be') return utf16(name);
  if (name === 'utf-7') return UTF_7;
  if (name === 'iso-2022-jp') return ISO_2022_JP;
  const table = codeTableOf(name);
  if (!table) return undefined;
  return {
    name,
    asciiCompatible: true,
    sevenBit: false,
    encode: (text) => encodeByTable(text, table),
    decode: (bytes) => table.decode(bytes),
  };
}

/**
 * Unknown labels are taken to be supersets of ASCII, which is what readers do. These known ones are not: adding
 * ASCII bytes to them would damage the text, so such a part is left alone.
 */
export function excludesAscii(label: string): boolean {
  return /^(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs|unicode$|ebcdic|(?:cp|ibm|ibm-)?(?:037|273|277|278|28[045]|297|420|424|500|87[01]|1047|114[0-9])$|cs(?:unicode|ucs4))/i.test(
    label.trim(),
  );
}

/** `utf-16` without a byte order in its name: the byte-order mark tells, if there is one (RFC 2781 §4.3). */
export function utf16ByMark(firstBytes: Uint8Array): Charset | undefined {
  if (firstBytes[0] === 0xff && firstBytes[1] === 0xfe) return utf16('utf-16le');
  if (firstBytes[0] === 0xfe && firstBytes[1] === 0xff) return utf16('utf-16be');
  return undefined;
}

function utf16(name: 'utf-16le' | 'utf-16be'): Charset {
  return {
    name,
    asciiCompatible: false,
    sevenBit: false,
    encode: (text) => {
      const bytes = Buffer.from(text, 'utf16le');
      return name === 'utf-16le' ? bytes : bytes.swap16();
    },
    decode: (bytes) => decodeStrictly(name, bytes),
  };
}

/** RFC 2152. Only ever added to, at the end of a text, where its shift state is the initial one. */
const UTF_7: Charset = {
  name: 'utf-7',
  asciiCompatible: true,
  sevenBit: true,
  encode: (text) =>
    fromLatin1(text.replace(/\+|[^\0-\x7f]+/g, (run) => (run === '+' ? '+-' : utf7Shifted(run)))),
  decode: () => undefined,
};

function utf7Shifted(run: string): string {
  return `+${Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '')}-`;
}

/**
 * RFC 1468: JIS X 0208 between `ESC $ B` and `ESC ( B`, every line ending in ASCII. The codes are EUC-JP's with
 * the high bit off; its half-width katakana (0x8E) and JIS X 0212 (0x8F) have no place here.
 */
const ISO_2022_JP: Charset = {
  name: 'iso-2022-jp',
  asciiCompatible: true,
  sevenBit: true,
  encode: (text) => {
    const bytes: number[] = [];
    let shifted = false;
    for (const character of text) {
      const code = encodeByTable(character, codeTableOf('euc-jp')!);
      if (!code || code[0] === 0x8e || code[0] === 0x8f) return undefined;
      const wide = code.length === 2;
      if (wide !== shifted) bytes.push(0x1b, ...(wide ? [0x24, 0x42] : [0x28, 0x42]));
      shifted = wide;
      for (const byte of code) bytes.push(byte & 0x7f);
    }
    if (shifted) bytes.push(0x1b, 0x28, 0x42);
    return Uint8Array.from(bytes);
  },
  decode: (bytes) => (shiftedAtLineEnd(bytes) ? undefined : decodeStrictly('iso-2022-jp', bytes)),
};

/** Whether a line does not end in ASCII. Readers differ on what the next one begins in; so do Bun's and Node's. */
function shiftedAtLineEnd(bytes: Uint8Array): boolean {
  let start = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, start)) {
    if (endsShifted(bytes.subarray(start, lf))) return true;
    start = lf + 1;
  }
  return false;
}

/** Whether the last escape sequence of a text in ISO-2022-JP leads to anything but ASCII, or what is nearly that. */
export function endsShifted(text: Uint8Array): boolean {
  const last = text.lastIndexOf(0x1b);
  return last >= 0 && !/^\x1b\([BJ]/.test(latin1(text.subarray(last, last + 3)));
}
