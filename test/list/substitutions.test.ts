import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../src/footer/escape-html.ts';
import type { MailingList } from '../../src/list/list.ts';
import {
  addressSubstitutions,
  readSubstitutions,
  SUBSTITUTED_LIMIT,
  substitute,
} from '../../src/list/substitutions.ts';
import { filesPlatform } from '../helpers/files-platform.ts';
import { makeList } from '../helpers/list-directory.ts';

const values = addressSubstitutions({ addresses: ['news@example.org', 'old@example.net'], delimiter: '+' });

describe('addresses of the list', () => {
  it.each([
    ['$list$', 'news'],
    ['$list+$', 'news+'],
    ['$domain$', 'example.org'],
    ['$list$@$domain$', 'news@example.org'],
    ['$list+$unsubscribe@$domain$', 'news+unsubscribe@example.org'],
    ['$listaddr$', 'news@example.org'],
    ['$listowner$', 'news+owner@example.org'],
    ['$listsubaddr$', 'news+subscribe@example.org'],
    ['$listunsubaddr$', 'news+unsubscribe@example.org'],
    ['$helpaddr$', 'news+help@example.org'],
    ['$faqaddr$', 'news+faq@example.org'],
    ['$list$$domain$', 'newsexample.org'],
  ])('%s is %s', (text, result) => {
    expect(substitute(text, values)).toBe(result);
  });

  it.each([
    '$',
    '$$',
    '$$$',
    'costs $5',
    'costs $5 or $6',
    '$List$',
    '$LIST$',
    '$list $',
    '$ list$',
    '$list\n$',
    '$listaddr',
    '$posteraddr$',
    '$subject$',
    '$control$',
    '$control $',
    '$random0$',
    '%listaddr%',
    '$toString$',
    '$__proto__$',
  ])('%j stays as it is', (text) => {
    expect(substitute(text, values)).toBe(text);
  });

  it.each([
    ['costs $5, see $list$', 'costs $5, see news'],
    ['$$list$', '$news'],
    ['$list$$', 'news$'],
    ['$nothing$list$', '$nothingnews'],
    ['$list$list$', 'newslist$'],
  ])('in %j a dollar that opens nothing does not hide the next: %j', (text, result) => {
    expect(substitute(text, values)).toBe(result);
  });

  it('uses the list’s own delimiter', () => {
    const dash = addressSubstitutions({ addresses: ['news@example.org'], delimiter: '--' });
    expect(substitute('$list+$help@$domain$ $listunsubaddr$', dash)).toBe(
      'news--help@example.org news--unsubscribe@example.org',
    );
  });

  it.each([[[]], [['news']], [['@example.org']], [['news@']]])(
    'stays as written with addresses %j',
    (addresses) => {
      const none = addressSubstitutions({ addresses, delimiter: '+' });
      expect(substitute('$list$ $listaddr$ $domain$', none)).toBe('$list$ $listaddr$ $domain$');
    },
  );

  it('escapes values in HTML, and the text around them not', () => {
    const odd = addressSubstitutions({ addresses: [`o'n&"<e>@example.org`], delimiter: '+' });
    expect(substitute('<b>$list$</b>', odd, escapeHtml)).toBe('<b>o&#39;n&amp;&quot;&lt;e&gt;</b>');
  });

  it('does not look for substitutions in values', () => {
    const nested = new Map([
      ['list', '$domain$'],
      ['domain', '$list$'],
    ]);
    expect(substitute('$list$', nested)).toBe('$domain$');
  });
});

describe('size and time', () => {
  it('gives up where the result is too large', () => {
    const long = new Map([['x', 'y'.repeat(1000)]]);
    expect(substitute('$x$'.repeat(300), long)).toBeUndefined();
    expect(substitute('$x$'.repeat(262), long)).toHaveLength(262_000);
    expect(substitute('z'.repeat(SUBSTITUTED_LIMIT + 1), long)).toBeUndefined();
  });

  it.each([
    ['dollars', '$'.repeat(65_536)],
    ['dollars far apart', `$${'a'.repeat(300)}`.repeat(217)],
    ['dollars and blanks', '$ '.repeat(32_768)],
    ['a name that never ends', `$control ${'a'.repeat(65_000)}$`],
  ])('asks for each of 64 KiB of %s once at most', (_what, text) => {
    // Counted instead of timed: how often a candidate is looked up, and how long the candidates are together.
    let lookups = 0;
    let characters = 0;
    const counting = new Map<string, string>();
    counting.has = (token) => {
      lookups++;
      characters += token.length;
      return false;
    };
    expect(substitute(text, counting)).toBe(text);
    expect(lookups).toBeLessThanOrEqual(text.length);
    expect(characters).toBeLessThanOrEqual(text.length);
  });
});

describe('properties', () => {
  const dollars = fc
    .array(fc.constantFrom('$', 'list', 'list+', 'domain', ' ', 'x', 'control a', '\n', 'é'))
    .map((parts) => parts.join(''));

  it('without known tokens any text stays byte for byte', () => {
    fc.assert(fc.property(dollars, (text) => substitute(text, new Map()) === text));
  });

  it('removing known tokens and their values leaves the same text', () => {
    const marked = new Map([...values].map(([token]) => [token, '\u0000']));
    fc.assert(
      fc.property(dollars, (text) => {
        const result = substitute(text, marked) ?? '';
        const rest = result.replaceAll('\u0000', '');
        // What is left is a subsequence of what was there: nothing invented, nothing reordered.
        let at = 0;
        for (const character of rest) {
          at = text.indexOf(character, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
        expect((result.match(/\u0000/g) ?? []).length > 0).toBe(/\$(list\+?|domain)\$/.test(text));
      }),
    );
  });
});

describe('control files', () => {
  async function read(
    text: string,
    control: Record<string, string | Uint8Array>,
    prepare?: (control: string) => Promise<unknown>,
  ) {
    const made = await makeList(control);
    try {
      await prepare?.(join(made.directory, 'control'));
      const list: MailingList = {
        directory: made.directory,
        addresses: ['news@example.org'],
        delimiter: '+',
        unworkable: undefined,
      };
      const platform = filesPlatform();
      const { values, trouble } = await readSubstitutions([text], list, platform);
      return { result: substitute(text, values), trouble, asked: platform.asked.length };
    } finally {
      await made.remove();
    }
  }

  it.each([
    ['whole, its last newline cut', '[$control motto$]', { motto: 'one\ntwo\n' }, '[one\ntwo]'],
    ['CRLF as newlines', '[$control motto$]', { motto: 'one\r\ntwo\r\n' }, '[one\ntwo]'],
    ['one newline only', '[$control motto$]', { motto: 'one\n\n' }, '[one\n]'],
    ['no newline at all', '[$control motto$]', { motto: 'one' }, '[one]'],
    ['empty', '[$control motto$]', { motto: '' }, '[]'],
    ['missing', '[$control motto$]', {}, '[$control motto$]'],
    ['all of mlmmj’s characters', '$control A.b-c_9$', { 'A.b-c_9': 'x' }, 'x'],
    ['windows-1252', '$control motto$', { motto: Uint8Array.of(0x80, 0xe9) }, '€é'],
    ['not searched again', '$control motto$', { motto: '$list$ $control motto$' }, '$list$ $control motto$'],
    ['twice', '$control motto$ $control motto$', { motto: 'x' }, 'x x'],
  ])('%s', async (_what, text, control, result) => {
    expect(await read(text, control as Record<string, string>)).toMatchObject({ result, trouble: [] });
  });

  it.each([
    '$control ../control/listaddress$',
    '$control .hidden$',
    '$control ..$',
    '$control /etc/passwd$',
    '$control a b$',
    '$control  motto$',
    '$control motto $',
    '$Control motto$',
    '$control mötto$',
    `$control ${'a'.repeat(256)}$`,
  ])('%j is not a name, and nothing is read', async (text) => {
    expect(await read(text, { '.hidden': 'x', motto: 'x' })).toEqual({ result: text, trouble: [], asked: 0 });
  });

  it.each([
    ['too large', { motto: 'x'.repeat(70_000) }, 'motto is larger than 64 KiB'],
    ['binary', { motto: Uint8Array.of(1, 0, 2) }, 'motto is not a text file'],
  ])('%s: stays, and is told', async (_what, control, trouble) => {
    expect(await read('$control motto$', control as Record<string, string>)).toMatchObject({
      result: '$control motto$',
      trouble: [trouble],
    });
  });

  it('a directory: stays, and is told', async () => {
    expect(await read('$control d$', {}, (control) => mkdir(join(control, 'd')))).toMatchObject({
      result: '$control d$',
      trouble: ['d cannot be read (EISDIR)'],
    });
  });

  it('at most 32 are read, each once', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `$control n${index % 100}$`).join('');
    expect(await read(text, {})).toEqual({
      result: text,
      trouble: ['more than 32 control files are quoted'],
      asked: 32,
    });
  });

  it('nothing is read, and nothing prepared, for texts without dollars', async () => {
    expect(await read('plain', {})).toEqual({ result: 'plain', trouble: [], asked: 0 });
  });
});
