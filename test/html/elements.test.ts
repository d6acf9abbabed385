import { html } from 'parse5';
import { describe, expect, it } from 'vitest';
import {
  ELEMENT_COUNT,
  ElementNames,
  HtmlElement,
  hasImpliedEnd,
  isFormatting,
  isScopeBoundary,
  isSpecial,
} from '../../src/html/elements.ts';

const { TAG_NAMES, NS, SPECIAL_ELEMENTS } = html;

/** `[number, name]` of all that have a name of their own. */
const KNOWN = Array.from({ length: HtmlElement.FirstOther - 1 }, (_, i) => i + 1).map(
  (element) => [element, new ElementNames().nameOf(element)] as const,
);

function numberOf(name: string, names = new ElementNames()): number {
  return names.find(Buffer.from(name), 0, name.length);
}

describe('ElementNames', () => {
  it('has the names in the order of the numbers', () => {
    for (const [element, name] of KNOWN) {
      const key = HtmlElement[element]!.toLowerCase();
      expect(key === 'officeparagraph' ? 'o:p' : key).toBe(name.replace('-', ''));
      expect(numberOf(name)).toBe(element);
      expect(numberOf(name.toUpperCase())).toBe(element);
    }
  });

  it('knows all of the standard', () => {
    const missing = Object.values(TAG_NAMES).filter((name) => {
      const number = numberOf(name.toLowerCase());
      return number === HtmlElement.Unknown || number >= HtmlElement.FirstOther;
    });
    expect(missing).toEqual([]);
  });

  it('learns others, until there are too many, and forgets none', () => {
    const names = new ElementNames();
    const others = Array.from({ length: 100 }, (_, i) => `x-${i}`);
    const numbers = others.map((name) => numberOf(name, names));
    expect(new Set(numbers.slice(0, 64)).size).toBe(64);
    expect(numbers.slice(64)).toEqual(Array(36).fill(HtmlElement.Unknown));
    expect(Math.max(...numbers)).toBe(ELEMENT_COUNT - 1);
    expect(numbers.slice(0, 64).map((number) => names.nameOf(number))).toEqual(others.slice(0, 64));
    expect(numberOf('X-7', names)).toBe(numbers[7]);
    expect(numberOf('div', names)).toBe(HtmlElement.Div);
    expect(numberOf('y'.repeat(65), new ElementNames())).toBe(HtmlElement.Unknown);
    expect(numberOf('', new ElementNames())).toBeGreaterThanOrEqual(HtmlElement.Unknown);
  });
});

describe('the groups are the standard’s', () => {
  it('special', () => {
    const special = SPECIAL_ELEMENTS[NS.HTML];
    for (const [element, name] of KNOWN) {
      const isIn = [...special].some((id) => html.getTagID(name) === id) || name === 'search';
      // QUIRK of parse5: foreign names are the same numbers; `select` and the obsolete ones are special in both.
      if (['keygen', 'image'].includes(name)) continue;
      expect([name, isSpecial(element)]).toEqual([name, isIn && html.getTagID(name) !== 0]);
    }
  });

  it('formatting, scope, implied ends', () => {
    const those = (is: (element: number) => boolean) =>
      KNOWN.filter(([element]) => is(element)).map(([, name]) => name);
    expect(those(isFormatting)).toEqual('a b big code em font i nobr s small strike strong tt u'.split(' '));
    expect(those(isScopeBoundary).sort()).toEqual(
      'applet caption html marquee object select table td template th'.split(' '),
    );
    expect(those(hasImpliedEnd).sort()).toEqual('dd dt li optgroup option p rb rp rt rtc'.split(' '));
  });
});
