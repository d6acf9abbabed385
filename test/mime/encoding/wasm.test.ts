import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Place } from '../../../src/mime/encoding/decoder.ts';
import type { TransferEncoding } from '../../../src/mime/encoding/transfer-encoding.ts';
import { type CoreModule, portableCode, WasmCore } from '../../helpers/wasm.ts';
import { CODED, Content, encoded } from './content.ts';

let module: CoreModule;
beforeAll(() => {
  module = portableCode();
});

/** The core's memory is not collected, so each test has one of its own. */
class Encoding {
  readonly #core = new WasmCore(module, 'encoding');

  decode(content: Content, width: number, blockSize: number, recodes: boolean): Buffer {
    const { encoding, message, start, end } = content;
    this.#core.message = message;
    this.#core.call('decode', encoding, start, end, message.length, width, blockSize, Number(recodes));
    return this.#output();
  }

  get isBroken(): boolean {
    return this.#core.call('isBroken') !== 0;
  }

  encode(encoding: TransferEncoding, bytes: Uint8Array, lineEnd: string, step: number): Buffer {
    this.#give(bytes);
    this.#core.call('encode', encoding, lineEnd.length, step);
    return this.#output();
  }

  put(content: Content, text: Uint8Array, width: number, offset: number, distance: number): object | null {
    const { encoding, lineEnd, message, start, end } = content;
    this.#core.message = message;
    this.#give(text);
    const numbers = [encoding, lineEnd.length, start, end, message.length, width, offset, distance];
    if (this.#core.call('put', ...numbers) === 0) return null;
    return {
      start: this.#core.call('editStart'),
      end: this.#core.call('editEnd'),
      bytes: this.#output(),
    };
  }

  #give(bytes: Uint8Array): void {
    this.#core.write(this.#core.call('input', bytes.length), bytes);
  }

  #output(): Buffer {
    return this.#core.read(this.#core.call('output'), this.#core.call('outputLength'));
  }
}

const pieces = fc.constantFrom(
  'QUJD',
  'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n',
  'words of text ',
  '=3D',
  '=c3=BC',
  '=\n',
  '= \t\r\n',
  '\n',
  '\r\n',
  '\r',
  '=',
  '=4',
  '--',
  '-',
  '.',
  ' ',
  '!',
  '\xe4',
  '\xff',
  '\0',
);
const bytes = fc
  .array(pieces, { maxLength: 80, size: 'max' })
  .map((all) => Buffer.from(all.join(''), 'latin1'));
const base64 = fc.uint8Array({ maxLength: 400, size: 'max' }).map((data) => {
  return Buffer.from(Buffer.from(data).toString('base64').replace(/.{60}/g, '$&\r\n'));
});
const lineEnds = fc.constantFrom('\n', '\r\n');

describe.each(CODED)('%s in WebAssembly', (_, encoding) => {
  const content = fc
    .tuple(fc.oneof(bytes, base64), lineEnds)
    .map(([raw, lineEnd]) => new Content(encoding, raw, lineEnd));

  it('is read as on Node', () => {
    const core = new Encoding();
    fc.assert(
      fc.property(
        content,
        fc.constantFrom(64, 100, 4096),
        fc.constantFrom(8, 11, 1000),
        (each, width, blockSize) => {
          expect(core.decode(each, width, blockSize, false)).toEqual(each.decoded({ width, blockSize }));
          expect(core.isBroken).toBe(each.isBroken(width));
          expect(core.decode(each, width, blockSize, true)).toEqual(each.decodedAnew({ width, blockSize }));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is written as on Node', () => {
    const core = new Encoding();
    fc.assert(
      fc.property(bytes, lineEnds, fc.integer({ min: 1, max: 200 }), (data, lineEnd, step) => {
        const cuts = Array.from({ length: Math.floor(data.length / step) }, (_, i) => (i + 1) * step);
        expect(core.encode(encoding, data, lineEnd, step)).toEqual(encoded(encoding, data, lineEnd, cuts));
      }),
      { numRuns: 200 },
    );
  });

  it('is added to as on Node', () => {
    const core = new Encoding();
    fc.assert(
      fc.property(
        content,
        bytes,
        fc.constantFrom(64, 4096),
        fc.integer({ min: -2, max: 500 }),
        (each, text, width, distance) => {
          const coding = each.coding(width);
          const edit =
            distance < 0
              ? coding.append(text, distance < -1)
              : coding.insert(new Place(each.start, distance), text);
          const expected = edit && { start: edit.start, end: edit.end, bytes: Buffer.from(edit.bytes) };
          expect(core.put(each, text, width, each.start, distance)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
