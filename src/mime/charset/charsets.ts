// The charsets by their labels. Each is made once, when a message first names it: there are not many.
import { Big5 } from './big5.ts';
import { Charset } from './charset.ts';
import { EucJp } from './euc-jp.ts';
import { EucKr } from './euc-kr.ts';
import { Gb, GbExtent } from './gb18030.ts';
import { Hz } from './hz.ts';
import { Iso2022Jp } from './iso-2022-jp.ts';
import { Iso2022Kr } from './iso-2022-kr.ts';
import { charsetName, excludesAscii, needsByteOrderMark } from './labels.ts';
import { ShiftJis } from './shift-jis.ts';
import { singleByteNamed } from './single-byte.ts';
import { UsAscii } from './us-ascii.ts';
import { Utf7 } from './utf-7.ts';
import { Utf8 } from './utf-8.ts';
import { Wide } from './wide.ts';

export { excludesAscii, needsByteOrderMark };

export const UTF_8: Charset = new Utf8();
export const US_ASCII: Charset = new UsAscii();

/** What a message makes up is not in it: a service would keep that for ever. */
const known = new Map<string, Charset>();

/**
 * The charset of a `charset` parameter: all labels of WHATWG's Encoding standard and of IANA's registry, and more that
 * mail has, in any spelling. Null where nobody knows it, and for UTF-16 and UTF-32 without a byte order in the name: see
 * charsetByMark.
 */
export function charsetNamed(label: string): Charset | null {
  const name = charsetName(label);
  if (known.has(name)) return known.get(name) as Charset;
  const charset = made(name);
  if (charset !== null) known.set(name, charset);
  return charset;
}

/**
 * The charset of a label that needsByteOrderMark, by the mark that the text begins with (RFC 2781 §4.3); null where it has
 * none. UTF-16's little-endian mark is also the beginning of UTF-32's: the label tells which it is.
 * @param firstBytes four of them, if there are so many
 */
export function charsetByMark(label: string, firstBytes: Uint8Array): Charset | null {
  const name = charsetName(label);
  if (name === 'utf-16') return utf16ByMark(firstBytes);
  return name === 'utf-32' ? utf32ByMark(firstBytes) : null;
}

function utf16ByMark(firstBytes: Uint8Array): Charset | null {
  if (firstBytes.length < 2) return null;
  if (firstBytes[0] === 0xff && firstBytes[1] === 0xfe) return charsetNamed('utf-16le');
  if (firstBytes[0] === 0xfe && firstBytes[1] === 0xff) return charsetNamed('utf-16be');
  return null;
}

function utf32ByMark(firstBytes: Uint8Array): Charset | null {
  if (firstBytes.length < 4) return null;
  const startsEmpty = firstBytes[0] === 0 && firstBytes[1] === 0;
  if (startsEmpty && firstBytes[2] === 0xfe && firstBytes[3] === 0xff) return charsetNamed('utf-32be');
  const endsEmpty = firstBytes[2] === 0 && firstBytes[3] === 0;
  if (endsEmpty && firstBytes[0] === 0xff && firstBytes[1] === 0xfe) return charsetNamed('utf-32le');
  return null;
}

function made(name: string): Charset | null {
  switch (name) {
    case '':
    case 'utf-16':
    case 'utf-32':
      return null;
    case 'utf-8':
      return UTF_8;
    case 'us-ascii':
      return US_ASCII;
    case 'utf-7':
      return new Utf7();
    case 'utf-16le':
    case 'utf-16be':
      return new Wide(name, 2, name === 'utf-16be');
    case 'utf-32le':
    case 'utf-32be':
      return new Wide(name, 4, name === 'utf-32be');
    case 'gb2312':
      return new Gb(name, GbExtent.Gb2312);
    case 'gbk':
      return new Gb(name, GbExtent.Gbk);
    case 'gb18030':
      return new Gb(name, GbExtent.Gb18030);
    case 'hz-gb-2312':
      return new Hz();
    case 'big5':
      return new Big5();
    case 'euc-jp':
      return new EucJp();
    case 'shift_jis':
      return new ShiftJis();
    case 'iso-2022-jp':
      return new Iso2022Jp();
    case 'euc-kr':
      return new EucKr();
    case 'iso-2022-kr':
      return new Iso2022Kr();
    default:
      return singleByteNamed(name);
  }
}
