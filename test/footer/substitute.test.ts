import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../src/footer/escape-html.ts';
import { SUBSTITUTED_LIMIT } from '../../src/footer/limits.ts';
import {
  addressSubstitutions,
  asItIs,
  CONTROL_NAMES_LIMIT,
  controlNames,
  controlValue,
  substitute as fill,
  substitutionsIn,
} from '../../src/footer/substitute.ts';

const substitute = (text: string, values: Map<string, string>, written = asItIs) =>
  fill(text, values, written);

const values = addressSubstitutions('news@example.org', '+');

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
    const dash = addressSubstitutions('news@example.org', '--');
    expect(substitute('$list+$help@$domain$ $listunsubaddr$', dash)).toBe(
      'news--help@example.org news--unsubscribe@example.org',
    );
  });

  it.each(['', 'news', '@example.org', 'news@'])('stays as written with address %j', (address) => {
    const none = addressSubstitutions(address, '+');
    expect(substitute('$list$ $listaddr$ $domain$', none)).toBe('$list$ $listaddr$ $domain$');
  });

  it('escapes values in HTML, and the text around them not', () => {
    const odd = addressSubstitutions(`o'n&"<e>@example.org`, '+');
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
    expect(substitute('$x$'.repeat(300), long)).toBeNull();
    expect(substitute('$x$'.repeat(262), long)).toHaveLength(262_000);
    expect(substitute('z'.repeat(SUBSTITUTED_LIMIT + 1), long)).toBeNull();
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
  it.each([
    ['[$control motto$]', ['motto']],
    ['$control A.b-c_9$', ['A.b-c_9']],
    ['$control motto$ $control motto$ $control other$', ['motto', 'other']],
    ['$5 $control motto$$control other$', ['motto', 'other']],
    ['$list$control motto$', ['motto']],
    ['plain', []],
  ])('%j asks for %j', (text, names) => {
    expect(controlNames([text])).toEqual(names);
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
    '$control $',
    '$control$',
    '$control motto',
    `$control ${'a'.repeat(256)}$`,
  ])('%j is not a name', (text) => {
    expect(controlNames([text])).toEqual([]);
  });

  it('each once, from all texts', () => {
    expect(controlNames(['$control a$ $control b$', '', '$control b$ $control c$'])).toEqual(['a', 'b', 'c']);
    expect(controlNames([])).toEqual([]);
  });

  it('one more than are read says that there are more', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `$control n${index % 100}$`).join('');
    expect(controlNames([text, text])).toHaveLength(CONTROL_NAMES_LIMIT + 1);
  });

  it.each([
    ['one\ntwo\n', 'one\ntwo'],
    ['one\n\n', 'one\n'],
    ['one', 'one'],
    ['', ''],
    ['\n', ''],
  ])('the value of %j is %j', (content, value) => {
    expect(controlValue(content)).toBe(value);
  });

  it('values are not searched again', () => {
    const values = new Map([['control motto', '$list$ $control motto$']]);
    expect(substitute('$control motto$', values)).toBe('$list$ $control motto$');
  });
});

describe('what looks like a substitution', () => {
  it.each([
    ['nothing', []],
    ['$list$ and $lsit$ and $list$', ['list', 'lsit', 'list']],
    ['costs $5, or $6$', []],
    ['costs $5, see $list+$', ['list+']],
    ['$control motto$ $control ../x$ $control $', ['control motto']],
    ['$a b$c$', ['c']],
    ['$$ $1st$ $x-1_y$', ['x-1_y']],
  ])('in %j is %j', (text, found) => {
    expect(substitutionsIn(text)).toEqual(found);
  });
});
