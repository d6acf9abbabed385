// The charsets in WebAssembly. Each function takes a label, `labelLength` bytes, and what follows it in `input`.
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { decodeUtf8, latin1, utf8Of } from '../../src/mime/bytes.ts';
import { charsetByMark, charsetNamed, excludesAscii } from '../../src/mime/charset/charsets.ts';
import { Utf8Validator } from '../../src/mime/charset/utf-8.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);

export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function output(): usize {
  return made.dataStart;
}

export function collect(): void {
  __collect();
}

/** The charset's name in `output`; -1 where the label means nothing. */
export function named(): i32 {
  const charset = charsetNamed(latin1(given, 0, given.length));
  made = utf8Of(charset === null ? '' : charset.name);
  return charset === null ? -1 : made.length;
}

export function excludes(): boolean {
  return excludesAscii(latin1(given, 0, given.length));
}

export function isMarked(labelLength: i32): boolean {
  return charsetByMark(latin1(given, 0, labelLength), given.subarray(labelLength)) !== null;
}

export function decode(labelLength: i32, piece: i32): i32 {
  const charset = charsetNamed(latin1(given, 0, labelLength))!;
  const decoder = charset.decoder();
  if (decoder === null) return -1;
  const text = new ByteBuilder();
  for (let at = labelLength; at < given.length; at += piece) {
    if (!decoder.decode(given, at, min(at + piece, given.length), text)) return -1;
  }
  if (!decoder.end(text)) return -1;
  made = text.bytes();
  return made.length;
}

export function encode(labelLength: i32): i32 {
  const charset = charsetNamed(latin1(given, 0, labelLength))!;
  const bytes = charset.encode(decodeUtf8(given.subarray(labelLength))!);
  if (bytes === null) return -1;
  made = bytes;
  return made.length;
}

export function view(labelLength: i32, piece: i32): i32 {
  const view = charsetNamed(latin1(given, 0, labelLength))!.asciiView();
  const units = new ByteBuilder();
  const into = new Uint8Array(piece);
  for (let at = labelLength; at < given.length; at += piece) {
    const count = view.view(given, at, min(at + piece, given.length), into);
    units.addRange(into, 0, count);
  }
  made = units.bytes();
  return made.length;
}

export function resetAfter(labelLength: i32): i32 {
  made = charsetNamed(latin1(given, 0, labelLength))!.resetAfter(given.subarray(labelLength));
  return made.length;
}

/** 1 where all is UTF-8, 2 more where it has characters of several bytes. */
export function validate(piece: i32): i32 {
  const validator = new Utf8Validator();
  for (let at = 0; at < given.length; at += piece) {
    validator.push(given, at, min(at + piece, given.length));
  }
  return (validator.isWhole ? 1 : 0) + (validator.hasMultiByte ? 2 : 0);
}
