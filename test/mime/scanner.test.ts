import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOUNDARY_LIMIT,
  DELIMITER_LINE_LIMIT,
  FIELD_LIMIT,
  NESTING_LIMIT,
  TOKEN_LIMIT,
} from '../../src/mime/limits.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { Source } from '../../src/mime/source.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';
import { soup } from '../helpers/arbitrary-message.ts';
import { describeToken } from '../helpers/describe-token.ts';
import { withCrlf } from '../helpers/fixtures.ts';
import { HugeSource, messages, scan, scannerOf, tokensAfterHugeAttachment } from '../helpers/scans.ts';

const WIDTHS = [64, 65, 100, 1000, 65536];

/** The tokens are the message, and the same ones through windows of any width. */
function expectIdentity(message: Uint8Array): void {
  const words = scan(message).join('\n');
  for (const width of WIDTHS) expect(scan(message, width).join('\n'), `width ${width}`).toBe(words);
}

/** Kinds of tokens with what they are for; one word for neighbours that are pieces of one content. */
function trace(text: string): string[] {
  const words: string[] = [];
  for (const token of scan(Buffer.from(text, 'latin1'))) {
    const [kind, , part, ...rest] = token.split(' ');
    if (kind === 'header') words.push(`header ${rest[0]}${rest[1] === 'true' ? '' : ' unreadable'}`);
    else if (kind === 'end') words.push(`end of ${part} before ${rest.slice(1, -2).join(' ')}`);
    else if (kind === 'delimiter' || kind === 'close') words.push(`${kind} ${part!.split('.')[0]}`);
    else words.push(kind!);
  }
  return words;
}

const SHORT = [
  'A: b\n\nHi',
  'Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nx\n--b \t\nC: d\n\n--b--\nepilogue\n',
  'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: multipart/x; boundary=a-\r\n\r\n--a-\r\n\r\n1\r\n--a---\r\n--a--',
  'Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\r\r\n--b\r--b\n--bx\n--b-\n--b--x\n--b--',
  'Content-Type: ;boundary=b\n\n--\n--b--\n--bx\n--b\n\n--b--\n--b\n',
  '\n--b\n',
  'x: y\n z\n\tw\n:\nq',
  '',
];

describe('Scanner', () => {
  it.each(SHORT)('gives back %j', (text) => {
    expectIdentity(Buffer.from(text, 'latin1'));
  });

  it('gives back every fixture, in LF and CRLF, and real mail (put it into ../shared/corpus)', () => {
    for (const { bytes } of messages()) {
      expectIdentity(bytes);
      const crlf = withCrlf(bytes);
      if (crlf) expectIdentity(crlf);
    }
  });

  it('gives back any soup of bytes', () => {
    fc.assert(fc.property(soup(), expectIdentity), { numRuns: 500 });
  });

  it.each([
    ['a boundary line with blanks after it', 'b', '--b  \t\n', ['delimiter 0']],
    ['a line that only begins with the boundary', 'b', '--bb\n', ['preamble']],
    ['the closing line', 'b', '--b--\n', ['close 0']],
    ['the closing line with more after it', 'b', '--b--x\n', ['preamble']],
    ['a boundary that itself ends in dashes', 'b--', '--b--\n', ['delimiter 0']],
    ['a boundary in the middle of a line', 'b', 'x --b\n', ['preamble']],
    ['a boundary after a lone CR', 'b', 'x\r--b\n', ['preamble']],
    ['a boundary at the end of the message', 'b', '--b', ['delimiter 0']],
    [
      'a boundary with too many blanks after it',
      'b',
      `--b${' '.repeat(DELIMITER_LINE_LIMIT)}\n`,
      ['preamble'],
    ],
    [
      'a boundary with as many blanks as may be',
      'b',
      `--b${' '.repeat(DELIMITER_LINE_LIMIT - 4)}\n`,
      ['delimiter 0'],
    ],
  ])('sees %s', (_, boundary, line, expected) => {
    const words = trace(`Content-Type: multipart/mixed; boundary="${boundary}"\n\n${line}`);
    expect(words.slice(2, 2 + expected.length)).toEqual(expected);
  });

  it('closes what is open inside when an outer boundary comes', () => {
    const inner = 'Content-Type: multipart/mixed; boundary=in\n\n--in\n\ntext\n';
    expect(
      trace(`Content-Type: multipart/mixed; boundary=out\n\n--out\n${inner}--out--\n`).slice(-5),
    ).toEqual([
      'body',
      'end of 2.1 before delimiter',
      'end of 1.1 before delimiter',
      'close 0',
      'end of 0.1 before end',
    ]);
  });

  it('says what follows a part', () => {
    const root = 'Content-Type: multipart/mixed; boundary=b\n\n';
    const followers = (body: string) => trace(root + body).filter((word) => word.startsWith('end of 1'));
    expect(followers('--b\n\nx\n--b--')).toEqual(['end of 1.1 before delimiter']);
    expect(followers('--b\n\n--b\n\n\n--b\n\nx')).toEqual([
      'end of 1.1 before bare delimiter',
      'end of 1.2 before delimiter',
      'end of 1.3 before end',
    ]);
    expect(followers('--b\n--b--')).toEqual(['end of 1.1 before bare delimiter']);
  });

  it('gives the line end before a delimiter to the delimiter', () => {
    const message = Buffer.from(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\r\n--b\r\n\r\n\n--b--',
    );
    const scanner = scannerOf(message);
    const bodies: string[] = [];
    while (scanner.advance()) {
      const { kind, part } = scanner;
      if (kind === TokenKind.PartEnd) bodies.push(message.toString('latin1', part.bodyStart, part.bodyEnd));
    }
    expect(bodies.slice(0, 2)).toEqual(['x\r', '']);
  });

  it('counts parts, and knows whether a multipart was closed', () => {
    const scanner = scannerOf(
      Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b\n\n--b--\n--b\n'),
    );
    const root = scanner.part;
    while (scanner.advance());
    expect([root.children, root.isClosed, root.isMultipart]).toEqual([2, true, true]);
  });

  it('takes the parts of a digest for messages', () => {
    const words = trace('Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nHi\n--b--\n');
    expect(words).toContain('header message/rfc822');
  });

  it.each([
    ['From a@b Mon\nA: b\n\n', ['field', 'field', 'header text/plain']],
    ['>From a@b Mon\n more\nA: b\n\n', ['field', 'field', 'header text/plain']],
    [' stray\nA: b\n\n', ['field', 'field', 'header text/plain']],
    ['A: b\nFrom a@b Mon\n', ['field', 'header text/plain', 'body']],
    ['From: x\n', ['field', 'header text/plain']],
    ['Fromage\n', ['header text/plain', 'body']],
    ['A \t: b\nC\x7f: d\n', ['field', 'header text/plain', 'body']],
    ['A b: c\n', ['header text/plain', 'body']],
    ['A\n', ['header text/plain', 'body']],
  ])('knows what is a field in %j', (text, expected) => {
    expect(trace(text).slice(0, expected.length)).toEqual(expected);
  });

  it.each([
    ['multipart/multipart/mixed; boundary=b', '--b\n\nx\n--b--\n', 'multipart/mixed'],
    ['; boundary=b', 'preamble\n--b\n\nx\n', 'multipart/mixed'],
    ['multipart; boundary=b', '\n--b\n\n', 'multipart/mixed'],
    ['X-sun-attachment; boundary="--------"', '----------\n\nx\n', 'multipart/mixed'],
    ['multipart / mixed; boundary=b', 'x', 'multipart/mixed'],
    ['PDF; boundary=b', '--bx\n--b--\nx --b\n', 'pdf unreadable'],
    ['PDF; boundary=b', '', 'pdf unreadable'],
    ['PDF; boundary=""', '--\n', 'pdf unreadable'],
    ['X-sun-attachment', '----------\n\nx\n', 'x-sun-attachment unreadable'],
    ['text/plain; boundary=b', '--b\n\n', 'text/plain'],
  ])('finds parts by a boundary that delimits something: %s', (type, body, expected) => {
    expect(trace(`Content-Type: ${type}\n\n${body}`)).toContain(`header ${expected}`);
  });

  it('takes no outer delimiter for that of a part whose type cannot be read', () => {
    const part = 'Content-Type: PDF; boundary=c\n\nx\n';
    const message = (boundary: string) =>
      trace(
        `Content-Type: multipart/mixed; boundary=${boundary}\n\n--${boundary}\n${part}--${boundary}\n\n--c\n\ny\n`,
      );
    expect(message('b')).toContain('header pdf unreadable');
    expect(message('c')).toContain('header pdf unreadable');
    expect(message('b').filter((word) => word === 'delimiter 1')).toEqual([]);
  });

  it('takes a field longer than the limit as one that is not understood', () => {
    const long = `Content-Type: text/html;\n${' x=y;\n'.repeat(FIELD_LIMIT / 4)}`;
    const message = Buffer.from(`A: b\n${long}To: c\n\nHi\n`);
    expect(trace(message.toString())).toEqual([
      ...['field', 'field', 'field', 'header text/plain', 'body', 'end of 0.1 before end'],
    ]);
    expect(scan(message)[3]).toContain(' true 0');
    expectIdentity(message);
  });

  it('does not look for boundaries that are too long, nor into multiparts that are too deep', () => {
    const long = trace(`Content-Type: multipart/mixed; boundary="${'b'.repeat(BOUNDARY_LIMIT + 1)}"\n\nx`);
    expect(long).toContain('body');
    const levels = NESTING_LIMIT + 5;
    const open = Array.from(
      { length: levels },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    );
    const delimiters = trace(open.join('')).filter((word) => word.startsWith('delimiter'));
    expect(delimiters.length).toBe(NESTING_LIMIT);
  });

  it.each([
    ['A: b\r\nC: d\n\n', '\r\n'],
    ['A: b\nC: d\r\n\r\n', '\n'],
    ['\r\n', '\r\n'],
    ['\n', '\n'],
    ['A: b\r', '\n'],
    ['', '\n'],
  ])("knows the message's line end in %j", (text, lineEnd) => {
    expect(scannerOf(Buffer.from(text)).lineEnd).toBe(lineEnd);
  });
});

describe('Scanner, in pieces of a token', () => {
  /** Line ends, dashes and a delimiter at each place around the end of a token. */
  it.each([-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3])(
    'finds a delimiter %i bytes from the end of a token',
    (offset) => {
      for (const [eol, between] of [
        ['\n', ''],
        ['\r\n', ''],
        ['\n', '\n'],
        ['\r\n', '\r'],
        ['\n', '--'],
      ] as const) {
        const root = `Content-Type: multipart/mixed; boundary=b${eol}${eol}--b${eol}${eol}`;
        const body = `${'x'.repeat(TOKEN_LIMIT + offset - between.length)}${between}`;
        const message = Buffer.from(`${root}${body}${eol}--b--${eol}`);
        const words = scan(message, 65536);
        const end = root.length + body.length;
        expect(words).toContain(`end ${end}-${end} 1.1 ${root.length}-${end} delimiter false 0`);
        expect(words.filter((word) => word.startsWith('body')).length).toBeLessThanOrEqual(2);
      }
    },
  );

  it('takes no line for a delimiter that only a token has cut in two', () => {
    const root = 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\n';
    for (let offset = -4; offset <= 4; offset++) {
      const message = Buffer.from(`${root}${'x'.repeat(TOKEN_LIMIT + offset)}--b\n--b--\n`);
      expect(scan(message, 65536).filter((word) => word.startsWith('delimiter')).length).toBe(1);
    }
  });

  it.each(['x'.repeat(50), ' \n ', '\n ', 'x\r\n '])('takes a field of many times %j', (piece) => {
    const message = Buffer.from(
      `A: ${piece.repeat((3 * TOKEN_LIMIT) / piece.length)}\nContent-Type: text/html\n\nHi\n`,
    );
    const words = scan(message, 65536);
    expect(words.filter((word) => word.includes(' text/html ')).length).toBe(1);
    const lengths = words
      .map((word) => word.split(' ')[1]!.split('-'))
      .map(([from, to]) => Number(to) - Number(from));
    expect(Math.max(...lengths)).toBeLessThan(TOKEN_LIMIT + 2000);
  });
});

it('has offsets beyond 4 GiB', () => {
  const size = 5 * 2 ** 30;
  const scanner = new Scanner(new Window(new HugeSource(size), 1 << 20));
  const words: string[] = [];
  while (scanner.advance()) words.push(describeToken(scanner));
  expect(words.slice(-8)).toEqual(tokensAfterHugeAttachment(size));
});

/** Fails at some offset, or is cut there. */
class BrokenSource extends Source {
  private broken = false;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly intact: number,
    private readonly isCut: boolean,
  ) {
    super();
  }

  get size(): number {
    return 2 ** 35;
  }

  override get failed(): boolean {
    return this.broken;
  }

  read(offset: number, into: Uint8Array): number {
    if (offset + into.length > this.intact && !this.isCut) this.broken = true;
    const piece = this.broken
      ? new Uint8Array(0)
      : this.bytes.subarray(offset, Math.min(offset + into.length, this.intact));
    into.set(piece);
    return piece.length;
  }
}

describe('Scanner, on what is hostile or broken', () => {
  it('comes to an end where the source fails, wherever that is', () => {
    const message = Buffer.from(SHORT[1]! + SHORT[1]!);
    for (let intact = 0; intact <= message.length; intact++) {
      for (const isCut of [true, false]) {
        const window = new Window(new BrokenSource(message, intact, isCut), 64);
        const scanner = new Scanner(window);
        let tokens = 0;
        let end = 0;
        while (scanner.advance()) {
          if (scanner.start !== end) expect.fail(`${scanner.start} after ${end}`);
          end = scanner.end;
          tokens++;
        }
        expect(end).toBe(2 ** 35);
        expect(tokens).toBeLessThan(100);
      }
    }
  });
});
