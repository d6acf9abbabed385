import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reason } from '../../src/insert/outcome.ts';
import { htmlSoup } from '../helpers/html-soup.ts';
import { DEPTH } from '../helpers/insert.ts';
import { htmlMessage, htmlText } from './arbitrary-html.ts';
import { around, planHtml } from './one-html.ts';

const FOOTER = '<p>the footer mark</p>';
const HEAD = 'Content-Type: text/html\n\n';

const NO_PLACE = new Set(
  (
    'a abbr b big button code details dialog em font h1 i iframe label marquee nobr noscript object optgroup option pre rt ruby s ' +
    'script select small span strike strong style summary svg math template textarea title tt u video xmp'
  ).split(' '),
);

const OTHER_TEXT = /<(?:svg|math|style|script|title|textarea|xmp|iframe|noembed|noframes)/i;

/** What hides or restyles the footer, as parse5 reads the text; [] where it is seen as it is meant. */
function obstacles(html: string): string[] {
  const found = around(html, 'the footer mark');
  if (found === undefined) return ['not shown as text'];
  let isShown = false;
  return found.flatMap(({ name, style, isHidden }) => {
    const hidesText = /font-size:0|visibility:hidden/.test(style) && !isShown;
    isShown ||= style.includes('font-size: 14px');
    const hides = isHidden || hidesText || /display:none|max-height:0/.test(style);
    return NO_PLACE.has(name) || hides ? [`${name} ${style}`] : [];
  });
}

describe('whatever the HTML is', () => {
  it('the footer is in the body, and nothing hides or restyles it, or the plan says that it may be so', () => {
    const texts = fc.oneof({ weight: 3, arbitrary: htmlText }, { weight: 1, arbitrary: htmlSoup });
    fc.assert(
      fc.property(texts, (html) => {
        // parse5 knows the select that holds no other elements, and so no text that is read in another way.
        if (/<select/i.test(html) && OTHER_TEXT.test(html)) return;
        const { plan, output } = planHtml(HEAD + html, FOOTER);
        if (plan.placed === null) {
          expect([Reason.UnfinishedTag, Reason.NotReallyText]).toContain(plan.reason);
          return;
        }
        if (plan.placed.mayBeHidden) return;
        const after = output.toString('latin1').slice(HEAD.length);
        expect(obstacles(after), JSON.stringify(after)).toEqual([]);
      }),
      { numRuns: 1200 * DEPTH },
    );
  });

  it('it may be hidden only where nothing could be closed', () => {
    fc.assert(
      fc.property(htmlText, (html) => {
        expect(planHtml(HEAD + html, FOOTER).plan.placed?.mayBeHidden ?? false).toBe(false);
      }),
      { numRuns: 400 * DEPTH },
    );
  });

  it('what was put in is one piece, the same through any window, and a second pass puts in nothing', () => {
    fc.assert(
      fc.property(htmlMessage, fc.integer({ min: 64, max: 200 }), (message, width) => {
        const { plan, output } = planHtml(message, FOOTER);
        expect(planHtml(message, FOOTER, width).output.equals(output)).toBe(true);
        if (plan.placed === null) {
          expect(output.equals(message)).toBe(true);
          return;
        }
        expect(plan.edits.length).toBe(1);
        const [edit] = plan.edits;
        const { start, end, bytes } = edit!;
        const undone = [
          output.subarray(0, start),
          message.subarray(start, end),
          output.subarray(start + bytes.length),
        ];
        expect(Buffer.concat(undone).equals(message)).toBe(true);
        const again = planHtml(output, FOOTER);
        expect(Reason[again.plan.reason], output.toString('latin1')).toBe('AlreadyThere');
      }),
      { numRuns: 500 * DEPTH },
    );
  });
});
