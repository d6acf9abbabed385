import type { Finding } from './finding.ts';

const MARK = { right: 'ok', note: 'note', wrong: 'WRONG', unknown: '?' } as const;
const COLOUR = {
  right: '\u001b[32m',
  note: '\u001b[33m',
  wrong: '\u001b[1;31m',
  unknown: '\u001b[1;33m',
} as const;
const PLAIN = '\u001b[0m';

/** The findings for people: a line each, under what they are about, and how to mend what is wrong. */
export function reportFindings(findings: readonly Finding[], colours: boolean): string {
  const lines: string[] = [];
  let subject: string | undefined;
  for (const finding of findings) {
    if (finding.subject !== subject) {
      if (subject !== undefined) lines.push('');
      subject = finding.subject;
      lines.push(shown(subject));
    }
    const mark = MARK[finding.level].padEnd(6);
    lines.push(`  ${colours ? `${COLOUR[finding.level]}${mark}${PLAIN}` : mark}${shown(finding.what)}`);
    if (finding.mend !== undefined && finding.level !== 'right')
      lines.push(`        -> ${shown(finding.mend)}`);
  }
  lines.push('', conclusion(findings));
  return `${lines.join('\n')}\n`;
}

/** Each finding once: a table that cannot be asked is met by every list that needs it. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.level}\0${finding.subject}\0${finding.what}`;
    if (!known.has(key)) known.set(key, finding);
  }
  return [...known.values()];
}

function conclusion(findings: readonly Finding[]): string {
  const count = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted).length;
  const [wrong, unknown] = [count('wrong'), count('unknown')];
  const unseen = `${unknown} could not be looked at.`;
  if (wrong === 0) return unknown === 0 ? 'All is right.' : `Nothing is known to be wrong, but ${unseen}`;
  const sentence = `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`;
  return unknown === 0 ? sentence : `${sentence.slice(0, -1)}, and ${unseen}`;
}

/** The findings for machines: one JSON object. */
export function findingsAsJson(findings: readonly Finding[]): string {
  const ok = findings.every(({ level }) => level !== 'wrong' && level !== 'unknown');
  return `${JSON.stringify({ ok, findings }, undefined, 2)}\n`;
}

/** Lists' names and files come from others: nothing in them may move the cursor. */
export function shown(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
