// The tokenizer in WebAssembly: what it says of each token, in 32-bit numbers.
import { HtmlTokenizer } from '../../src/html/tokenizer.ts';

let given: Uint8Array = new Uint8Array(0);
let said: Uint8Array = new Uint8Array(0);
let count: i32 = 0;

export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function output(): usize {
  return said.dataStart;
}

/** @returns how many numbers there are: six for each token */
export function tokenize(blockLength: i32): i32 {
  const tokenizer = new HtmlTokenizer();
  said = new Uint8Array(4 * 6 * (given.length + 1));
  count = 0;
  for (let from = 0; from < given.length; from += blockLength) {
    const block = given.subarray(from, min(from + blockLength, given.length));
    tokenizer.feed(block, block.length);
    while (tokenizer.advance()) say(tokenizer);
  }
  if (tokenizer.finish()) say(tokenizer);
  return count;
}

function say(tokenizer: HtmlTokenizer): void {
  put(tokenizer.kind);
  put(i32(tokenizer.start));
  put(i32(tokenizer.end));
  put(tokenizer.element);
  put(tokenizer.selfClosing ? 1 : 0);
  put(tokenizer.findAttribute('style') ? tokenizer.valueEnd - tokenizer.valueStart : -1);
}

function put(value: i32): void {
  for (let i = 0; i < 4; i++) said[4 * count + i] = u8(value >> (8 * i));
  count++;
}

/** Tokens alone, for their price. */
export function countTokens(blockLength: i32): i32 {
  const tokenizer = new HtmlTokenizer();
  let tokens = 0;
  for (let from = 0; from < given.length; from += blockLength) {
    const block = given.subarray(from, min(from + blockLength, given.length));
    tokenizer.feed(block, block.length);
    while (tokenizer.advance()) tokens++;
  }
  return tokens;
}
