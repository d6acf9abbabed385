import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soup } from '../helpers/arbitrary-message.ts';
import { HugeSource, messages, scan, tokensAfterHugeAttachment } from '../helpers/scans.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const core = new WasmCore(portableCode(), 'scan');

function scanInCore(message: Uint8Array, width: number): string {
  let words = '';
  core.message = message;
  core.call('begin', message.length, width);
  while (core.call('advance', 1000) > 0) {
    words += core.read(core.call('output'), core.call('outputLength')).toString('latin1');
    core.call('collect');
  }
  return words;
}

const inNode = (message: Uint8Array) =>
  scan(message)
    .map((word) => `${word}\n`)
    .join('');

describe('Scanner in WebAssembly', () => {
  it('finds the same tokens and headers in every fixture', () => {
    for (const { name, bytes } of messages()) expect(scanInCore(bytes, 4096), name).toBe(inNode(bytes));
  });

  it('finds the same in any soup of bytes, through windows of any width', () => {
    fc.assert(
      fc.property(soup(), fc.constantFrom(64, 100, 65536), (message, width) => {
        expect(scanInCore(message, width)).toBe(inNode(message));
      }),
      { numRuns: 300 },
    );
  });

  it('has offsets beyond 4 GiB', () => {
    const size = 5 * 2 ** 30;
    const source = new HugeSource(size);
    const huge = new WasmCore(portableCode(), 'scan');
    huge.readMessage = (offset, into) => source.read(offset, into);
    huge.call('begin', size, 1 << 20);
    let last: string[] = [];
    while (huge.call('advance', 1000) > 0) {
      const words = huge.read(huge.call('output'), huge.call('outputLength')).toString('latin1');
      last = [...last, ...words.trimEnd().split('\n')].slice(-8);
    }
    expect(last).toEqual(tokensAfterHugeAttachment(size));
  });

  it('keeps to little memory, whatever the message is', () => {
    const parts = '--b\nContent-Type: text/plain; charset=utf-8\n\nHi\n'.repeat(100_000);
    const alternatives = '--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n--c--\n'.repeat(
      50_000,
    );
    const parameters = `--b\nContent-Type: a/b${';charset*1*=x'.repeat(2000)}\n\n`.repeat(200);
    const fields = `--b\n${'Content-Type: text/plain; charset=utf-8\n'.repeat(100_000)}\n`;
    const long = 'x'.repeat(30_000);
    const deep = Array.from(
      { length: 100 },
      (_, i) =>
        `--b${i || ''}\nContent-Type: multipart/mixed; boundary=b${i + 1}; a=${long}; name=${long}\n` +
        `Content-Disposition: ${long}; filename=${long.slice(4000)}\nContent-ID: ${long}\n\n`,
    ).join('');
    for (const body of [parts, alternatives, parameters, fields, deep]) {
      const small = new WasmCore(portableCode(), 'scan');
      small.message = Buffer.from(`Content-Type: multipart/mixed; boundary=b\n\n${body}`);
      small.call('begin', small.message.length, 65536);
      while (small.call('skip', 20) > 0) small.call('collect');
      expect(small.memorySize).toBeLessThan(4e6);
    }
  });
});
