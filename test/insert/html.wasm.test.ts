// The native program's compiler takes the planner of HTML, and its plans are the same there as here.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { describeHtml } from '../asc/html-plan.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';
import { htmlMessage } from './arbitrary-html.ts';

const module = portableCode();

const FOOTERS = ['<p>the footer</p>', 'Grüße <a href="https://a.example">日本</a>'];

function inWasm(message: Uint8Array, width: number, footer: Buffer): string {
  const core = new WasmCore(module, 'html-plan');
  core.message = message;
  core.write(core.call('input', footer.length), footer);
  const length = core.call('planHtml', message.length, width);
  return core.read(core.call('output'), length).toString('latin1');
}

function expectTheSame(message: Uint8Array, width: number, html: string): void {
  const footer = Buffer.from(html);
  const here = describeHtml(new BufferSource(message), width, footer);
  expect(inWasm(message, width, footer)).toBe(Buffer.from(here).toString('latin1'));
}

describe('in both worlds', () => {
  it('generated HTML gets the same plan', () => {
    const width = fc.integer({ min: 64, max: 300 });
    fc.assert(
      fc.property(htmlMessage, fc.constantFrom(...FOOTERS), width, (message, footer, width) =>
        expectTheSame(message, width, footer),
      ),
      { numRuns: 200 },
    );
  });

  it('what goes beyond every limit gets the same plan', () => {
    const numbered = (tag: (i: number) => string) => Array.from({ length: 700 }, (_, i) => tag(i)).join('');
    const texts = [
      ...[
        '<div>',
        '<b>',
        '<p>',
        '<table>',
        '<td>',
        '<table><tr><td>',
        '<svg>',
        '<select>',
        '<a>',
        '<li>',
      ].map((tag) => tag.repeat(700)),
      `${'<table><tr><td><object></td></tr></table>'.repeat(700)}<b><p>`,
      `${'<table><tr><td><object></td>'.repeat(700)}<b><p>text`,
      numbered((i) => `<font size=${i}><p>`),
      numbered((i) => `<x-${i}>`),
      numbered((i) => `<p a${i}="${i}" style="font:0/0 a">`),
      `${'<b><div>'.repeat(250)}${'</b>'.repeat(250)}text`,
      `<p ${'x'.repeat(9000)} style="display:none">`,
      `<${'x'.repeat(9000)}>`,
      `<p style="${'a:b;'.repeat(3000)}">`,
      `<p style="${'&#97;'.repeat(3000)}\\">`,
      '<'.repeat(700),
      '&'.repeat(700),
      '</body>'.repeat(700),
    ];
    for (const text of texts) {
      const message = Buffer.from(`Content-Type: text/html\n\n${text}`);
      for (const width of [64, 65536]) expectTheSame(message, width, FOOTERS[0]!);
    }
  });

  it('the messages of every charset and encoding get the same plan', () => {
    const folders = ['../fixtures/messages/', '../fixtures/messages/'];
    for (const folder of folders.map((path) => fileURLToPath(new URL(path, import.meta.url)))) {
      for (const family of ['html', 'charset', 'encoding']) {
        for (const file of readdirSync(folder + family).filter((name) => name.endsWith('.eml'))) {
          const message = readFileSync(`${folder}${family}/${file}`);
          for (const footer of FOOTERS) expectTheSame(message, 128, footer);
        }
      }
    }
  });
});
