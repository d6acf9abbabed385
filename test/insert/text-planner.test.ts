import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { FooterKind, Manner, Reason } from '../../src/insert/outcome.ts';
import { charsetNamed } from '../../src/mime/charset/charsets.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';
import { inMultipart, message, planText } from './one-text.ts';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const base64 = (bytes: Buffer | string) => `${Buffer.from(bytes as string).toString('base64')}\n`;
/** Lines are as long as the author's; what is in them is asked for. */
const unfolded = (body: string, encoding: string) =>
  encoding === 'base64' ? Buffer.from(body, 'base64').toString('base64') : body;

/** The body of the message that comes out. @param content the input's, latin1 characters */
function bodyAfter(type: string, encoding: string, content: string, footer: string): string {
  const { output } = planText(message(type, encoding, content), footer);
  return output.toString('latin1').split('\n\n').slice(1).join('\n\n');
}

function headerAfter(type: string, encoding: string, content: string, footer: string): string {
  const { output } = planText(message(type, encoding, content), footer);
  return output.toString('latin1').split('\n\n')[0]!;
}

const reasonFor = (type: string, encoding: string, content: string, footer = 'für') =>
  planText(message(type, encoding, content), footer).plan.reason;

describe('a footer in ASCII', () => {
  it.each([
    ['', '', 'Hi\n', 'Hi\nF\n'],
    ['', '', 'Hi', 'Hi\nF\n'],
    ['', '', '', 'F\n'],
    ['text/plain; charset=utf-8', '8bit', 'Hi\n\n', 'Hi\n\nF\n'],
    ['text/plain; charset=x-made-up', '8bit', '\xfc\n', '\xfc\nF\n'],
    ['text/plain; charset=utf-8', 'quoted-printable', 'Hi=\n', 'Hi=\n\nF\n'],
    ['text/plain', 'base64', base64('Hi\r\n'), base64('Hi\r\nF\r\n')],
    ['text/plain', 'base64', base64('Hi\n'), base64('Hi\nF\n')],
    ['text/plain', 'base64', base64('Hi'), base64('Hi\r\nF')],
  ])('%j %j %j becomes %j', (type, encoding, content, expected) => {
    expect(unfolded(bodyAfter(type, encoding, content, 'F'), encoding)).toBe(unfolded(expected, encoding));
  });

  it('leaves the header alone', () => {
    expect(headerAfter('text/plain', '7bit', 'Hi\n', 'F')).not.toContain('charset');
  });
});

describe('a footer that is not ASCII', () => {
  it.each([
    ['in UTF-8', 'text/plain; charset=utf-8', '8bit', latin1('Grüße\n'), latin1('Grüße\nfür\n')],
    ['in Latin-1', 'text/plain; charset=iso-8859-1', '8bit', 'Gr\xfc\xdfe\n', 'Gr\xfc\xdfe\nf\xfcr\n'],
    [
      'in quoted-printable',
      'text/plain; charset=iso-8859-1',
      'quoted-printable',
      'Gr=FC=DFe\n',
      'Gr=FC=DFe\nf=FCr\n',
    ],
    ['in base64', 'text/plain; charset=utf-8', 'base64', base64('Grüße\r\n'), base64('Grüße\r\nfür\r\n')],
  ])('is written %s as the part is, and the header stays', (_, type, encoding, content, expected) => {
    expect(unfolded(bodyAfter(type, encoding, content, 'für'), encoding)).toBe(unfolded(expected, encoding));
    expect(headerAfter(type, encoding, content, 'für')).toContain(
      `${type}\nContent-Transfer-Encoding: ${encoding}`,
    );
  });

  it('makes ASCII text UTF-8, and what is 7bit stays 7-bit', () => {
    const { output, plan } = planText(message('', '', 'a=b\n'), 'für');
    expect(output.toString('latin1')).toBe(
      'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n' +
        'Content-Transfer-Encoding: quoted-printable\n\na=3Db\nf=C3=BCr\n',
    );
    expect(plan.placed).toMatchObject({ manner: Manner.Into, kind: FooterKind.Text, transliterated: false });
  });

  it('keeps 8bit and base64 as they are where only the label changes', () => {
    expect(headerAfter('text/plain; charset=us-ascii', '8bit', 'Hi\n', 'für')).toContain(
      'charset=utf-8\nContent-Transfer-Encoding: 8bit',
    );
    expect(bodyAfter('text/plain; charset=us-ascii', '8bit', 'Hi\n', 'für')).toBe(latin1('Hi\nfür\n'));
    expect(bodyAfter('text/plain', 'base64', base64('Hi\r\n'), 'für')).toBe(base64('Hi\r\nfür\r\n'));
  });

  it('makes 7bit text quoted-printable in its own charset', () => {
    const input = message('text/plain; charset=iso-8859-1', '7bit', 'Costs = 3 \n');
    expect(planText(input, 'für').output.toString('latin1')).toBe(
      'MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n' +
        'Content-Transfer-Encoding: quoted-printable\n\nCosts =3D 3=20\nf=FCr\n',
    );
  });

  it('is as 8-bit as text that only calls itself 7bit', () => {
    expect(bodyAfter('text/plain; charset=iso-8859-1', '7bit', 'Gr\xfc\xdfe\n', 'für')).toBe(
      'Gr\xfc\xdfe\nf\xfcr\n',
    );
  });
});

describe('text that a charset cannot hold the footer of', () => {
  it('is converted to UTF-8', () => {
    const input = message('text/plain; charset=iso-8859-1', 'quoted-printable', 'Gr=FC=DFe\n');
    const { output, plan } = planText(input, 'ж');
    expect(output.toString('latin1')).toBe(
      'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n' +
        'Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n=D0=B6\n',
    );
    expect(plan.placed!.convertedFrom).not.toBe('');
  });

  it('stays 8bit, and base64', () => {
    expect(bodyAfter('text/plain; charset=iso-8859-1', '8bit', 'Gr\xfc\xdfe\n', 'ж')).toBe(
      latin1('Grüße\nж\n'),
    );
    const content = base64(Buffer.from('Gr\xfc\xdfe\r\n', 'latin1'));
    expect(bodyAfter('text/plain; charset=iso-8859-1', 'base64', content, 'ж')).toBe(
      base64('Grüße\r\nж\r\n'),
    );
  });

  it('becomes quoted-printable where its lines would get too long', () => {
    const content = `${'\xfc'.repeat(600)}\n`;
    expect(headerAfter('text/plain; charset=iso-8859-1', '8bit', content, 'ж')).toContain('quoted-printable');
  });

  it('becomes quoted-printable where a line could be a delimiter then', () => {
    const part =
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n--gr\xfcn\n-- \nx';
    const input = inMultipart(latin1('grün'), part);
    expect(planText(input, 'ж').output.toString('latin1')).toContain('=2D-gr=C3=BCn\n=2D-=20\nx\n=D0=B6\n');
    const harmless = inMultipart('b', part.replace('--gr\xfcn', 'gr\xfcn'));
    expect(planText(harmless, 'ж').output.toString('latin1')).toContain(latin1('grün\n-- \nx\nж\n'));
  });

  it('drops what a quoted-printable decoder has to drop', () => {
    const content = 'Gr=FC=DFe, first line \nsecond line \t\nkept=20\nthird';
    expect(bodyAfter('text/plain; charset=iso-8859-1', 'quoted-printable', content, 'ж')).toBe(
      'Gr=C3=BC=C3=9Fe, first line\nsecond line\nkept=20\nthird\n=D0=B6\n',
    );
  });

  it('is left, and the footer in ASCII, where it is longer than what is written anew', () => {
    const content = `${'Gr\xfc\xdfe\n'.repeat(180_000)}`;
    const { plan } = planText(message('text/plain; charset=iso-8859-1', '8bit', content), 'ж');
    expect(plan.recoding).toBeNull();
    expect(plan.placed!.transliterated).toBe(true);
  });
});

describe('text of which nobody knows what it says', () => {
  it.each([
    ['of an unknown charset', 'text/plain; charset=x-made-up', '8bit', 'Gr\xfc\xdfe\n'],
    ['8-bit and undeclared', '', '', 'Gr\xfc\xdfe\n'],
    ['8-bit and called ASCII', 'text/plain; charset=us-ascii', '8bit', latin1('Grüße\n')],
    ['UTF-8 under a single-byte label', 'text/plain; charset="iso-8859-1"', '8bit', latin1('Hyvää päivää\n')],
    [
      'not valid in its charset, which lacks the footer',
      'text/plain; charset=us-ascii',
      '8bit',
      'Gr\xfc\xdfe\n',
    ],
  ])('%s: it keeps bytes and label, and the footer is spelled in ASCII', (_, type, encoding, content) => {
    const input = message(type, encoding, content);
    const { output, plan } = planText(input, 'für');
    expect(output.toString('latin1')).toMatch(/\nfur\n$/);
    expect(output.toString('latin1').startsWith(input)).toBe(true);
    expect(plan.placed!.transliterated).toBe(true);
  });

  it.each(['', '8bit', '7bit'])(
    'undeclared in %j, but valid UTF-8: it gets a UTF-8 footer under the header it has',
    (encoding) => {
      const input = message('', encoding, latin1('Grüße\n'));
      const { output, plan } = planText(input, 'für');
      expect(output.toString('latin1')).toBe(input + latin1('für\n'));
      expect(plan.placed!.transliterated).toBe(false);
    },
  );

  it('a label that lies in UTF-8 is the footer’s as well', () => {
    expect(bodyAfter('text/plain; charset=utf-8', '8bit', 'Gr\xfc\xdfe\n', 'für')).toBe(
      `Gr\xfc\xdfe\n${latin1('für\n')}`,
    );
  });

  it('cannot change a header that readers disagree about', () => {
    const input = 'MIME-Version: 1.0\nContent-Type: text/plain\nno field\n';
    const { output, plan } = planText(input, 'für');
    expect(output.toString('latin1').startsWith(input)).toBe(true);
    expect(plan.placed!.transliterated).toBe(true);
  });
});

/** Readers know such text by its escapes, but only where no charset is declared. */
describe('ISO-2022-JP whose charset is not declared', () => {
  const content = '\x1b$BF|K\\\x1b(B\n';
  const input = message('text/plain;', '', content);

  it('keeps its header, and takes the footer as it is written itself', () => {
    expect(planText(input, '日本語').output.toString('latin1')).toBe(`${input}\x1b$BF|K\\8l\x1b(B\n`);
  });

  it('keeps its header where it cannot hold the footer', () => {
    const { output, plan } = planText(input, 'für 日本語');
    expect(output.toString('latin1')).toMatch(/^[\x00-\x7f]*fur [\x00-\x7f]*$/);
    expect(output.toString('latin1').startsWith(input)).toBe(true);
    expect(plan.placed!.transliterated).toBe(true);
  });

  it.each([
    ['shifts to another charset', '\x1b$)C\x0e0\x0f\n'],
    ['is not valid', '\x1b$BF|K\n'],
    ['is not valid at its end', '\x1b$BF|\x1b(B ok\n\x1b$BF'],
  ])('is not taken for what %s', (_, other) => {
    const { output } = planText(message('text/plain;', '', other), '日本語');
    const added = output.toString('latin1').slice(message('text/plain;', '', other).length);
    expect(added).toMatch(/^[\n ->A-~]+\n$/);
  });

  it('is not what a terminal’s escapes are: those are ASCII, and become UTF-8 with the rest of the text', () => {
    expect(headerAfter('text/plain;', '', '\x1b[32mok\x1b(B\x1b[m\n', 'für')).toContain('charset=utf-8');
  });
});

describe('charsets of the world', () => {
  const inCharset = (name: string, text: string) =>
    Buffer.from(charsetNamed(name)!.encode(text)!).toString('latin1');

  it.each(['koi8_r', 'x-cp1251', 'cp866', 'iso-8859-5'])('Cyrillic under the label %s', (label) => {
    const content = inCharset(label, 'Привет, все\n');
    const type = `text/plain; charset=${label}`;
    expect(bodyAfter(type, '8bit', content, 'Список')).toBe(`${content}${inCharset(label, 'Список\n')}`);
    expect(bodyAfter(type, '8bit', content, 'für')).toBe(latin1('Привет, все\nfür\n'));
  });

  it.each(['shift_jis', 'euc-jp', 'iso-2022-jp'])('Japanese in %s', (name) => {
    const content = inCharset(name, '日本語\n');
    const encoding = name === 'iso-2022-jp' ? '7bit' : '8bit';
    const type = `text/plain; charset=${name}`;
    expect(bodyAfter(type, encoding, content, '日本')).toBe(`${content}${inCharset(name, '日本\n')}`);
    const { output, plan } = planText(message(type, encoding, content), 'für');
    expect(plan.placed).toMatchObject({ convertedFrom: name, transliterated: false });
    expect(output.toString('latin1')).toContain(
      encoding === '7bit' ? '\n=E6=97=A5=E6=9C=AC=E8=AA=9E\nf=C3=BCr\n' : latin1('\n日本語\nfür\n'),
    );
  });

  it('UTF-16 in base64, by its label or its byte order mark', () => {
    const text = Buffer.from('\ufeffHi\r\n', 'utf16le');
    const expected = Buffer.from('\ufeffHi\r\nfür\r\n', 'utf16le').toString('base64');
    for (const label of ['utf-16', 'utf-16le']) {
      const after = bodyAfter(`text/plain; charset=${label}`, 'base64', base64(text), 'für');
      expect(unfolded(after, 'base64')).toBe(expected);
    }
    expect(reasonFor('text/plain; charset=utf-16', 'base64', base64(text.subarray(2)))).toBe(
      Reason.UnusableCharset,
    );
    expect(reasonFor('text/plain; charset=utf-16le', 'base64', base64(text.subarray(1)))).toBe(
      Reason.UnusableCharset,
    );
  });

  it('iso-8859-1 as all readers read it', () => {
    const type = 'text/plain; charset=iso-8859-1';
    expect(bodyAfter(type, '8bit', '\x93Gr\xfc\xdfe\x94\n', 'ж')).toBe(latin1('“Grüße”\nж\n'));
  });
});

describe('why a text gets no footer', () => {
  it.each([
    ['its encoding is unknown', 'text/plain', 'x-uuencode', 'begin\n', Reason.UnknownEncoding],
    ['its charset excludes ASCII', 'text/plain; charset=utf-32', '8bit', 'x\n', Reason.UnusableCharset],
    ['it has a NUL', 'text/plain', '8bit', 'a\0b\n', Reason.NotReallyText],
    ['it is a PDF', 'text/plain', 'base64', base64('%PDF-1.4\n%x\n'), Reason.NotReallyText],
    [
      'it is a PNG',
      'text/plain',
      'base64',
      base64(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
      Reason.NotReallyText,
    ],
    [
      'there is text after its padding',
      'text/plain',
      'base64',
      'aGVsbG8NCiE=\n\n_____\nother footer\n',
      Reason.BrokenBase64,
    ],
    [
      'it is no base64',
      'text/plain; charset=utf-8',
      'base64',
      'Dear all, this is no base64 at all.\n',
      Reason.BrokenBase64,
    ],
    [
      'a PGP block is open',
      'text/plain',
      '7bit',
      '-----BEGIN PGP MESSAGE-----\n\nhQEMA4\n',
      Reason.UnclosedPgp,
    ],
    ['the footer is there', 'text/plain; charset=utf-8', '8bit', latin1('Hi\nfür\n\n'), Reason.AlreadyThere],
    ['it is there in ASCII', 'text/plain; charset=x-made-up', '8bit', 'Hi\nfur\n\n', Reason.AlreadyThere],
  ])('%s', (_, type, encoding, content, expected) => {
    expect(reasonFor(type, encoding, content)).toBe(expected);
    const { output } = planText(message(type, encoding, content), 'für');
    expect(output.toString('latin1')).toBe(message(type, encoding, content));
  });
});

describe('PGP in a text', () => {
  const block =
    '-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n\ny\n-----END PGP SIGNATURE-----\n';

  it('has the footer after its END line', () => {
    expect(bodyAfter('text/plain; charset=utf-8', '8bit', block, 'für')).toBe(`${block}${latin1('für\n')}`);
  });

  it('is never converted', () => {
    const content = block.replace('x', 'Gr\xfc\xdfe');
    const { plan, output } = planText(message('text/plain; charset=iso-8859-1', '8bit', content), 'ж');
    expect(plan.placed!.transliterated).toBe(true);
    expect(output.toString('latin1')).toContain(content);
  });
});

describe('format=flowed', () => {
  const type = 'text/plain; charset=utf-8; format=flowed';

  it.each([
    ['open \n', 'open \n\nF\n'],
    ['open ', 'open \n\nF\n'],
    ['-- \n', '-- \nF\n'],
    ['fixed\n', 'fixed\nF\n'],
  ])('%j becomes %j', (content, expected) => {
    expect(bodyAfter(type, '8bit', content, 'F')).toBe(expected);
    expect(bodyAfter(`${type}; delsp=yes`, '8bit', content, 'F')).toBe(expected);
  });

  it('stuffs the footer’s lines', () => {
    expect(bodyAfter(type, '8bit', 'x\n', '-- \n> a \n b')).toBe('x\n-- \n > a\n  b\n');
  });
});

describe('blank texts', () => {
  it.each([
    ['', '', '', true],
    ['', '', ' \t\r\n\n', true],
    ['text/plain; charset=utf-8', '8bit', '\xef\xbb\xbf\xc2\xa0\xe2\x80\x8b\n', true],
    ['text/plain; charset=utf-8', '8bit', '\xc2\xa0.\n', false],
    ['text/plain; charset=iso-8859-1', '8bit', '\xa0\n', true],
    ['text/plain; charset=iso-8859-1', 'quoted-printable', '=A0=\n', true],
    ['', '', '\xc2\xa0\n', true],
    ['text/plain; charset=utf-8', '8bit', '\xff\n', false],
    ['text/plain; charset=x-made-up', '8bit', '\xa0\n', false],
    ['text/plain; charset=utf-8', '8bit', `${' \n'.repeat(50_000)}x`, false],
  ])('%j %j %j: %j', (type, encoding, content, expected) => {
    expect(planText(message(type, encoding, content), 'F').plan.isBlank).toBe(expected);
  });
});

describe('a footer line that would be a delimiter', () => {
  const footer = '--b--';
  const part = (encoding: string) =>
    `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\nHi`;

  it.each(['7bit', '8bit', 'binary'])('goes out in quoted-printable instead of %s', (encoding) => {
    const input = inMultipart('b', part(encoding));
    const { plan, output } = planText(input, footer, { avoidsUnencoded: true });
    expect(plan.recoding!.to).toBe(TransferEncoding.QuotedPrintable);
    expect(output.toString('latin1')).toContain('quoted-printable\n\nHi\n=2D-b--\n--b--\n');
  });

  it('is not written where the header cannot change', () => {
    const input = inMultipart('b', 'Content-Type: text/plain\nno field');
    expect(planText(input, footer, { avoidsUnencoded: true }).plan.reason).toBe(Reason.DelimiterLine);
  });

  it('is never one in quoted-printable', () => {
    const { output } = planText(inMultipart('b', part('quoted-printable')), footer);
    expect(output.toString('latin1')).toContain('Hi\n=2D-b--\n--b--\n');
  });
});

describe('line ends', () => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');

  it.each([
    ['utf-8', '8bit', latin1('Grüße\n'), latin1('Grüße\nfür\nzwei\n')],
    ['utf-8', '7bit', 'Hi\n', 'Hi\nf=C3=BCr\nzwei\n'],
    ['iso-8859-1', 'quoted-printable', 'Hi=\n\n', 'Hi=\n\nf=FCr\nzwei\n'],
  ])('are the message’s own (%s in %s)', (charset, encoding, content, expected) => {
    const input = crlf(message(`text/plain; charset=${charset}`, encoding, content));
    const { output } = planText(input, 'für\nzwei');
    expect(output.toString('latin1').endsWith(crlf(`\n\n${expected}`))).toBe(true);
    expect(output.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('after the text', () => {
  it.each([
    ['a delimiter', 'text/plain; charset=utf-8', '8bit', 'Hi', 'Hi\nF\n--b--\n'],
    ['a delimiter after a line end', 'text/plain; charset=utf-8', '8bit', 'Hi\n', 'Hi\nF\n\n--b--\n'],
    ['a delimiter', 'text/plain', 'base64', base64('Hi'), `${base64('Hi\r\nF')}\n--b--\n`],
  ])('there is %s', (_, type, encoding, content, expected) => {
    const input = inMultipart(
      'b',
      `Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${content}`,
    );
    const { output } = planText(input, 'F');
    expect(output.toString('latin1').endsWith(`\n\n${expected}`)).toBe(true);
  });

  it('there is nothing, not even a line end', () => {
    expect(bodyAfter('text/plain', 'base64', base64('Hi').trim(), 'F')).toBe(base64('Hi\r\nF'));
    expect(bodyAfter('text/plain; charset=iso-8859-1', 'base64', 'Gr/83w==', 'ж').endsWith('=\n')).toBe(true);
  });
});

describe('read by another', () => {
  const texts = [
    'Grüße\n',
    'no end',
    'trailing \n',
    '',
    '.\n..\nFrom here\n--\n',
    `${'long '.repeat(500)}\n`,
  ];
  const footers = ['-- \nPlain footer', 'Grüße und mehr\nзdвe', `${'wörter '.repeat(200)}end`];
  const encodings = ['7bit', '8bit', 'quoted-printable', 'base64'];

  it.each(encodings)('the text comes first, the footer follows (%s)', async (encoding) => {
    for (const text of texts) {
      for (const footer of footers) {
        const charset = /^[\0-\x7f]*$/.test(text) ? 'us-ascii' : 'utf-8';
        const input = message(`text/plain; charset=${charset}`, encoding, encode(text, encoding));
        const { output } = planText(input, footer);
        const [before, after] = await Promise.all([
          simpleParser(Buffer.from(input, 'latin1')),
          simpleParser(output),
        ]);
        const was = (before.text ?? '').trimEnd();
        expect(after.text!.slice(0, was.length)).toBe(was);
        const words = (one: string) => one.split(/\s+/).filter((word) => word !== '');
        expect(words(after.text!)).toEqual([...words(was), ...words(footer)]);
      }
    }
  });

  function encode(text: string, encoding: string): string {
    if (encoding === 'base64') return base64(text.replaceAll('\n', '\r\n'));
    if (encoding !== 'quoted-printable') return latin1(text);
    return latin1(text).replace(
      /[=\x80-\xff]| (?=\n)/g,
      (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  }
});
