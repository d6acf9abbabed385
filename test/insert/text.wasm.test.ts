// The native program's compiler takes the planner of texts, and its plans are the same there as here.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { describeOwnPart, describeText } from '../asc/text-plan.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';
import { DEPTH, FOOTERS, textMessage } from './arbitrary-text.ts';

const LONG = 60_000 * DEPTH;

const module = portableCode();

function inWasm(name: string, message: Uint8Array, width: number, footer: Buffer, choice: number): string {
  const core = new WasmCore(module, 'text-plan');
  core.message = message;
  core.write(core.call('input', footer.length), footer);
  const length = core.call(name, message.length, width, choice);
  return core.read(core.call('output'), length).toString('latin1');
}

function expectTheSame(message: Uint8Array, width: number, text: string, avoidsUnencoded: boolean): void {
  const footer = Buffer.from(text);
  const here = describeText(new BufferSource(message), width, footer, avoidsUnencoded);
  expect(inWasm('planText', message, width, footer, avoidsUnencoded ? 1 : 0)).toBe(
    Buffer.from(here).toString('latin1'),
  );
}

describe('in both worlds', () => {
  it(
    'generated texts get the same plan',
    () => {
      const width = fc.integer({ min: 64, max: 300 });
      fc.assert(
        fc.property(
          textMessage,
          fc.constantFrom(...FOOTERS),
          width,
          fc.boolean(),
          (message, footer, width, avoidsUnencoded) => expectTheSame(message, width, footer, avoidsUnencoded),
        ),
        { numRuns: 200 * DEPTH },
      );
    },
    LONG,
  );

  it('the messages of every charset and encoding get the same plan', () => {
    const folder = fileURLToPath(new URL('../fixtures/messages/', import.meta.url));
    const families = ['plain', 'charset', 'encoding', 'flowed', 'pgp-inline', 'broken'];
    for (const family of families) {
      for (const file of readdirSync(folder + family).filter((name) => name.endsWith('.eml'))) {
        const message = readFileSync(`${folder}${family}/${file}`);
        for (const footer of ['für\n--b--', 'жж\n日']) expectTheSame(message, 128, footer, false);
      }
    }
  });

  it('a footer as a part of its own is the same', () => {
    for (const text of [...FOOTERS, 'Grüße\n--', 'ж'.repeat(1500)]) {
      const [message, footer] = [Buffer.from('Received: by a host\nSubject: x\n\n'), Buffer.from(text)];
      for (const kind of [0, 1]) {
        const here = describeOwnPart(new BufferSource(message), 64, footer, kind);
        expect(inWasm('planOwnPart', message, 64, footer, kind)).toBe(Buffer.from(here).toString('latin1'));
      }
    }
  });
});
