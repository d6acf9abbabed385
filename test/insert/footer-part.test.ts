import { describe, expect, it } from 'vitest';
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { footerPart, ownPartBytes } from '../../src/insert/footer-part.ts';
import { FooterKind } from '../../src/insert/outcome.ts';
import { wrapperBoundary } from '../../src/insert/wrapper-boundary.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { Follower } from '../../src/mime/part.ts';
import { Window } from '../../src/mime/window.ts';

const pair = (text: string, html = 'x') => new ComposedFooters(new FooterPair(text, html));
const part = (kind: FooterKind, footers: ComposedFooters, lineEnd = '\n') =>
  Buffer.from(footerPart(kind, footers, lineEnd)).toString('latin1');

describe('footerPart', () => {
  it('has ASCII as it is', () => {
    expect(part(FooterKind.Text, pair('-- \nF'))).toBe(
      'Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n' +
        'Content-Disposition: inline\n\n-- \nF',
    );
  });

  it('has Latin letters in quoted-printable, and other scripts in base64', () => {
    expect(part(FooterKind.Text, pair('Grüße\nF'))).toBe(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n' +
        'Content-Disposition: inline\n\nGr=C3=BC=C3=9Fe\nF',
    );
    const base64 = Buffer.from('Привет, мир\r\nПока').toString('base64');
    expect(part(FooterKind.Text, pair('Привет, мир\nПока'))).toBe(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n' +
        `Content-Disposition: inline\n\n${base64}`,
    );
  });

  it('has HTML in ASCII, as a block of its own', () => {
    expect(part(FooterKind.Html, pair('x', 'für\n<i>all</i>'), '\r\n')).toBe(
      'Content-Type: text/html; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n' +
        'Content-Disposition: inline\r\n\r\n<div>f&#252;r\r\n<i>all</i></div>',
    );
  });

  it('has no line that could be a delimiter', () => {
    expect(part(FooterKind.Text, pair('a\n--------\n-- \nb'))).toContain('\n\na\n=2D-------\n=2D-=20\nb');
    expect(part(FooterKind.Html, pair('x', '<p>a\n--b--</p>'))).toContain('\n\n<p>a\n=2D-b--</p>');
  });

  it('has short lines alone', () => {
    for (const text of ['word '.repeat(1000), 'ü'.repeat(3000), 'ж'.repeat(3000)]) {
      for (const kind of [FooterKind.Text, FooterKind.Html]) {
        const lines = part(kind, pair(text, text)).split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
      }
    }
  });
});

describe('ownPartBytes', () => {
  const body = part(FooterKind.Text, pair('F'));

  it.each([
    [Follower.Delimiter, `\n--b\n${body}`],
    [Follower.BareDelimiter, `--b\n${body}\n`],
    [Follower.End, `\n--b\n${body}\n`],
  ])('fits before what follows (%i)', (follower, expected) => {
    const bytes = ownPartBytes(FooterKind.Text, pair('F'), '\n', Buffer.from('b'), follower);
    expect(Buffer.from(bytes).toString('latin1')).toBe(expected);
  });
});

describe('wrapperBoundary', () => {
  const of = (header: string, width = 64) => {
    const bytes = Buffer.from(header, 'latin1');
    return Buffer.from(
      wrapperBoundary(new Window(new BufferSource(bytes), width), 0, bytes.length),
    ).toString();
  };

  it('is the same for the same header only, and no encoded body can hold it', () => {
    expect(of('Received: a\n\n')).toBe(of('Received: a\n\n', 4096));
    expect(of('Received: a\n\n')).not.toBe(of('Received: b\n\n'));
    expect(of('')).toMatch(/^=_footer_[0-9a-z_]{20,40}$/);
  });

  it('is what it was in the documents', () => {
    expect(
      of('MIME-Version: 1.0\nSubject: Fax\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\n\n'),
    ).toBe('=_footer_1sdnvus_1xpm6k4_0d480oq');
  });

  it("is made from the header's first 64 KB", () => {
    const long = (end: string) => `Subject: ${'x'.repeat(70_000)}${end}\n\n`;
    expect(of(long('a'))).toBe(of(long('b')));
    expect(of(`Received: c\n${long('a')}`)).not.toBe(of(long('a')));
  });
});
