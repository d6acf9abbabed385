import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { latin1 } from '../../src/mime/bytes.ts';
import { Source } from '../../src/mime/source.ts';
import { Window } from '../../src/mime/window.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const core = portableCode();

/** A gigantic source of `a`, with a word somewhere in it; it can fail, or turn out to be cut. */
class SparseSource extends Source {
  reads = 0;
  fails = false;
  available: number;

  constructor(
    readonly size: number,
    readonly at: number,
    readonly word: string,
  ) {
    super();
    this.available = size;
  }

  override get failed(): boolean {
    return this.fails;
  }

  read(offset: number, into: Uint8Array): number {
    this.reads++;
    const length = this.fails ? 0 : Math.max(Math.min(into.length, this.available - offset), 0);
    for (let i = 0; i < length; i++) {
      const index = offset + i - this.at;
      into[i] = index >= 0 && index < this.word.length ? this.word.charCodeAt(index) : 0x61;
    }
    return length;
  }
}

type Step = readonly [what: number, byte: number, from: number, to: number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.nat(7), fc.constantFrom(0, 1, 0x0a, 0x2d), fc.integer({ min: -3, max: 520 }), fc.nat(520)),
  { minLength: 1, maxLength: 30 },
);

/** What a step finds in a window, and what it should. */
function look(window: Window, bytes: Buffer, [what, byte, from, to]: Step): [unknown, unknown] {
  const start = Math.max(from, 0);
  const range = bytes.subarray(start, Math.max(to, start));
  const first = range.indexOf(byte);
  const last = range.lastIndexOf(byte);
  const lf = bytes.indexOf(0x0a, start);
  switch (what) {
    case 0:
      return [window.byteAt(from), bytes[from] ?? -1];
    case 1:
      return [window.indexOf(byte, start, to), first < 0 ? -1 : start + first];
    case 2:
      return [window.lastIndexOf(byte, from, to), last < 0 ? -1 : start + last];
    case 3:
      return [window.endOfLine(start), lf < 0 ? bytes.length : lf + 1];
    case 4:
      return [Buffer.from(window.slice(start, to)).toString('hex'), range.toString('hex')];
    case 5: {
      const dash = bytes.subarray(0, Math.max(to, start)).indexOf('\n-', Math.max(start - 1, 0), 'latin1');
      return [window.indexOfDashedLine(start, to), dash < 0 || start >= to ? -1 : dash + 1];
    }
    case 6: {
      const into = Buffer.alloc(10);
      const length = window.copy(start, to, into);
      return [into.toString('hex', 0, length), range.subarray(0, 10).toString('hex')];
    }
    default: {
      const available = window.load(from);
      const index = window.indexOfOffset(from);
      const loaded = Buffer.from(window.memory.subarray(index, index + available)).toString('hex');
      if (available === 0) return [from >= 0 && from < bytes.length, false];
      return [loaded, bytes.toString('hex', from, from + available)];
    }
  }
}

describe('Window', () => {
  const message = fc
    .uint8Array({ maxLength: 500 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte % 13 === 12 ? 0x2d : byte % 12))));

  it('shows what the source holds, wherever it is moved to and whatever its width', () => {
    fc.assert(
      fc.property(message, fc.constantFrom(1, 64, 65, 100, 4096), steps, (bytes, width, made) => {
        const window = new Window(new BufferSource(bytes), width);
        for (const step of made) {
          const [found, expected] = look(window, bytes, step);
          expect(found, step.join()).toBe(expected);
        }
        expect(window.failed).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('shows the same in WebAssembly', () => {
    const inCore = new WasmCore(core, 'bytes');
    fc.assert(
      fc.property(message, steps, (bytes, made) => {
        inCore.message = bytes;
        inCore.call('open', bytes.length, 64);
        const window = new Window(new BufferSource(bytes), 64);
        for (const [, byte, from, to] of made) {
          const start = Math.max(from, 0);
          expect(inCore.call('byteAt', from)).toBe(window.byteAt(from));
          expect(inCore.call('indexInWindow', byte, start, to)).toBe(window.indexOf(byte, start, to));
          expect(inCore.call('lastIndexInWindow', byte, from, to)).toBe(window.lastIndexOf(byte, from, to));
          expect(inCore.call('dashedLine', start, to)).toBe(window.indexOfDashedLine(start, to));
          expect(inCore.call('endOfLine', start)).toBe(window.endOfLine(start));
          inCore.call('slice', start, to);
          const slice = inCore.read(inCore.call('output'), inCore.call('outputLength'));
          expect(slice.equals(window.slice(start, to))).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has offsets beyond 4 GiB', () => {
    const at = 2 ** 33 + 5;
    const window = new Window(new SparseSource(2 ** 33 + 100, at, 'word\n'), 64);
    expect(window.startsWith(at, 'word')).toBe(true);
    expect(window.startsWith(at, 'work')).toBe(false);
    expect(window.indexOf(0x77, at - 1000, at + 50)).toBe(at);
    expect(window.lastIndexOf(0x77, at - 1000, at + 50)).toBe(at);
    expect(window.endOfLine(at)).toBe(at + 5);
    expect(latin1(window.slice(at - 1, at + 5), 0, 6)).toBe('aword\n');
    expect(window.byteAt(2 ** 33 + 100)).toBe(-1);
  });

  it('reads a source once where it is read on from, forwards and backwards', () => {
    const source = new SparseSource(64 * 1024, -1, '');
    const window = new Window(source, 1024);
    expect(window.indexOf(0x62, 0, source.size)).toBe(-1);
    expect(source.reads).toBeLessThan(70);
    source.reads = 0;
    expect(window.lastIndexOf(0x62, 0, source.size)).toBe(-1);
    expect(source.reads).toBeLessThan(70);
  });

  it('finds nothing more once reading has failed, and asks no more', () => {
    for (const fail of ['failed', 'cut']) {
      const source = new SparseSource(2 ** 40, 2 ** 39, '\n');
      const window = new Window(source, 64);
      expect(window.byteAt(0)).toBe(0x61);
      if (fail === 'failed') source.fails = true;
      else source.available = 1000;
      expect(window.indexOf(0x0a, 100, source.size)).toBe(-1);
      expect(window.failed).toBe(true);
      expect(window.endOfLine(0)).toBe(source.size);
      expect(window.lastIndexOf(0x61, 0, source.size)).toBe(-1);
      expect(window.slice(5000, 6000).length).toBe(0);
      expect(window.byteAt(5000)).toBe(-1);
      expect(window.load(5000)).toBe(0);
      expect(source.reads).toBeLessThan(30);
    }
  });
});
