import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reasonText } from '../../src/insert/explain.ts';
import { Reason } from '../../src/insert/outcome.ts';
import { REASON_NAMES } from '../../src/insert/outcome-names.ts';
import type { FooterOptions } from '../../src/library/footer-plan.ts';
import { planFooters } from '../../src/library/plan-footers.ts';
import type { FooterReport } from '../../src/library/report.ts';
import { SKIP_REASONS } from '../../src/preview/why.ts';
import { codeBlocks, codeSpans, tableRows } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rules = readFileSync(`${root}docs/footer-rules.md`, 'utf8');
const MESSAGES = `${root}test/fixtures/messages/`;

const footers = { text: footer('footer_text'), html: footer('footer_html') };
const SKIP: FooterOptions = { signed: 'skip', attachmentOnly: 'part' };

const alternatives = (count: number) =>
  `Content-Type: multipart/alternative; boundary=b\n\n${'--b\n\nHi\n'.repeat(count)}--b--\n`;

/** What is too long to be shown, or needs another footer. */
const NOT_SHOWN = {
  'too many places': { message: alternatives(101), footers },
  'too much growth': { message: alternatives(20), footers: { ...footers, text: 'footer '.repeat(9000) } },
  'delimiter line': {
    message: 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\nHi\n--b--\n',
    footers: { ...footers, html: '<pre>a\n--b--\n</pre>' },
  },
};

/** Every message that is shown, with the heading above it. `after` is undefined where the text says that it stays. */
const examples = rules.split(/^### /m).flatMap((text) => {
  const pattern =
    /^Before(, with `wrap`)?:\n\n```eml\n(.*?)^```\n\n(?:After:\n\n```eml\n(.*?)^```\n|It stays as it is\.\n)/gms;
  return [...text.matchAll(pattern)].map(([, wrap, before, after]) => ({
    heading: `${text.slice(0, text.indexOf('\n'))}${wrap ?? ''}`,
    options: wrap === undefined ? SKIP : { ...SKIP, signed: 'wrap' as const },
    before: before!,
    after,
  }));
});

describe('docs/footer-rules.md', () => {
  it('has a message for each rule', () => {
    expect(examples.length).toBe(rules.match(/^Before(?:, with `wrap`)?:$/gm)?.length);
    const headings = [...rules.split('## Why a part')[0]!.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
    for (const heading of headings) {
      expect(
        examples.map((example) => example.heading),
        heading,
      ).toContain(heading);
    }
  });

  it.each(examples)('$heading: the message comes out as shown', ({ before, after, options }) => {
    expect(insert(Buffer.from(before), options).output.toString()).toBe(after ?? before);
  });

  it('names only fixtures that are there', () => {
    const named = [...rules.matchAll(/^Fixtures: (.*(?:\n`.*)*)/gm)].flatMap((match) => codeSpans(match[1]!));
    expect(named.length).toBeGreaterThan(40);
    for (const name of named) expect(existsSync(`${MESSAGES}${name}.eml`), name).toBe(true);
  });

  describe('the table of reasons', () => {
    const rows = tableRows(rules.split('## Why a part gets no footer')[1]!);

    it('has each reason once, with its words in the log', () => {
      const documented = Object.fromEntries(
        rows.map(([reason, , log]) => [codeSpans(reason!)[0]!, codeSpans(log!)[0]!]),
      );
      const reasons = Object.entries(REASON_NAMES).filter(([, name]) => name !== 'none');
      const logged = reasons.map(([reason, name]) => [name, reasonText(Number(reason) as Reason)]);
      expect(documented).toEqual(Object.fromEntries(logged));
      expect(rows).toHaveLength(reasons.length);
    });

    it('says of each part what preview says', () => {
      const documented = Object.fromEntries(
        rows.map(([reason, part]) => [codeSpans(reason!)[0]!, part!.split(';')[0]!]),
      );
      const said = Object.fromEntries(
        Object.entries(SKIP_REASONS).map(([reason, part]) => [reason, part.split(';')[0]!]),
      );
      expect(documented).toEqual(said);
    });

    it.each(rows.map((row) => [codeSpans(row[0]!)[0]!, codeSpans(row[3]!)[0]] as const))(
      '%s is what %s shows',
      (reason, name) => {
        if (name !== undefined) {
          const { report } = insert(readFileSync(`${MESSAGES}${name}.eml`), SKIP);
          expect(report.reasons).toContain(reason);
        } else if (reason in NOT_SHOWN) {
          const { message, footers: pair } = NOT_SHOWN[reason as keyof typeof NOT_SHOWN];
          expect(planFooters(Buffer.from(message), pair).report.reasons).toContain(reason);
        } else if (reason !== 'trouble') {
          const shown = examples.flatMap(({ before }) => insert(Buffer.from(before), SKIP).report.reasons);
          expect(shown).toContain(reason);
        }
      },
    );
  });
});

function insert(message: Uint8Array, options: FooterOptions): { output: Buffer; report: FooterReport } {
  const plan = planFooters(message, footers, options);
  return { output: Buffer.concat([...plan.pieces()]), report: plan.report };
}

function footer(name: string): string {
  return codeBlocks(rules)
    .find((block) => block.name === name)!
    .text.replace(/\n$/, '');
}
