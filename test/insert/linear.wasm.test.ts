// Twice the message is twice the work, whatever its shape: counted in turns of loops, so that no clock is needed.
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { meteredCode } from '../helpers/metered.ts';
import { type CoreModule, WasmCore } from '../helpers/wasm.ts';

/** Bytes of the smaller message. A limit that is passed on the way costs something once: both are beyond all of them. */
const SIZE = 400_000;

/** Width of the window of a delivery. */
const WIDTH = 65_536;

let module: CoreModule;
beforeAll(() => {
  module = meteredCode(fileURLToPath(new URL('../fuzz/plan.ts', import.meta.url)));
});

function workOf(message: Buffer): number {
  const core = new WasmCore(module);
  core.message = message;
  core.call('begin', message.length, WIDTH, 1, 0, 0);
  for (let steps = 1; core.call('step') !== 0; steps++) if (steps % 8 === 0) core.call('collect');
  return core.work;
}

const HTML = 'Content-Type: text/html; charset=utf-8\n\n';
const MIXED = 'Content-Type: multipart/mixed; boundary=b\n\n';
const encoded = (type: string, encoding: string) =>
  `Content-Type: ${type}; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n`;

/** Boundaries that are open all the time. */
function nested(levels: number): string {
  const open = (i: number) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`;
  return Array.from({ length: levels }, (_, i) => open(i)).join('');
}

/** @returns a message of about so many bytes */
const filled = (head: string, text: string) => (size: number) =>
  Buffer.from(head + text.repeat(size / text.length), 'latin1');

const base64 = (text: string) => (size: number) =>
  Buffer.from(
    encoded('text/html', 'base64') +
      Buffer.from(text.repeat(size / text.length))
        .toString('base64')
        .replace(/.{76}/g, '$&\n'),
  );

it.each<[shape: string, make: (size: number) => Buffer]>([
  ['empty parts', filled(MIXED, '--b\n\n')],
  ['small parts', filled(MIXED, '--b\nContent-Type: text/html\n\n<p>a\n')],
  ['alternatives', filled('Content-Type: multipart/alternative; boundary=b\n\n', '--b\n\na\n')],
  ['multiparts that are never closed', filled(MIXED, `--b\n${MIXED}`)],
  ['dashed lines', filled(nested(100), '--\n')],
  ['long dashed lines', filled(nested(100), `--${'x'.repeat(2000)}\n`)],
  ['lookalikes of delimiters', filled(`${MIXED}--b\n\n`, '--bb\n--b x\n')],
  ['a line of dashes', filled(nested(2), '-')],
  ['dashes in lines', filled(nested(2), 'a-b- -\n')],
  ['newlines', filled('\n', '\n')],
  ['carriage returns', filled('\n', '\r')],
  ['blanks', filled('\n', ' ')],
  ['fields', filled('', 'a:\n')],
  ['the same field', filled('', 'Content-Type: text/plain\n')],
  ['continuation lines', filled('A: b\n', ' \n')],
  ['a line without a colon', filled('', 'x')],
  ['a type that goes on', filled('Content-Type: text/plain', ';\n a=b')],
  ['comments in a type', filled('Content-Type: ', '(')],
  ['blanks in a type', filled('Content-Type: text/plain;', ' ')],
  ['types that cannot be read', filled(MIXED, `--b\nContent-Type: ${'a/'.repeat(100)}\n\n\n`)],
  ['open quotes in parameters', filled(MIXED, `--b\nContent-Type: a/b${';x*=('.repeat(100)}\n\n\n`)],
  ['plain text', filled('\n', 'Just a = sentence.\n')],
  ['text of one line', filled('\n', 'x')],
  ['flowed text', filled('Content-Type: text/plain; format=flowed\n\n', 'A line that \nflows.\n')],
  ['8-bit text without a charset', filled('\n', 'Gr\xfc\xdfe\n')],
  ['shifted text', filled('Content-Type: text/plain; charset=iso-2022-jp\n\n', '\x1b$B$"\x1b(B')],
  [
    'text to convert',
    filled(encoded('text/plain', 'quoted-printable').replace('utf-8', 'latin1'), 'f=FCr=20=\n'),
  ],
  ['dashes in text', filled('\n', '------ ')],
  ['beginnings of PGP blocks', filled('\n', '-----BEGIN PGP ')],
  ['PGP blocks', filled('\n', '-----BEGIN PGP SIGNED MESSAGE-----\n')],
  ['ends of PGP blocks', filled('\n', '-----END PGP SIGNATURE-----\n')],
  ['quoted-printable', filled(encoded('text/plain', 'quoted-printable'), 'Gr=C3=BC=C3=9Fe =\n')],
  ['a line of quoted-printable', filled(encoded('text/plain', 'quoted-printable'), '=41')],
  ['equals signs', filled(encoded('text/plain', 'quoted-printable'), '=')],
  ['soft breaks with padding', filled(encoded('text/plain', 'quoted-printable'), `= ${' '.repeat(900)}x`)],
  ['blanks in quoted-printable', filled(encoded('text/plain', 'quoted-printable'), ' ')],
  ['base64', filled(encoded('text/plain', 'base64'), 'R3LDvMOfZSBhbiBhbGxl\n')],
  ['strays in base64', filled(encoded('text/plain', 'base64'), '-!')],
  ['HTML', filled(HTML, '<p style="color:red">a</p>\n')],
  ['HTML in base64', base64('<p>Gruesse an alle</p>\n')],
  ['left angles', filled(HTML, '<')],
  ['left angles in base64', base64('<')],
  ['open elements', filled(HTML, '<div>')],
  ['open formatting', filled(HTML, '<b>x')],
  ['open formatting in paragraphs', filled(HTML, '<p><b><i><u>x')],
  ['tables in tables', filled(HTML, '<table><tr><td>')],
  ['objects', filled(HTML, '<object>')],
  ['details and dialogs', filled(HTML, '<details><dialog>')],
  ['foreign elements', filled(HTML, '<svg><math>')],
  ['end tags of nothing', filled(HTML, '</x></div>')],
  ['ends of the body', filled(HTML, '</body>')],
  ['ends of the body with text between', filled(HTML, '</body><p>x</p>\n')],
  ['ends of the body in base64', base64('</body><p>x</p>\n')],
  ['a comment', filled(`${HTML}<body>x</body><!--`, '</body> - \n')],
  ['dashes in a comment', filled(`${HTML}<!--`, '--!')],
  ['a tag that never ends', filled(`${HTML}<p `, 'a=b ')],
  ['an attribute that never ends', filled(`${HTML}<p a="`, '>')],
  ['raw text', filled(`${HTML}<script>`, '</scrip')],
  ['names of elements', (size) => Buffer.from(HTML + names(size))],
  ['references', filled(HTML, '&amp')],
])('%s', (_, make) => {
  const once = workOf(make(SIZE));
  expect(workOf(make(2 * SIZE))).toBeLessThanOrEqual(2.2 * once);
  expect(once).toBeLessThan(MOST_A_BYTE * SIZE);
});

/** Turns of loops that a byte may cost in any shape. */
const MOST_A_BYTE = 200;

function names(size: number): string {
  return Array.from({ length: size / 9 }, (_, i) => `<x${i.toString(36).padStart(6, '0')}>`).join('');
}
