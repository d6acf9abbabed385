import { LF, latin1 } from './bytes.ts';
import { WINDOWS_1252_C1 } from './windows-1252.ts';

/**
 * Which bytes stand for which character, for the charsets that mail has inherited. The platform's TextDecoder
 * knows them all but has no encoder; its tables are turned round here, when a part first needs one. That costs
 * some milliseconds for the large Asian sets and nothing for everybody else.
 */
export interface CodeTable {
  /** Character to code: one, two or four bytes, big-endian in a number. ASCII is not in it. */
  readonly codes: ReadonlyMap<string, number>;
  /** The bytes as text, or undefined where they are not valid. */
  decode(bytes: Uint8Array): string | undefined;
  /** The planes above the basic one are there too, in GB 18030's order. */
  readonly supplementary?: boolean;
}

const SINGLE_BYTE =
  /^(?:iso-8859-(?:[1-9]|1[0-6])(?:-[ei])?|windows-125[0-8]|windows-874|tis-620|koi8-[ru]|ibm866|cp866|macintosh|x-mac-cyrillic)$/;

/**
 * The rows of each double-byte charset that its name promises. Decoders accept vendors' additions as well; what
 * is written keeps to the standard's own rows, so that strict readers show it too.
 */
const DOUBLE_BYTE: Readonly<
  Record<string, { decoder: string; lead: (byte: number) => boolean; trailFrom: number }>
> = {
  gb2312: { decoder: 'gbk', lead: (byte) => byte >= 0xa1 && byte <= 0xf7, trailFrom: 0xa1 },
  gbk: { decoder: 'gbk', lead: (byte) => byte >= 0x81 && byte <= 0xfe, trailFrom: 0x40 },
  gb18030: { decoder: 'gb18030', lead: (byte) => byte >= 0x81 && byte <= 0xfe, trailFrom: 0x40 },
  big5: { decoder: 'big5', lead: (byte) => byte >= 0xa1 && byte <= 0xf9, trailFrom: 0x40 },
  'euc-jp': { decoder: 'euc-jp', lead: isEucJpLead, trailFrom: 0xa1 },
  'euc-kr': { decoder: 'euc-kr', lead: (byte) => byte >= 0xa1 && byte <= 0xfd, trailFrom: 0xa1 },
  shift_jis: { decoder: 'shift_jis', lead: isJisLead, trailFrom: 0x40 },
};

/** JIS X 0208's rows, without the one that NEC filled. */
function isEucJpLead(byte: number): boolean {
  return (byte >= 0xa1 && byte <= 0xa8) || (byte >= 0xb0 && byte <= 0xf4);
}

/** JIS X 0208's rows, without those that NEC and IBM filled. */
function isJisLead(byte: number): boolean {
  return (byte >= 0x81 && byte <= 0x84) || (byte >= 0x88 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xea);
}

/**
 * Codes that Bun's and Node's tables give different characters, because vendors did, or that the standard of that name
 * leaves empty: which character a reader shows is anybody's guess, so none is written.
 */
function isDisputed(name: string, code: number): boolean {
  switch (name) {
    case 'gb2312':
      return isBetween(code, 0xa2a1, 0xa2aa) || isDisputed('gbk', code);
    case 'gbk':
      return (
        code === 0xa2e3 ||
        isBetween(code, 0xa6d9, 0xa6fe) ||
        isBetween(code, 0xa8bb, 0xa8c0) ||
        isBetween(code, 0xa989, 0xa995) ||
        code >= 0xfe00
      );
    case 'big5':
      return (
        isBetween(code, 0xa3c0, 0xa3fe) ||
        isBetween(code, 0xc6a1, 0xc8fe) ||
        code === 0xc969 ||
        code >= 0xf9d6
      );
    case 'euc-kr':
      return code === 0xa2e6 || code === 0xa2e7;
    case 'windows-1253':
      return code === 0xaa;
    case 'windows-1255':
      return code === 0xca;
    case 'koi8-u':
      return code === 0xae || code === 0xbe;
    case 'tis-620':
      return code === 0xa0;
    default:
      return false;
  }
}

function isBetween(code: number, first: number, last: number): boolean {
  return code >= first && code <= last;
}

/** Decoders put what no standard defines there: it means nothing to anybody else. */
const PRIVATE_USE = /[\ue000-\uf8ff]/;

const ISO_8859_16 =
  '\u00a0ĄąŁ€„Š§š©Ș«Ź\u00adźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ';

/** The upper halves that no TextDecoder is asked for: see windows-1252.ts, and some builds have no ISO 8859-16. */
function writtenOut(name: string): string | undefined {
  if (name === 'iso-8859-16') return REPLACEMENT.repeat(32) + ISO_8859_16;
  if (name !== 'windows-1252' && name !== 'iso-8859-1') return undefined;
  return WINDOWS_1252_C1 + String.fromCharCode(...Array.from({ length: 96 }, (_, i) => 0xa0 + i));
}

const REPLACEMENT = '\ufffd';

const tables = new Map<string, CodeTable | undefined>();

/** The table of a charset, by its lower-case name; undefined where it is none of these. */
export function codeTableOf(name: string): CodeTable | undefined {
  // What a message makes up is not remembered: a service would keep it for ever.
  if (!SINGLE_BYTE.test(name) && !Object.hasOwn(DOUBLE_BYTE, name)) return undefined;
  if (!tables.has(name)) tables.set(name, isDecodable(name) ? buildTable(name) : undefined);
  return tables.get(name);
}

/** There is no ISO 8859-12, and a runtime with little ICU data lacks others: those count as unknown. */
function isDecodable(name: string): boolean {
  if (writtenOut(name)) return true;
  try {
    return new TextDecoder(DOUBLE_BYTE[name]?.decoder ?? name) !== undefined;
  } catch {
    return false;
  }
}

function buildTable(name: string): CodeTable | undefined {
  if (SINGLE_BYTE.test(name)) return singleByteTable(name);
  const double = DOUBLE_BYTE[name];
  if (!double) return undefined;
  const codes = new Map<string, number>();
  addDoubleByteCodes(codes, name, double);
  if (name === 'gb18030') addFourByteCodes(codes);
  return {
    codes,
    supplementary: name === 'gb18030',
    decode: (bytes) => decodeStrictly(double.decoder, bytes),
  };
}

/**
 * A name of the ISO 8859 family, and TIS-620's, promises no character below 0xA0. Where such bytes stand all the same,
 * readers disagree whether they are Windows' quotes or nothing: such text is not valid here.
 */
function singleByteTable(name: string): CodeTable {
  const upperBytes = Uint8Array.from({ length: 0x80 }, (_, i) => 0x80 + i);
  const known = writtenOut(name) ?? new TextDecoder(name).decode(upperBytes);
  const upper = /^(?:iso-8859-|tis-620)/.test(name) ? REPLACEMENT.repeat(32) + known.slice(32) : known;
  const codes = new Map<string, number>();
  Array.from(upper).forEach((character, i) => {
    const isSure = character !== REPLACEMENT && !PRIVATE_USE.test(character) && !isDisputed(name, 0x80 + i);
    if (isSure) codes.set(character, 0x80 + i);
  });
  return { codes, decode: (bytes) => decodeUpperHalf(upper, bytes) };
}

function decodeUpperHalf(upper: string, bytes: Uint8Array): string | undefined {
  const text = latin1(bytes).replace(/[\x80-\xff]/g, (byte) => upper[byte.charCodeAt(0) - 0x80]!);
  return text.includes(REPLACEMENT) ? undefined : text;
}

/** The bytes as text, or undefined where they are not valid. `label` is one that TextDecoder knows. */
export function decodeStrictly(label: string, bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
    return label.startsWith('utf') || !PRIVATE_USE.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function addDoubleByteCodes(
  codes: Map<string, number>,
  name: string,
  { decoder, lead, trailFrom }: (typeof DOUBLE_BYTE)[string],
): void {
  const sequences: number[][] = [];
  for (let first = 0x81; first <= 0xfe; first++) {
    if (!lead(first)) continue;
    for (let second = trailFrom; second <= 0xfe; second++) sequences.push([first, second]);
  }
  addCodes(codes, name, decoder, sequences);
}

/** GB 18030's four-byte codes for the rest of the basic plane; the planes above follow by arithmetic. */
function addFourByteCodes(codes: Map<string, number>): void {
  addCodes(
    codes,
    'gb18030',
    'gb18030',
    Array.from({ length: 39_420 }, (_, i) => fourBytes(i)),
  );
}

/** All sequences in one call, each on a line of its own: one that is no character then spoils no other. */
function addCodes(
  codes: Map<string, number>,
  name: string,
  decoder: string,
  sequences: readonly number[][],
): void {
  const text = new TextDecoder(decoder).decode(joinedByLineEnds(sequences));
  text.split('\n').forEach((character, i) => {
    const isOne = character.length === 1 && character > '\x7f' && character !== REPLACEMENT;
    if (!isOne || PRIVATE_USE.test(character) || codes.has(character)) return;
    const code = asNumber(sequences[i]!);
    if (!isDisputed(name, code)) codes.set(character, code);
  });
}

function joinedByLineEnds(sequences: readonly number[][]): Uint8Array {
  const width = (sequences[0]?.length ?? 0) + 1;
  const bytes = new Uint8Array(sequences.length * width).fill(LF);
  sequences.forEach((sequence, i) => {
    bytes.set(sequence, i * width);
  });
  return bytes;
}

function fourBytes(index: number): number[] {
  const ten = Math.floor(index / 10);
  const thousand = Math.floor(ten / 126);
  return [0x81 + Math.floor(thousand / 10), 0x30 + (thousand % 10), 0x81 + (ten % 126), 0x30 + (index % 10)];
}

function asNumber(bytes: readonly number[]): number {
  return bytes.reduce((number, byte) => number * 0x100 + byte, 0);
}

/** GB 18030's index of U+10000. */
const SUPPLEMENTARY = 189_000;

/** The text in a charset's bytes, or undefined where a character is not in its table. */
export function encodeByTable(text: string, table: CodeTable): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) {
      bytes.push(point);
      continue;
    }
    const byRule = point > 0xffff && table.supplementary;
    const code = byRule ? asNumber(fourBytes(SUPPLEMENTARY + point - 0x10000)) : table.codes.get(character);
    if (code === undefined) return undefined;
    for (let shift = code > 0xffff ? 24 : code > 0xff ? 8 : 0; shift >= 0; shift -= 8)
      bytes.push((code >>> shift) & 0xff);
  }
  return Uint8Array.from(bytes);
}
