// Texts as this program reads them, and as others do: the standard's implementation in JavaScript, Node, Python.
import { execFileSync } from 'node:child_process';
import { createMultibyteDecoder } from '@exodus/bytes/multi-byte.js';
import { createSinglebyteDecoder } from '@exodus/bytes/single-byte.js';
import { ByteBuilder } from '../../../src/mime/byte-builder.ts';
import { charsetNamed } from '../../../src/mime/charset/charsets.ts';

const text = new ByteBuilder();

/** The text, given in pieces of this size; null where it is not certain. */
export function decoded(label: string, bytes: Uint8Array, piece: number = bytes.length): string | null {
  const decoder = charsetNamed(label)!.decoder()!;
  text.clear();
  for (let at = 0; at < bytes.length; at += piece)
    if (!decoder.decode(bytes, at, Math.min(at + piece, bytes.length), text)) return null;
  return decoder.end(text) ? Buffer.from(text.bytes()).toString('utf8') : null;
}

export function encoded(label: string, text: string): Uint8Array | null {
  return charsetNamed(label)!.encode(text);
}

export const SINGLE_BYTE = [
  'us-ascii',
  'ibm866',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((n) => `iso-8859-${n}`),
  'tis-620',
  'koi8-r',
  'koi8-u',
  'macintosh',
  'x-mac-cyrillic',
  'windows-874',
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => `windows-125${n}`),
];

export const MULTI_BYTE = ['gb2312', 'gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr'];

/** The encoding of the standard that a charset is read as. */
const READ_AS: Readonly<Record<string, string>> = {
  'us-ascii': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  gb2312: 'gbk',
};

const PRIVATE_USE = /[\ue000-\uf8ff]/;
const C1 = /[\x80-\x9f]/;

/**
 * The standard's reader, where what it reads is certain: not what is private use, nor control characters above ASCII in
 * what never had any, nor anything above ASCII in US-ASCII.
 */
export function standardReader(charset: string): (bytes: Uint8Array) => string | null {
  const name = READ_AS[charset] ?? charset;
  const make = SINGLE_BYTE.includes(charset) ? createSinglebyteDecoder : createMultibyteDecoder;
  const decode = make(name as never, true);
  const decodeStrictly = make(name as never, false);
  const hasNoC1 = /^(?:iso-8859-(?!1$)|tis-620)/.test(charset);
  return (bytes) => {
    if (charset === 'us-ascii' && bytes.some((byte) => byte > 0x7f)) return null;
    if (hasNoC1 && bytes.some((byte) => byte > 0x7f && byte < 0xa0)) return null;
    const text = decode(bytes);
    // The replacement character itself is in GB 18030.
    if (charset === 'gb18030' && text === '\ufffd' && bytes.length === 4)
      return textOrNull(decodeStrictly, bytes);
    return certain(text, hasNoC1);
  };
}

function textOrNull(decode: (bytes: Uint8Array) => string, bytes: Uint8Array): string | null {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

/** Node's, by ICU. */
export function nodeReader(charset: string): (bytes: Uint8Array) => string | null {
  const decoder = new TextDecoder(READ_AS[charset] ?? charset, { ignoreBOM: true });
  return (bytes) => certain(decoder.decode(bytes), false);
}

function certain(text: string, hasNoC1: boolean): string | null {
  const isCertain = !text.includes('\ufffd') && !PRIVATE_USE.test(text) && !(hasNoC1 && C1.test(text));
  return isCertain ? text : null;
}

/** Python's codecs, for many texts at once: it takes longer to start than to read them. */
export function pythonDecoded(
  codecs: readonly (readonly [codec: string, texts: readonly Uint8Array[]])[],
): (string | null)[][] {
  const program = `
import json, sys
def decoded(text, codec):
    try:
        return bytes.fromhex(text).decode(codec)
    except UnicodeDecodeError:
        return None
print(json.dumps([[decoded(text, codec) for text in texts.split(' ')] for codec, texts in json.load(sys.stdin)]))
`;
  const input = JSON.stringify(
    codecs.map(([codec, texts]) => [
      codec,
      texts.map((bytes) => Buffer.from(bytes).toString('hex')).join(' '),
    ]),
  );
  return JSON.parse(
    execFileSync('python3', ['-c', program], { input, encoding: 'utf8', maxBuffer: 2 ** 28 }),
  );
}

/** All texts of one byte; where characters have several, also those of two of which the first is not ASCII. */
export function shortTexts(charset: string): Uint8Array[] {
  const texts = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  if (SINGLE_BYTE.includes(charset)) return texts;
  for (let first = 0x80; first < 256; first++)
    for (let second = 0; second < 256; second++) texts.push(Uint8Array.of(first, second));
  return texts;
}
