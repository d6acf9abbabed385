import { decodeHTML, decodeHTMLAttribute, decodeHTMLStrict } from 'entities/lib/decode.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedReferencesModule } from '../../scripts/named-references.ts';
import { decodeAttribute, decodeReferences } from '../../src/footer/character-references.ts';
import { NAME_STARTS, NAMES } from '../../src/footer/named-references.ts';
import { readSource } from './source.ts';

const names = Array.from({ length: NAME_STARTS.length - 1 }, (_, index) =>
  NAMES.slice(NAME_STARTS[index]! & 0x7fff, NAME_STARTS[index + 1]! & 0x7fff),
);

describe('character references', () => {
  it.each([
    ['&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;', '<a> & "b" \'c\''],
    ['&uuml;&Uuml;&szlig;&euro;&hellip;&mdash;', 'üÜß€…—'],
    ['&scaron;&ccaron;&lstrok;&odblac;&Acy;&yacy;', 'ščłőАя'],
    ['&nbsp;&ensp;&zwnj;&shy;&ZeroWidthSpace;&NoBreak;', '\u00a0\u2002\u200c\u00ad\u200b\u2060'],
    ['news&commat;example&period;org', 'news@example.org'],
    ['&larr; &rArr; &le; &hearts; &check; &star;', '← ⇒ ≤ ♥ ✓ ☆'],
    ['&#8364;&#x20AC;&#X20ac;&#0000065;', '€€€A'],
    ['&#128;&#x93;&#150;', '€“–'],
    ['&#128512;', '😀'],
    ['&#0;&#xD800;&#1114112;&#99999999999999999999;', '\ufffd\ufffd\ufffd\ufffd'],
    ['&copy 2020, &nbspx, &notit;, AT&T, &ampamp;', '© 2020, \u00a0x, ¬it;, AT&T, &amp;'],
    ['&#65 &#x41x', 'A Ax'],
    ['&amp;lt;', '&lt;'],
    ['&', '&'],
    ['&;&#;&#x;&#xg;& &&', '&;&#;&#x;&#xg;& &&'],
    ['&bogus; &Nbsp; &euro &hellip', '&bogus; &Nbsp; &euro &hellip'],
    [`&${'a'.repeat(100)};`, `&${'a'.repeat(100)};`],
  ])('%j is %j', (text, decoded) => {
    expect(decodeReferences(text)).toBe(decoded);
  });

  it.each([
    ['?a=1&copy=2&amp;c', '?a=1&copy=2&c'],
    ['?a&lt2&lt;&lt', '?a&lt2<<'],
    ['&ampamp;', '&ampamp;'],
  ])('in an attribute %j is %j', (value, decoded) => {
    expect(decodeAttribute(value)).toBe(decoded);
  });

  it('every name is what it is elsewhere, with and without semicolon', () => {
    expect(names.length).toBeGreaterThan(800);
    for (const name of names) {
      for (const text of [`&${name};`, `&${name}`, `&${name}x`, `&${name}=`, `&${name};;`]) {
        const isKnown =
          names.some((other) => text.startsWith(`&${other};`)) || !decodeHTMLStrict(text).includes(';');
        if (isKnown) expect(decodeReferences(text), text).toBe(decodeHTML(text));
        expect(decodeAttribute(text), text).toBe(decodeHTMLAttribute(text));
      }
    }
  });

  /** Names for mathematics alone stay as they are written. */
  it.each(['&rightleftarrows;', '&Afr;', '&bbrk;', '&NotEqualTilde;', '&fjlig;'])('%s stays', (text) => {
    expect(decodeReferences(text)).toBe(text);
  });

  it('agrees with another reader on any soup', () => {
    const piece = fc.constantFrom(
      '&',
      '#',
      'x',
      ';',
      '=',
      'amp',
      'lt',
      'copy',
      'not',
      'uml',
      '38',
      'ü',
      ' ',
      '0',
      'e9',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(decodeReferences(text)).toBe(decodeHTML(text));
        expect(decodeAttribute(text)).toBe(decodeHTMLAttribute(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['&', '&#', '&#x', '&a', `&${'a'.repeat(31)}`, '&amp', '&#9999999'])(
    'takes time that grows with %j',
    (piece) => {
      // Quadratic time would not be over before the test's timeout.
      const text = piece.repeat(2_000_000 / piece.length);
      expect(decodeReferences(text).length).toBeGreaterThan(0);
    },
  );

  it('the table is what is generated (else: npx tsx scripts/footer-tables.ts)', () => {
    expect(readSource('named-references.ts')).toBe(namedReferencesModule());
  });
});
