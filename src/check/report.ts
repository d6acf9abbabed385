import { type Finding, right } from './finding.ts';

const MARK = { right: 'ok', note: 'note', wrong: 'WRONG', unknown: '?' } as const;
const COLOUR = {
  right: '\u001b[32m',
  note: '\u001b[33m',
  wrong: '\u001b[1;31m',
  unknown: '\u001b[1;33m',
} as const;
const PLAIN = '\u001b[0m';

export interface ReportOptions {
  readonly colours: boolean;
  /** Subjects that are lists. */
  readonly lists: readonly string[];
  /** Everything that was found, list by list. */
  readonly verbose: boolean;
}

/**
 * The findings for people, under what they are about, and how to mend what is wrong. Of many lists, those in order have a
 * line each, and what is so for several is said once.
 */
export function reportFindings(
  findings: readonly Finding[],
  { colours, lists, verbose }: ReportOptions,
): string {
  const bySubject = grouped(withoutRepeats(findings), ({ subject }) => subject);
  const isShort = !verbose && lists.length > 1;
  const shortened = new Set(isShort ? lists : []);
  const blocks: Block[] = [...bySubject]
    .filter(([subject]) => !shortened.has(subject))
    .map(([subject, found]) => ({ heading: subject, findings: found }));
  const inOrder = [...shortened].filter((list) => (bySubject.get(list) ?? []).every(isRight));
  if (isShort) blocks.push(...shortBlocks(lists.flatMap((list) => bySubject.get(list) ?? [])));
  if (inOrder.length > 0) {
    blocks.push({ heading: 'lists in order', findings: inOrder.map((list) => right('lists', list)) });
  }
  const said = blocks.map((block) => reportBlock(block, colours));
  return `${said.join('\n\n')}\n\n${conclusion(blocks.flatMap((block) => block.findings))}\n`;
}

interface Block {
  readonly heading: string;
  readonly findings: readonly Finding[];
}

function reportBlock({ heading, findings }: Block, colours: boolean): string {
  const lines = [shown(heading)];
  for (const { level, what, mend } of findings) {
    const mark = MARK[level].padEnd(6);
    lines.push(`  ${colours ? `${COLOUR[level]}${mark}${PLAIN}` : mark}${shown(what)}`);
    if (mend !== undefined && level !== 'right') lines.push(`        -> ${shown(mend)}`);
  }
  return lines.join('\n');
}

/** Lists that are named one by one; a host may have hundreds. */
const NAMED = 5;

/** What is not in order with lists: first what several have in common, then each list's own. */
function shortBlocks(findings: readonly Finding[]): Block[] {
  const faults = findings.filter((finding) => !isRight(finding));
  const byCause = grouped(faults, ({ level, what }) => `${level}\0${what}`);
  const shared: Block[] = [];
  const own: Finding[] = [];
  for (const finding of faults) {
    const same = byCause.get(`${finding.level}\0${finding.what}`)!;
    if (same.length === 1) own.push(finding);
    else if (same[0] === finding) shared.push(sharedBlock(same));
  }
  const rest = grouped(own, ({ subject }) => subject);
  return [...shared, ...[...rest].map(([heading, found]) => ({ heading, findings: found }))];
}

function sharedBlock(same: readonly Finding[]): Block {
  const names = same.slice(0, NAMED).map(({ subject }) => subject);
  const more = same.length > NAMED ? ` and ${same.length - NAMED} more` : '';
  const [first] = same as [Finding, ...Finding[]];
  const isOne = same.every(({ mend }) => mend === first.mend);
  const mend = first.mend === undefined || isOne ? first.mend : `for each of them, as in: ${first.mend}`;
  return { heading: `${names.join(', ')}${more}`, findings: [{ ...first, mend }] };
}

function grouped(findings: readonly Finding[], keyOf: (finding: Finding) => string): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

function isRight({ level }: Finding): boolean {
  return level === 'right';
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
