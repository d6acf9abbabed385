import { describe, expect, it } from 'vitest';
import { insertFooters } from '../helpers/insert.ts';

const HEAD = 'MIME-Version: 1.0\nContent-Type: text/plain;\n\n';

function withFooter(content: string, text: string): string {
  const pair = { text, html: '<p>x</p>' };
  return insertFooters(Buffer.from(HEAD + content, 'latin1'), pair).toString('latin1');
}

/** Readers know such text by its escapes, but only where no charset is declared. */
describe('ISO-2022-JP whose charset is not declared', () => {
  const content = '\x1b$BF|K\\\x1b(B\n';

  it('keeps its header, and takes the footer as it is written itself', () => {
    expect(withFooter(content, '日本語')).toBe(`${HEAD}${content}\x1b$BF|K\\8l\x1b(B\n`);
  });

  it('keeps its header where it cannot hold the footer', () => {
    expect(withFooter(content, 'für 日本語')).toMatch(
      /^MIME-Version: 1\.0\nContent-Type: text\/plain;\n\n[\x00-\x7f]*fur /,
    );
  });

  it('is not taken for what shifts to another charset', () => {
    const korean = '\x1b$)C\x0e0\x0f\n';
    expect(withFooter(korean, '日本語').startsWith(HEAD + korean)).toBe(true);
    expect(withFooter(korean, '日本語').slice(HEAD.length + korean.length)).not.toContain('\x1b');
  });
});

it('a terminal’s escapes are ASCII, and become UTF-8 with the rest of the text', () => {
  expect(withFooter('\x1b[32mok\x1b(B\x1b[m\n', 'für')).toContain('charset=utf-8');
});
