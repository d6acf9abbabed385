// Transliteration in WebAssembly, of a text in UTF-8.
import { transliterate } from '../../src/footer/transliterate.ts';
import { decodeUtf8, utf8Of } from '../../src/mime/bytes.ts';

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

export function spell(): i32 {
  made = utf8Of(transliterate(decodeUtf8(given)!));
  return made.length;
}
