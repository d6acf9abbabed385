import { describe, expect, it } from 'vitest';
import { Boundaries } from '../../src/mime/boundaries.ts';
import { bytesOf } from '../../src/mime/bytes.ts';

function open(...texts: string[]): Boundaries {
  const boundaries = new Boundaries();
  for (const [depth, text] of texts.entries()) boundaries.push(bytesOf(text), depth);
  return boundaries;
}

function match(boundaries: Boundaries, line: string): string {
  const bytes = bytesOf(`${line}rest of the memory`);
  if (!boundaries.match(bytes, line.length)) return 'none';
  return `${boundaries.closing ? 'closes' : 'delimits'} ${boundaries.depth}`;
}

describe('Boundaries', () => {
  it.each([
    ['--a\n', 'delimits 0'],
    ['--a \t\r\n', 'delimits 0'],
    ['--a--\n', 'closes 0'],
    ['--a-- \n', 'closes 0'],
    ['--a', 'delimits 0'],
    ['--ab\n', 'delimits 1'],
    ['--ab--', 'closes 1'],
    ['--abc\n', 'none'],
    ['--a --\n', 'none'],
    ['--a-\n', 'none'],
    ['--a--x\n', 'none'],
    ['--\n', 'none'],
    ['----\n', 'none'],
    ['--', 'none'],
  ])('take %j for: %s', (line, expected) => {
    expect(match(open('a', 'ab'), line)).toBe(expected);
  });

  it('find the innermost of those that are alike, and the outer one once that is gone', () => {
    const boundaries = open('a', 'b', 'a');
    expect(match(boundaries, '--a\n')).toBe('delimits 2');
    boundaries.remove(2);
    expect(match(boundaries, '--a\n')).toBe('delimits 0');
    boundaries.remove(0);
    expect(match(boundaries, '--a\n')).toBe('delimits 0');
    boundaries.remove(1);
    boundaries.remove(1);
    boundaries.remove(0);
    expect(match(boundaries, '--a\n')).toBe('none');
    expect(boundaries.isEmpty).toBe(true);
  });

  it('take a line that opens one multipart and closes another for what the inner one makes of it', () => {
    expect(match(open('a', 'a--'), '--a--\n')).toBe('delimits 1');
    expect(match(open('a--', 'a'), '--a--\n')).toBe('closes 1');
  });

  it('find each of a hundred', () => {
    const boundaries = open(...Array.from({ length: 100 }, (_, i) => `=_${i}`));
    for (let i = 99; i >= 0; i--) {
      expect(match(boundaries, `--=_${i}\n`)).toBe(`delimits ${i}`);
      boundaries.remove(i);
      expect(match(boundaries, `--=_${i}\n`)).toBe('none');
    }
  });
});
