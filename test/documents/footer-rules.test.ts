import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../../src/footer/explain.ts';
import type { PlacementWishes } from '../../src/footer/footer.ts';
import { FooterInserter } from '../../src/footer/inserter.ts';
import type { Outcome } from '../../src/footer/outcome.ts';
import { WHY } from '../../src/preview/why.ts';
import { codeBlocks, codeSpans, tableRows } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rules = readFileSync(`${root}docs/footer-rules.md`, 'utf8');
const MESSAGES = `${root}test/fixtures/messages/`;

const footers = { text: footer('footer_text'), html: footer('footer_html') };
const SKIP: PlacementWishes = { signed: 'skip', attachmentOnly: 'part' };

/** Every message that is shown, with the heading above it. `after` is undefined where the text says that it stays. */
const examples = rules.split(/^### /m).flatMap((text) => {
  const pattern =
    /^Before(, with `wrap`)?:\n\n```eml\n(.*?)^```\n\n(?:After:\n\n```eml\n(.*?)^```\n|It stays as it is\.\n)/gms;
  return [...text.matchAll(pattern)].map(([, wrap, before, after]) => ({
    heading: `${text.slice(0, text.indexOf('\n'))}${wrap ?? ''}`,
    wishes: wrap === undefined ? SKIP : { ...SKIP, signed: 'wrap' as const },
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

  it.each(examples)('$heading: the message comes out as shown', ({ before, after, wishes }) => {
    expect(insert(Buffer.from(before), wishes).output.toString()).toBe(after ?? before);
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
      expect(documented).toEqual(REASONS);
      expect(rows).toHaveLength(Object.keys(REASONS).length);
    });

    it('says of each part what preview says', () => {
      const documented = Object.fromEntries(
        rows.map(([reason, part]) => [codeSpans(reason!)[0]!, part!.split(';')[0]!]),
      );
      const said = Object.fromEntries(
        Object.entries(WHY).map(([reason, part]) => [reason, part.split(';')[0]!]),
      );
      expect(documented).toEqual(said);
    });

    it.each(rows.map((row) => [codeSpans(row[0]!)[0]!, codeSpans(row[3]!)[0]] as const))(
      '%s is what %s shows',
      (reason, name) => {
        if (name !== undefined) {
          const { outcome } = insert(readFileSync(`${MESSAGES}${name}.eml`), SKIP);
          expect(outcome.reasons).toContain(reason);
        } else if (reason === 'already there') {
          const { before } = examples.find((example) => example.heading === 'Already there')!;
          expect(insert(Buffer.from(before), SKIP).outcome.reasons).toContain(reason);
        } else expect(reason).toBe('trouble');
      },
    );
  });
});

function insert(message: Uint8Array, wishes: PlacementWishes): { output: Buffer; outcome: Outcome } {
  const pieces: Buffer[] = [];
  const inserter = new FooterInserter(footers, wishes, (bytes) => pieces.push(Buffer.from(bytes)));
  inserter.write(message);
  inserter.end();
  return { output: Buffer.concat(pieces), outcome: inserter.outcome };
}

function footer(name: string): string {
  return codeBlocks(rules)
    .find((block) => block.name === name)!
    .text.replace(/\n$/, '');
}
