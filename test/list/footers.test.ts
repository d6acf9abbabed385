import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFooters } from '../../src/list/footers.ts';
import { List } from '../../src/list/list.ts';
import { CountingFiles } from '../helpers/counting-files.ts';
import { makeList } from '../helpers/list-directory.ts';
import { lacks, ROOT_USER } from '../helpers/needs.ts';

type Control = Readonly<Record<string, string | Uint8Array>>;

async function footersOf(control: Control, prepare?: (control: string) => Promise<unknown>) {
  const made = await makeList(control);
  try {
    await prepare?.(join(made.directory, 'control'));
    const list = new List(made.directory, ['news@example.org'], '-', null);
    const files = new CountingFiles();
    const { pair, troubles } = readFooters(list, files);
    return {
      ...pair,
      trouble: troubles.length === 0 ? undefined : troubles.join('; '),
      asked: files.asked.map((path) => path.replace(/^.*\//, '')),
    };
  } finally {
    await made.remove();
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('which file counts', () => {
  it('reads two files and no more where both are there', async () => {
    expect(await footersOf({ footer_text: 'a\n', footer_html: '<p>b</p>\n', 'footer-text': 'no' })).toEqual({
      text: 'a',
      html: '<p>b</p>',
      trouble: undefined,
      asked: ['footer_text', 'footer_html'],
    });
  });

  it.each<[string, Control, string, string]>([
    [
      'the contrib script’s names',
      { 'amime-footer-text': 'a', 'amime-footer-html': '<i>b</i>' },
      'a',
      '<i>b</i>',
    ],
    ['the plain names', { 'footer-text': 'a', 'footer-html': '<i>b</i>' }, 'a', '<i>b</i>'],
    [
      'each half by itself',
      { footer_html: '<i>b</i>', 'footer-html': 'no', 'footer-text': 'a' },
      'a',
      '<i>b</i>',
    ],
    [
      'in the order of the names',
      { 'amime-footer-text': 'a', 'footer-text': 'no', 'amime-footer-html': '<i>b</i>', 'footer-html': 'no' },
      'a',
      '<i>b</i>',
    ],
    ['base64', { footer_base64: base64('ü\r\n'), footer_html: '<i>b</i>' }, 'ü', '<i>b</i>'],
    [
      'base64 of the other name',
      { 'amime-footer-base64': base64('a'), footer_html: '<i>b</i>' },
      'a',
      '<i>b</i>',
    ],
    [
      'base64 only without a text',
      { footer_base64: base64('no'), 'footer-text': 'a', footer_html: '<i>b</i>' },
      'a',
      '<i>b</i>',
    ],
    [
      'base64 over lines, without padding',
      { footer_base64: 'YW\r\nI\n', footer_html: '<i>b</i>' },
      'ab',
      '<i>b</i>',
    ],
    [
      'base64 of Latin-1',
      { footer_base64: Buffer.from([0xfc]).toString('base64'), footer_html: '<i>b</i>' },
      'ü',
      '<i>b</i>',
    ],
    [
      'the next where the first is blank',
      { footer_text: ' \r\n', 'footer-text': 'a', footer_html: '<i>b</i>' },
      'a',
      '<i>b</i>',
    ],
    [
      'the next where the first shows nothing',
      { footer_text: 'a', footer_html: '<p>&nbsp;</p>', 'footer-html': '<i>b</i>' },
      'a',
      '<i>b</i>',
    ],
  ])('%s', async (_what, control, text, html) => {
    expect(await footersOf(control)).toMatchObject({ text, html, trouble: undefined });
  });

  it.each<[string, Control]>([
    ['no files', {}],
    ['lone newlines', { footer_text: '\n', footer_html: '\r\n' }],
    ['marks and blanks', { footer_text: '\ufeff', footer_html: '\ufeff \t\n', footer_base64: '\n' }],
    [
      'nothing visible',
      { footer_html: '<html><head><title>x</title></head><body>&nbsp;<!-- x --></body></html>' },
    ],
    ['base64 of blanks', { footer_base64: base64('\n \n') }],
    [
      'nothing but an empty control file',
      { motto: '\n', footer_text: '$control motto$', footer_html: '<p>$control motto$</p>' },
    ],
  ])('no footers: %s', async (_what, control) => {
    const { text, html, trouble } = await footersOf(control);
    expect([text, html, trouble]).toEqual([undefined, undefined, undefined]);
  });
});

describe('what is in it', () => {
  it.each([
    ['its last newlines go', 'a\nb\n\n \n', 'a\nb'],
    ['leading blank lines stay', '\n\na\n', '\n\na'],
    ['blanks at line ends go', 'a  \nb\t\n  c \n', 'a\nb\n  c'],
    ['but not the signature’s', '-- \nThe list  \n', '-- \nThe list'],
    ['a signature at the end', 'a\n-- ', 'a\n-- '],
    ['CRLF', '-- \r\na\r\nb\r\n', '-- \na\nb'],
    ['lone CRs', 'a\rb\r', 'a\nb'],
    ['UTF-8 with a mark', '\ufeffü\n', 'ü'],
    ['Latin-1', Uint8Array.of(0x66, 0xfc, 0x72, 10), 'für'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0xfc, 0, 10, 0), 'ü'],
    ['no last newline', 'a', 'a'],
  ])('text: %s', async (_what, footer_text, text) => {
    expect(await footersOf({ footer_text, footer_html: '<p>x</p>' })).toMatchObject({
      text,
      trouble: undefined,
    });
  });

  it('HTML: a document’s inside, in any encoding and with any line ends', async () => {
    const document =
      '\ufeff<!DOCTYPE html>\r\n<html><head><title>T</title></head>\r\n<body>\r\n<p>\r\nü</p>\r\n</body></html>\r\n';
    expect(await footersOf({ footer_text: 'x', footer_html: document })).toMatchObject({
      html: '<p>\nü</p>',
    });
    const latin1 = Uint8Array.from(document.slice(1), (character) => character.charCodeAt(0));
    expect(await footersOf({ footer_text: 'x', footer_html: latin1 })).toMatchObject({ html: '<p>\nü</p>' });
  });

  it('substitutes plain values into text and escaped ones into HTML', async () => {
    const control = {
      motto: 'a < b & c\n',
      footer_text: '$list+$unsubscribe@$domain$ $listunsubaddr$ $control motto$ $5\n',
      footer_html: '<p>$list$ <a href="mailto:$listowner$">$control motto$</a> $5</p>',
    };
    expect(await footersOf(control)).toMatchObject({
      text: 'news-unsubscribe@example.org news-unsubscribe@example.org a < b & c $5',
      html: '<p>news <a href="mailto:news-owner@example.org">a &lt; b &amp; c</a> $5</p>',
      trouble: undefined,
    });
  });
});

describe('the missing half', () => {
  it('HTML from text, with substituted addresses clickable', async () => {
    expect(
      await footersOf({ footer_text: '-- \nLeave: $listunsubaddr$\n', footer_html: '\n' }),
    ).toMatchObject({
      text: '-- \nLeave: news-unsubscribe@example.org',
      html: '<div dir="auto">-- <br>\nLeave: <a href="mailto:news-unsubscribe@example.org">news-unsubscribe@example.org</a></div>',
    });
  });

  it('HTML from text says which language it is in, where the list does', async () => {
    const control = { footer_text: 'Tschüs', 'amime-language': 'de\n' };
    expect(await footersOf(control)).toMatchObject({ html: '<div dir="auto" lang="de">Tschüs</div>' });
    expect(await footersOf({ ...control, footer_html: '<p>Tschüs</p>' })).toMatchObject({
      html: '<p>Tschüs</p>',
      asked: ['footer_text', 'footer_html'],
    });
  });

  it('text from HTML, as mlmmjadmin leaves it: a lone newline beside a real HTML footer', async () => {
    expect(
      await footersOf({
        footer_text: '\n',
        footer_html: '<p>Leave: <a href="mailto:$listunsubaddr$">here</a></p>\n',
      }),
    ).toMatchObject({
      text: 'Leave: here <news-unsubscribe@example.org>',
      html: '<p>Leave: <a href="mailto:news-unsubscribe@example.org">here</a></p>',
    });
  });

  it.each(['<hr>', '<img src="https://example.org/x.png">', '<img src="cid:x">', '<svg></svg>'])(
    'text from %s is not blank',
    async (footer_html) => {
      const { text, html } = await footersOf({ footer_html });
      expect(html).toBe(footer_html);
      expect(text).toMatch(/\S/);
    },
  );
});

describe('trouble', () => {
  it.each<[string, Control, string]>([
    ['too large', { footer_text: 'x'.repeat(65_537) }, 'footer_text is larger than 64 KiB'],
    ['binary', { footer_html: Uint8Array.of(0x89, 0x50, 0, 1) }, 'footer_html is not a text file'],
    ['not base64', { footer_base64: '*not base64*' }, 'footer_base64 is not base64'],
    ['base64 of a picture', { footer_base64: base64('\x89PNG\0') }, 'footer_base64 is not a text file'],
    [
      'grown',
      { footer_text: '$control big$'.repeat(10), big: 'x'.repeat(60_000) },
      'footer_text grows larger than 256 KiB',
    ],
    [
      'both',
      { footer_text: '\0', footer_html: '\0' },
      'footer_text is not a text file; footer_html is not a text file',
    ],
  ])('%s: no footers, and why', async (_what, control, trouble) => {
    const result = await footersOf(control);
    expect(result).toMatchObject({ trouble });
    expect([result.text, result.html]).toEqual([undefined, undefined]);
  });

  it('64 KiB exactly is not too large', async () => {
    expect(await footersOf({ footer_text: 'x'.repeat(65_536), footer_html: 'y' })).toMatchObject({
      trouble: undefined,
    });
  });

  it('the other half is used for both', async () => {
    expect(await footersOf({ footer_text: '\0', footer_html: '<p>b</p>' })).toMatchObject({
      text: 'b',
      html: '<p>b</p>',
      trouble: 'footer_text is not a text file',
    });
  });

  it('an older name does not step in for a file that is in trouble', async () => {
    expect(
      await footersOf({ footer_text: '\0', 'footer-text': 'old', footer_html: '<p>b</p>' }),
    ).toMatchObject({ text: 'b' });
  });

  it('a directory in a footer’s place', async () => {
    const { trouble } = await footersOf({}, (control) => mkdir(join(control, 'footer_text')));
    expect(trouble).toBe('footer_text cannot be read (EISDIR)');
  });

  it('a FIFO in a footer’s place, which is not waited for', async () => {
    const { trouble } = await footersOf({}, async (control) => {
      execFileSync('mkfifo', [join(control, 'footer_html')]);
    });
    expect(trouble).toBe('footer_html is no regular file');
  });

  it('a control file that cannot be quoted leaves the footer as it is written', async () => {
    expect(await footersOf({ footer_text: '$control motto$', motto: '\0' })).toMatchObject({
      text: '$control motto$',
      trouble: 'motto is not a text file',
    });
  });

  const noRoot = lacks(ROOT_USER);
  it.skipIf(noRoot)(`no permission${noRoot}`, async () => {
    const made = await makeList({ footer_text: 'a', footer_html: '<p>b</p>' });
    try {
      await chmod(made.spool, 0o755);
      await chmod(join(made.directory, 'control/footer_text'), 0o000);
      await chown(made.directory, 65534, 65534);
      const script = `
        const [portable, footers, list, nodeFiles, directory] = process.argv.slice(1);
        await import(portable);
        const { readFooters } = await import(footers);
        const { List } = await import(list);
        const { NodeFiles } = await import(nodeFiles);
        process.setgroups([]); process.setgid(65534); process.setuid(65534);
        console.log(JSON.stringify(readFooters(new List(directory, [], '+', null), new NodeFiles())));`;
      const module = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;
      const modules = ['portable.ts', 'list/footers.ts', 'list/list.ts', 'host/node-files.ts'].map(module);
      const { stdout } = await execa(process.execPath, [
        ...['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
        ...[...modules, made.directory],
      ]);
      expect(JSON.parse(stdout)).toEqual({
        pair: { text: 'b', html: '<p>b</p>' },
        troubles: ['footer_text cannot be read (EACCES)'],
      });
    } finally {
      await made.remove();
    }
  });
});

describe('properties', () => {
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<html>',
          '<body>',
          '</body>',
          '<!--',
          '-->',
          '$list$',
          '$',
          '$control a$',
          '\r\n',
          '\r',
          ' ',
          '-- ',
          'ü',
          'a',
          '&nbsp;',
          'https://x.org',
          '"',
        ),
        { maxLength: 20 },
      )
      .map((parts) => new TextEncoder().encode(parts.join(''))),
  );
  const names = ['footer_text', 'footer_html', 'footer_base64', 'amime-footer-text', 'footer-html', 'a'];

  it('any files give a whole pair or none, never blank, never ending in a newline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), file), async (control) => {
        const { text, html, trouble } = await footersOf(control);
        expect(text === undefined).toBe(html === undefined);
        for (const half of [text, html]) {
          if (half === undefined) continue;
          expect(half).toMatch(/\S/);
          expect(half).not.toMatch(/\r|\0|\n\s*$/);
        }
        if (trouble !== undefined) expect(trouble).toMatch(/^[ -~]+$/);
        expect(trouble).not.toBe('the footers could not be prepared');
      }),
      { numRuns: 500 },
    );
  });
});
