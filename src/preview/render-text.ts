import type { Footing } from './footing.ts';
import type { MessagePreview } from './message-preview.ts';
import { isLeft, type PartNode, type Verdict, verdictOf } from './part-tree.ts';
import { type Colours, shown, sizeInWords } from './shown.ts';
import { because, deed, excuse } from './why.ts';

/** A preview for people: the tree of parts with what happens to each, and the footer. */
export function renderText(name: string, preview: MessagePreview, footing: Footing, paint: Colours): string {
  const { tree, size, sizeAfter } = preview;
  const growth = sizeAfter === size ? 'no byte changes' : `${sizeInWords(sizeAfter)} after`;
  const lines = [
    `${paint.strong(shown(name, 200))}: ${preview.summary}`,
    paint.quiet(`${sizeInWords(size)}, ${growth}`),
    '',
    ...(tree.root === undefined ? ['(an empty message)'] : treeLines(tree.root, preview, paint)),
  ];
  if (tree.unshown > 0) lines.push(paint.quiet(`… and ${tree.unshown} more parts`));
  if (footing.footers !== undefined) {
    lines.push('', 'The footer as text:', ...quoted(footing.footers.text, paint));
    lines.push('The footer as HTML:', ...quoted(footing.footers.html, paint));
  }
  if (footing.trouble !== undefined)
    lines.push('', paint.left(`Look at the footer files: ${footing.trouble}`));
  return `${lines.join('\n')}\n`;
}

function treeLines(root: PartNode, preview: MessagePreview, paint: Colours): string[] {
  // A message that gets no footer for a reason of its envelope has nothing to say of its parts.
  const hasVerdicts = preview.outcome.placed.length > 0 || preview.outcome.reasons.length > 0;
  const lines: string[] = [];
  const add = (part: PartNode, own: string, below: string, insideLeft: boolean): void => {
    lines.push(`${own}${titleOf(part, paint)}`);
    const verdict = hasVerdicts ? verdictOf(part, insideLeft) : undefined;
    const bar = part.parts.length > 0 ? '│  ' : '   ';
    for (const words of verdictLines(verdict, part, paint)) lines.push(`${below}${bar}${words}`);
    const isInside = insideLeft || isLeft(part);
    part.parts.forEach((child, index) => {
      const isLast = index === part.parts.length - 1;
      add(child, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`, isInside);
    });
  };
  add(root, '', '', false);
  return lines;
}

function titleOf(part: PartNode, paint: Colours): string {
  if (part.number === undefined) return paint.good(`+ ${part.mediaType}`);
  const facts = [
    part.charset && shown(part.charset, 30),
    part.encoding && shown(part.encoding, 30),
    sizeInWords(part.size),
    part.disposition && shown(part.disposition, 30),
    part.named && 'with a file name',
  ].filter(Boolean);
  const number = part.number === '' ? '' : `${part.number}  `;
  return `${number}${paint.strong(shown(part.mediaType))}  ${paint.quiet(facts.join(', '))}`;
}

function verdictLines(verdict: Verdict | undefined, part: PartNode, paint: Colours): string[] {
  switch (verdict?.kind) {
    case 'footer': {
      const why = part.reason === undefined ? [] : [paint.left(because(part.reason))];
      return [paint.good(`+ ${deed(verdict.placed)}`), ...why];
    }
    case 'left':
      return [paint.left(excuse(verdict.reason))];
    case 'body':
      return [paint.quiet('the body goes on behind it')];
    default:
      return [];
  }
}

/** The owner's own words; only what a terminal obeys is taken out. */
function quoted(text: string, paint: Colours): string[] {
  return text.split('\n').map((line) => `${paint.quiet('  │')} ${line.replace(/[\p{Cc}\p{Cf}]/gu, '?')}`);
}
