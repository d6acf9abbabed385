// The native program's compiler takes the tokenizer, and it says there what it says here.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HtmlTokenizer } from '../../src/html/tokenizer.ts';
import { htmlSoup } from '../helpers/html-soup.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const module = portableCode();

function onNode(html: Buffer, blockLength: number): number[] {
  const tokenizer = new HtmlTokenizer();
  const said: number[] = [];
  const say = () => {
    const { kind, start, end, element, selfClosing } = tokenizer;
    const style = tokenizer.findAttribute('style') ? tokenizer.valueEnd - tokenizer.valueStart : -1;
    said.push(kind, start, end, element, selfClosing ? 1 : 0, style);
  };
  for (let from = 0; from < html.length; from += blockLength) {
    const block = html.subarray(from, from + blockLength);
    tokenizer.feed(block, block.length);
    while (tokenizer.advance()) say();
  }
  if (tokenizer.finish()) say();
  return said;
}

function inWasm(html: Buffer, blockLength: number): number[] {
  const core = new WasmCore(module, 'html-tokens');
  core.write(core.call('input', html.length), html);
  const count = core.call('tokenize', blockLength);
  const said = core.read(core.call('output'), 4 * count);
  return Array.from({ length: count }, (_, i) => said.readInt32LE(4 * i));
}

it('finds the same tokens in both worlds', () => {
  fc.assert(
    fc.property(htmlSoup, fc.integer({ min: 1, max: 64 }), (soup, blockLength) => {
      const html = Buffer.from(soup, 'latin1');
      expect(inWasm(html, blockLength)).toEqual(onNode(html, blockLength));
    }),
    { numRuns: 200 },
  );
});

it('reads a tag that is longer than what is kept of it', () => {
  for (const filler of [0, 8000, 8180, 8192, 9000, 70_000]) {
    const html = Buffer.from(`<p style=a x="${'y'.repeat(filler)}" style=b hidden>text</p>`);
    for (const blockLength of [7, 4096, 100_000]) {
      expect(inWasm(html, blockLength)).toEqual(onNode(html, blockLength));
    }
  }
});
