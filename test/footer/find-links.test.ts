import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinks } from '../../src/footer/find-links.ts';

const links = (line: string) =>
  findLinks(line).map((link) => [line.slice(link.start, link.end), link.target]);

/** What is clicked, and where it leads where that is something else. */
describe('findLinks', () => {
  it.each([
    ['https://example.org', 'https://example.org'],
    ['see https://example.org/a.', 'https://example.org/a'],
    ['(https://example.org/a)', 'https://example.org/a'],
    ['(see https://example.org/a).', 'https://example.org/a'],
    ['https://en.example.org/wiki/A_(b)', 'https://en.example.org/wiki/A_(b)'],
    ['(https://en.example.org/wiki/A_(b))', 'https://en.example.org/wiki/A_(b)'],
    ['<https://example.org/a>', 'https://example.org/a'],
    ['"https://example.org/a"', 'https://example.org/a'],
    ['„https://example.org/a“', 'https://example.org/a'],
    ['*https://example.org/a*', 'https://example.org/a'],
    ['https://example.org/a?b=c&d=e#f!', 'https://example.org/a?b=c&d=e#f'],
    ['https://example.org/Köln', 'https://example.org/Köln'],
    ['https://münchen.example', 'https://münchen.example'],
    ['詳細はhttps://example.org/aへ', undefined],
    ['詳細：https://example.org/a。次', 'https://example.org/a'],
    ['https://[2001:db8::1]/x', 'https://[2001:db8::1]/x'],
    ['HTTPS://EXAMPLE.ORG', 'HTTPS://EXAMPLE.ORG'],
    ['https://user@example.org/@b', 'https://user@example.org/@b'],
    ['Web:https://example.org', 'https://example.org'],
    ['mailto:a+b@example.org?subject=x', 'mailto:a+b@example.org?subject=x'],
    ['https://example.org/a...', 'https://example.org/a'],
    ['https://example.org/a…', 'https://example.org/a'],
    ['\u200eהרשימה: https://example.org/a\u200f.', 'https://example.org/a'],
    ['\u2066https://example.org/a\u2069', 'https://example.org/a'],
    ['https://example.org/a\u200b', 'https://example.org/a'],
    ['詳細(https://example.org/a_(b))をご覧', 'https://example.org/a_(b)'],
    ['[https://example.org/a],次', 'https://example.org/a'],
  ])('%s: %s', (line, target) => {
    expect(links(line)).toEqual(target === undefined ? [] : [[target, target]]);
  });

  it.each([
    ['www.example.org/x,', 'www.example.org/x', 'http://www.example.org/x'],
    ['a@example.org', 'a@example.org', 'mailto:a@example.org'],
    [
      'To: list+unsubscribe@example.org.',
      'list+unsubscribe@example.org',
      'mailto:list+unsubscribe@example.org',
    ],
    ['<a.b@example.co.uk>', 'a.b@example.co.uk', 'mailto:a.b@example.co.uk'],
    ['(a@example.org)', 'a@example.org', 'mailto:a@example.org'],
    ['a%b&c=d@example.org', 'a%b&c=d@example.org', 'mailto:a%25b%26c%3Dd@example.org'],
    ['--a@example.org', 'a@example.org', 'mailto:a@example.org'],
    ['a@münchen.example', 'a@münchen.example', 'mailto:a@münchen.example'],
    ['a@www.example.org', 'a@www.example.org', 'mailto:a@www.example.org'],
    ['www.somebody@example.org', 'www.somebody@example.org', 'mailto:www.somebody@example.org'],
    ['E-Mail:a@example.org', 'a@example.org', 'mailto:a@example.org'],
    ['Leave: müller+off@example.org', 'müller+off@example.org', 'mailto:m%C3%BCller+off@example.org'],
    ['почта-off@пример.рф', 'почта-off@пример.рф', 'mailto:%D0%BF%D0%BE%D1%87%D1%82%D0%B0-off@пример.рф'],
    ['連絡はnews@example.orgまで', 'news@example.org', 'mailto:news@example.org'],
    ['news@example.org로 보내세요.', 'news@example.org', 'mailto:news@example.org'],
    ['a@praxis.vermögensberater', 'a@praxis.vermögensberater', 'mailto:a@praxis.vermögensberater'],
    ['https://example.orgまで', 'https://example.org', 'https://example.org'],
    ['ל-news@example.org', 'news@example.org', 'mailto:news@example.org'],
    ['a@xn--mnchen-3ya.xn--p1ai', 'a@xn--mnchen-3ya.xn--p1ai', 'mailto:a@xn--mnchen-3ya.xn--p1ai'],
  ])('%s: %s leads to %s', (line, shown, target) => {
    expect(links(line)).toEqual([[shown, target]]);
  });

  it.each([
    '',
    '@',
    'a@',
    '@b',
    'a@b',
    'a@localhost',
    'a@1.2',
    'a@b.c',
    'a@b..org',
    'http://',
    'https://)',
    'http:///x',
    'xhttp://a.org',
    'www.',
    'www.example',
    'www. example.org',
    'awww.example.org',
    'mailto:',
    'mailto:nobody',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp.example.org',
    '3 @ 4.50',
    '用户+off@例子.公司',
  ])('nothing in %j', (line) => {
    expect(links(line)).toEqual([]);
  });

  it('finds several, also side by side', () => {
    expect(links('a@b.org,c@d.org https://x.org www.y.org/').map(([shown]) => shown)).toEqual([
      'a@b.org',
      'c@d.org',
      'https://x.org',
      'www.y.org/',
    ]);
  });

  it('for any text: in order, inside the line, never a scheme that runs', () => {
    const soup = fc
      .array(
        fc.constantFrom(
          'http://',
          'https://',
          'mailto:',
          'www.',
          '@',
          '.',
          'a',
          'é',
          ' ',
          '(',
          ')',
          '<',
          '"',
          '-',
          '/',
          '?',
          '語',
          '😀',
        ),
        {
          maxLength: 30,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (line) => {
        let done = 0;
        for (const { start, end, target } of findLinks(line)) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(line.length);
          expect(target).toMatch(/^(?:https?:\/\/|mailto:)[^\s<>"]+$/i);
          done = end;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
