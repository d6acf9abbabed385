import { describe, expect, it } from 'vitest';
import { charsetNamed } from '../../../src/mime/charset/charsets.ts';
import { encoded, MULTI_BYTE, SINGLE_BYTE } from './readers.ts';

/** The units, `.` for what is not ASCII. */
function viewed(label: string, bytes: Uint8Array, piece: number = Math.max(bytes.length, 1)): string {
  const view = charsetNamed(label)!.asciiView();
  const units: number[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    const end = Math.min(at + piece, bytes.length);
    const into = new Uint8Array(end - at);
    const count = view.view(bytes, at, end, into);
    expect(count).toBeLessThanOrEqual(end - at);
    units.push(...into.subarray(0, count));
  }
  expect(units.every((unit) => unit <= 0x80)).toBe(true);
  return Buffer.from(units).toString('latin1').replaceAll('\x80', '.');
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('asciiView', () => {
  it.each<[string, Uint8Array, string]>([
    ['utf-8', Buffer.from('<b>für</b>\r\n'), '<b>f..r</b>\r\n'],
    ['iso-8859-1', latin1('für'), 'f.r'],
    ['gbk', encoded('gbk', 'a你b')!, 'a..b'],
    ['utf-16le', encoded('utf-16le', '<ü😀>\n')!, '<...>\n'],
    ['utf-16be', encoded('utf-16be', '<ü😀>\n')!, '<...>\n'],
    ['utf-16be', latin1('A\0\0A'), '.A'],
    ['utf-32le', encoded('utf-32le', '<ü😀>\n')!, '<..>\n'],
    ['utf-32be', encoded('utf-32be', '<ü😀>\n')!, '<..>\n'],
    ['utf-32be', latin1('\xff\0\0A\0\0\0A'), '.A'],
    ['iso-2022-jp', latin1('a<\x1b$B<b\x1b(B>\n'), 'a<........>\n'],
    ['iso-2022-jp', latin1('\x1b$B<b\n<b>'), '.....\n<b>'],
    ['iso-2022-jp', latin1('\x1b$(D<b\x1b(J<'), '.........<'],
    ['iso-2022-jp', latin1('\x1b(I<\x1b(B<'), '.......<'],
    ['iso-2022-jp', latin1('\x1b[32mok'), '..32mok'],
    ['iso-2022-kr', latin1('\x1b$)C<\x0e<b\x0f<'), '....<....<'],
    ['iso-2022-kr', latin1('\x0e<b\n<b'), '...\n<b'],
    ['hz-gb-2312', latin1('a~~<~{<b~}<'), 'a..<......<'],
    ['hz-gb-2312', latin1('~{<b\n<'), '....\n<'],
    ['utf-7', latin1('a+AOQ-'), 'a+AOQ-'],
  ])('of %s %j', (label, bytes, expected) => {
    for (let piece = 1; piece <= bytes.length; piece++) expect(viewed(label, bytes, piece)).toBe(expected);
  });

  it('of every charset shows ASCII as it is', () => {
    const text = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))
      .join('')
      .replace(/[\x0e\x0f\x1b~]/g, '');
    for (const name of [
      ...SINGLE_BYTE,
      ...MULTI_BYTE,
      'utf-8',
      'utf-16be',
      'utf-32le',
      'iso-2022-jp',
      'iso-2022-kr',
      'hz-gb-2312',
    ])
      expect([name, viewed(name, encoded(name, text)!)]).toEqual([name, text]);
  });

  it('leaves a unit that is cut off, and looks at no more than it is given', () => {
    expect(viewed('utf-16le', latin1('a\0b'))).toBe('a');
    expect(charsetNamed('utf-8')!.asciiView().view(latin1('abc'), 1, 2, new Uint8Array(1))).toBe(1);
    expect(charsetNamed('utf-8')!.asciiView().view(latin1('abc'), 2, 2, new Uint8Array(0))).toBe(0);
  });
});
