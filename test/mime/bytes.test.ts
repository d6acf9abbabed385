import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import {
  asciiLower,
  bytesOf,
  copyBytes,
  decodeUtf8,
  equal,
  indexOf,
  isAscii,
  lastIndexOf,
  latin1,
  trimmed,
  trimmedEnd,
  utf8Of,
} from '../../src/mime/bytes.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const core = new WasmCore(portableCode(), 'bytes');

/** What a function of the core makes of these bytes. */
function inCore(name: string, bytes: Uint8Array): { result: number; output: Buffer } {
  core.write(core.call('input', bytes.length), bytes);
  const result = core.call(name);
  return { result, output: core.read(core.call('output'), core.call('outputLength')) };
}

describe('searches', () => {
  const place = fc.record({
    bytes: fc.uint8Array({ maxLength: 300, max: 3 }),
    byte: fc.nat(3),
    from: fc.nat(310),
    to: fc.nat(310),
  });

  it('find a byte in a range, as V8 does', () => {
    fc.assert(
      fc.property(place, ({ bytes, byte, from, to }) => {
        const range = Buffer.from(bytes).subarray(0, to);
        const first = range.indexOf(byte, from);
        const last = range.subarray(Math.min(from, to)).lastIndexOf(byte);
        const expectedLast = last < 0 ? -1 : Math.min(from, to) + last;
        expect(indexOf(bytes, byte, from, to)).toBe(from < range.length ? first : -1);
        expect(lastIndexOf(bytes, byte, from, to)).toBe(from < range.length ? expectedLast : -1);
        core.write(core.call('input', bytes.length), bytes);
        expect(core.call('find', byte, from, to)).toBe(indexOf(bytes, byte, from, to));
        expect(core.call('findLast', byte, from, to)).toBe(lastIndexOf(bytes, byte, from, to));
      }),
    );
  });

  it('works on a view into other memory', () => {
    const memory = Buffer.from(`x${'a'.repeat(100)}x${'a'.repeat(100)}x`);
    const view = new Uint8Array(memory.buffer, memory.byteOffset + 1, 150);
    expect(indexOf(view, 0x78, 0, 150)).toBe(100);
    expect(indexOf(view, 0x78, 0, 100)).toBe(-1);
    expect(indexOf(view, 0x78, 101, 150)).toBe(-1);
  });
});

describe('strings', () => {
  const bytes = fc.uint8Array({ maxLength: 100 });

  it('are bytes and back', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = latin1(given, 0, given.length);
        expect(text).toBe(Buffer.from(given).toString('latin1'));
        expect(Buffer.from(bytesOf(text)).equals(Buffer.from(given))).toBe(true);
        const { output } = inCore('throughLatin1', given);
        expect(output.equals(Buffer.from(bytesOf(asciiLower(text))))).toBe(true);
      }),
    );
    expect(latin1(bytesOf('abcdef'), 2, 4)).toBe('cd');
    expect(latin1(bytesOf('abc'), 2, 2)).toBe('');
  });

  it('have no other letters in lower case than those of ASCII', () => {
    expect(asciiLower('ABZ[@İÄ\u212a\u{10400}z')).toBe('abz[@İÄ\u212a\u{10400}z');
    expect(trimmed(' \t\r\na b\xa0\n ')).toBe('a b\xa0');
    expect(trimmed('\n \n')).toBe('');
    expect(trimmedEnd(bytesOf('a \r\n\t'), 0, 5)).toBe(1);
    expect(trimmedEnd(bytesOf('a \r\n\t'), 1, 5)).toBe(1);
    expect(isAscii(bytesOf('ab\x80'), 0, 2)).toBe(true);
    expect(isAscii(bytesOf('ab\x80'), 0, 3)).toBe(false);
    expect(equal(bytesOf('ab'), bytesOf('ab'))).toBe(true);
    expect(equal(bytesOf('ab'), bytesOf('abc'))).toBe(false);
    expect(equal(bytesOf('ab'), bytesOf('ac'))).toBe(false);
  });

  it('are UTF-8 as TextEncoder writes it, half pairs included', () => {
    const unit = fc.constantFrom(
      'a',
      '\x7f',
      '\x80',
      '\u07ff',
      '\u0800',
      '\ud800',
      '\udbff',
      '\udc00',
      '\uffff',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const expected = Buffer.from(new TextEncoder().encode(text));
        expect(Buffer.from(utf8Of(text)).equals(expected)).toBe(true);
        const { output } = inCore('utf16ToUtf8', Buffer.from(text, 'utf16le'));
        expect(output.equals(expected)).toBe(true);
      }),
    );
  });

  it('are read from UTF-8 as strictly as TextDecoder reads it', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const piece = fc.constantFrom(
      ...[
        '61',
        '7f',
        'c3a4',
        'e282ac',
        'efbbbf',
        'f09f9880',
        'f48fbfbf',
        'c2',
        'c1bf',
        'c080',
        'e08080',
        'e0a080',
      ],
      ...['eda080', 'ed9fbf', 'f0808080', 'f4908080', 'f5', 'ff', '80', 'bf', 'e282', 'f09f98'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const given = Buffer.from(pieces.join(''), 'hex');
        let expected: string | null = null;
        try {
          expected = strict.decode(given);
        } catch {}
        expect(decodeUtf8(given)).toBe(expected);
        const { result, output } = inCore('throughUtf8', given);
        expect(result).toBe(expected === null ? -1 : expected.length);
        if (expected !== null) expect(output.equals(given)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('ByteBuilder', () => {
  it('holds what was added, in its own memory', () => {
    const builder = new ByteBuilder();
    builder.add(0x161);
    builder.addText('bc');
    builder.addRange(bytesOf('xdefx'), 1, 4);
    builder.addBytes(bytesOf('g'.repeat(1000)));
    expect(latin1(builder.bytes(), 0, 7)).toBe('abcdefg');
    expect(builder.length).toBe(1006);
    expect(builder.data.length).toBeGreaterThanOrEqual(1006);
    builder.truncate(3);
    builder.truncate(10);
    expect(latin1(builder.bytes(), 0, builder.length)).toBe('abc');
    const memory = builder.data;
    builder.clear();
    expect(builder.length).toBe(0);
    expect(builder.data).toBe(memory);
    expect(builder.bytes().length).toBe(0);
  });

  it('does the same in WebAssembly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (given) => {
        const { output } = inCore('build', given);
        expect(output.equals(Buffer.concat([given, given]))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('copies nothing beyond either end', () => {
    const into = new Uint8Array(4);
    for (const [from, to, at] of [
      [-1, 1, 0],
      [0, 5, 0],
      [0, 2, 3],
      [0, 1, -1],
      [0, 1, 4],
    ] as const) {
      expect(() => copyBytes(bytesOf('abcd'), from, to, into, at)).toThrow(RangeError);
    }
    copyBytes(bytesOf('abcd'), 3, 2, into, 9);
    copyBytes(bytesOf('abcd'), 1, 3, into, 2);
    expect([...into]).toEqual([0, 0, 0x62, 0x63]);
  });
});
