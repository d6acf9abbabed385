import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dissect, entities } from './anatomy.ts';
import { wellFormedMessage } from './arbitrary-message.ts';
import { asOwnPart, type Expectation, inParts, NOTHING, WRAPPED } from './expectation.ts';
import { lineHunks } from './judge/difference.ts';
import { flowedLines } from './judge/flowed.ts';
import { judge } from './judge.ts';
import { base64, encodeText, SAMPLES } from './mail/encode.ts';
import { ASCII, WESTERN } from './pairs.ts';
import { Readers } from './readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const lines = (...all: string[]) => Buffer.from(`${all.join('\n')}\n`);

describe('a judge who can be trusted', () => {
  const mixed = lines(
    'From: a@example.com',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=BC=C3=9Fe',
    '--b',
    'Content-Type: application/pdf; name=a.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    'YWJjZA==',
    '--b--',
  );
  const footer = ASCII.text.replaceAll('=', '=3D');
  const good = mixed.toString().replace('=9Fe\n', `=9Fe\n${footer}\n`);
  const first: Expectation = { ...inParts(['1', 'text']), why: '' };

  it('accepts the footer in the right part', async () => {
    expect(await judge(mixed, Buffer.from(good), ASCII, first, readers)).toEqual([]);
  });

  it.each<[what: string, damaged: string, complaint: RegExp]>([
    ['the message unchanged', mixed.toString(), /no footer was added/],
    ['the footer twice', good.replace(footer, `${footer}\n${footer}`), /2 times/],
    [
      'unencoded into quoted-printable',
      good.replace(footer, ASCII.text),
      /has wrong characters|wrong characters|malformed/,
    ],
    ['glued to the last line', good.replace(`\n${footer}`, footer), /joined|wrong characters/],
    ['a changed attachment', good.replace('YWJjZA==', 'YWJjZQ=='), /part 2 should be identical/],
    ['a changed subject', good.replace('a@example', 'b@example'), /should be identical|header changed/],
    ['a lost closing boundary', good.replace('--b--\n', ''), /what stands after part 2/],
    ['a changed original text', good.replace('=C3=9F', 'ss'), /one piece put in/],
    ['8-bit bytes', good.replace(footer, `${footer} ü`), /7-bit clean/],
    ['a carriage return', good.replace(footer, footer.replace('\n', '\r\n')), /carriage return/],
    ['an overlong line', good.replace(footer, `${footer}${'x'.repeat(999)}`), /over 998/],
    ['the last newline lost', good.replace(/\n$/, ''), /end in a newline/],
    ['a stray part', good.replace('--b--', '\n--b\n\nmore\n--b--'), /2 parts became 3/],
  ])('complains about %s', async (_, damaged, complaint) => {
    const faults = await judge(mixed, Buffer.from(damaged, 'utf8'), ASCII, first, readers);
    expect(faults.join('\n')).toMatch(complaint);
  });

  it("accepts dashes at a line's start encoded where the line is cut, and no other change of it", async () => {
    const header =
      'Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<html><body>hello\n';
    const input = lines(`${header}-- bye</body></html>`);
    const html: Expectation = { ...inParts(['1', 'html']), why: '' };
    const footer = `<br>\n${ASCII.html?.replaceAll('=', '=3D').replace('>asciifoot', '>=\nasciifoot')}\n`;
    const output = (start: string) => Buffer.from(`${header}${start} bye${footer}</body></html>\n`);
    expect(await judge(input, output('=2D-'), ASCII, html, readers)).toEqual([]);
    expect(await judge(input, output('--'), ASCII, html, readers)).toEqual([]);
    const faults = await judge(input, output('=2E-'), ASCII, html, readers);
    expect(faults.join('\n')).toMatch(/one piece put in/);
  });

  it('sees characters in the wrong charset', async () => {
    const input = lines(
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Gr\\',
    );
    const right = Buffer.concat([input, Buffer.from(`${WESTERN.text}\n`, 'latin1')]);
    const wrong = Buffer.concat([input, Buffer.from(`${WESTERN.text}\n`, 'utf8')]);
    const text: Expectation = { ...inParts(['1', 'text']), why: '' };
    const eightBit = Buffer.from('ü\n', 'latin1');
    const [a, b, c] = [input, right, wrong].map((bytes) =>
      Buffer.from(bytes.toString('latin1').replace('\\\n', eightBit.toString('latin1')), 'latin1'),
    );
    expect(await judge(a!, b!, WESTERN, text, readers)).toEqual([]);
    expect((await judge(a!, c!, WESTERN, text, readers)).join()).toMatch(/wrong characters/);
  });

  it('judges HTML by what is seen', async () => {
    const html: Expectation = { ...inParts(['1', 'html']), why: '' };
    const input = lines('Content-Type: text/html', '', '<body><!-- </body> --><p>hi</p></body>');
    const at = (place: string, instead: string) => Buffer.from(input.toString().replace(place, instead));
    expect(await judge(input, at('</p></body>', `</p>${ASCII.html}</body>`), ASCII, html, readers)).toEqual(
      [],
    );
    expect((await judge(input, at('<!-- ', `<!-- ${ASCII.html}`), ASCII, html, readers)).join()).toMatch(
      /seen 0 times/,
    );
    expect(
      (await judge(input, at('</p></body>', `</p></body>${ASCII.html}`), ASCII, html, readers)).join(),
    ).toMatch(/behind/);
  });

  it('knows a wrap and a part of its own', async () => {
    const wrap: Expectation = { ...WRAPPED, why: '' };
    const input = lines(
      'From: a',
      'MIME-Version: 1.0',
      'Content-Type: image/png',
      'Subject: s',
      'Content-Transfer-Encoding: base64',
      '',
      'YWJj',
    );
    const wrapped = (inner: string) =>
      lines(
        'From: a',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=w',
        'Subject: s',
        '',
        '--w',
        inner,
        '',
        'YWJj',
        '--w',
        'Content-Type: text/plain',
        '',
        ASCII.text,
        '--w--',
      );
    expect(
      await judge(
        input,
        wrapped('Content-Type: image/png\nContent-Transfer-Encoding: base64'),
        ASCII,
        wrap,
        readers,
      ),
    ).toEqual([]);
    expect((await judge(input, wrapped('Content-Type: image/png'), ASCII, wrap, readers)).join()).toMatch(
      /Content- fields/,
    );

    const own: Expectation = { ...asOwnPart('0'), why: '' };
    const pdf = (extra: string) =>
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        `${extra}--b`,
        'Content-Type: application/pdf',
        '',
        '%PDF',
        '--b--',
      );
    const part = `--b\nContent-Type: text/plain\n\n${ASCII.text}\n`;
    expect(await judge(pdf(''), pdf(part), ASCII, own, readers)).toEqual([]);
    expect((await judge(pdf(''), pdf(''), ASCII, own, readers)).join()).toMatch(/own part is missing/);
  });

  it('judges broken mail by its bytes', async () => {
    const loose: Expectation = { ...NOTHING, why: '', loose: true };
    const input = lines('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text');
    const more = Buffer.concat([input, Buffer.from(`${ASCII.text}\n`)]);
    expect(await judge(input, more, ASCII, loose, readers)).toEqual([]);
    expect((await judge(input, more.subarray(10), ASCII, loose, readers)).join()).toMatch(/at offset 0/);
    expect(
      (
        await judge(input, Buffer.from(more.toString().replace('text\n', 'tex\n')), ASCII, loose, readers)
      ).join(),
    ).toMatch(/became/);
  });

  it('finds the shortest difference of lines', () => {
    const hunks = lineHunks(Buffer.from('a\nb\nc\nd\n'), Buffer.from('a\nx\nb\nd\ne\n'));
    expect(hunks.map((hunk) => [hunk.at, hunk.removed.toString(), hunk.added.toString()])).toEqual([
      [2, '', 'x\n'],
      [4, 'c\n', ''],
      [8, '', 'e\n'],
    ]);
  });

  it('joins flowed lines as RFC 3676 says', () => {
    expect(flowedLines('one \ntwo\n> q \n> r\n-- \nname \n', false)).toEqual([
      'one two',
      '>q r',
      '-- ',
      'name ',
    ]);
    expect(flowedLines('日 \n本\n', true)).toEqual(['日本', '']);
  });
});

describe('generated mail', () => {
  it.each(Object.entries(SAMPLES))('has a sample in %s that Python reads back', async (charset, sample) => {
    const head = `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: base64\n\n`;
    const body = base64(encodeText(sample, charset), '\n', 76);
    const reading = await readers.python(Buffer.from(`${head}${body}\n`));
    expect(reading?.parts[0]?.text).toBe(sample);
  });

  it('looks the same to the judges, to Python and to its maker', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormedMessage(), async ({ bytes }) => {
        const mine = [...entities(dissect(bytes))].filter((entity) => !entity.type.startsWith('multipart/'));
        const reading = await readers.python(bytes);
        const standard = (number: string, type: string) => `${number} ${type}`;
        expect(mine.map((entity) => standard(entity.number, entity.type))).toEqual(
          reading?.parts.map((part) => standard(part.number, part.type)),
        );
        const untouched = { ...NOTHING, why: '' };
        const withNewline =
          bytes.at(-1) === 0x0a
            ? bytes
            : Buffer.concat([bytes, Buffer.from(bytes.includes('\r\n') ? '\r\n' : '\n')]);
        expect(await judge(bytes, withNewline, ASCII, untouched, readers)).toEqual([]);
        const charsets = reading?.parts
          .filter((part) => part.problem !== null)
          .map((part) => `${part.charset}: ${part.problem}`);
        expect(charsets).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
