import type { MessagePreview } from './message-preview.ts';
import { type PartNode, verdictOf } from './part-tree.ts';
import type { PreviewFooters } from './preview-footers.ts';
import { type Colours, sizeInWords, terminalText } from './terminal-text.ts';
import { describePlacement, describeSkip, describeWrapping } from './why.ts';

/** A preview for people: the tree of parts with what happens to each, and the footer. */
export function renderText(
  name: string,
  preview: MessagePreview,
  footers: PreviewFooters,
  paint: Colours,
): string {
  const { tree, size, sizeAfter, plan } = preview;
  const { pair, trouble } = footers;
  const growth = plan.isEmpty ? 'no byte changes' : `${sizeInWords(sizeAfter)} after`;
  const lines = [
    `${paint.strong(terminalText(name, 200))}: ${preview.summary}`,
    paint.quiet(`${sizeInWords(size)}, ${growth}`),
    '',
    ...(tree.root === null ? ['(an empty message)'] : treeLines(tree.root, paint)),
  ];
  if (tree.unshown > 0) lines.push(paint.quiet(`… and ${tree.unshown} more parts`));
  if (pair !== null) {
    lines.push('', 'The footer as text:', ...quoted(pair.text, paint));
    lines.push('The footer as HTML:', ...quoted(pair.html, paint));
  }
  if (trouble !== null) lines.push('', paint.left(`Look at the files: ${trouble}`));
  return `${lines.join('\n')}\n`;
}

function treeLines(root: PartNode, paint: Colours): string[] {
  const lines: string[] = [];
  const add = (part: PartNode, own: string, below: string): void => {
    lines.push(`${own}${titleOf(part, paint)}`);
    const bar = part.parts.length > 0 ? '│  ' : '   ';
    for (const words of verdictLines(part, paint)) lines.push(`${below}${bar}${words}`);
    part.parts.forEach((child, index) => {
      const isLast = index === part.parts.length - 1;
      add(child, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`);
    });
  };
  add(root, '', '');
  return lines;
}

function titleOf(part: PartNode, paint: Colours): string {
  if (part.number === null) return paint.good(`+ ${part.mediaType}`);
  const facts = [
    part.charset && terminalText(part.charset, 30),
    part.encoding && terminalText(part.encoding, 30),
    sizeInWords(part.size),
    part.disposition && terminalText(part.disposition, 30),
    part.named && 'with a file name',
  ].filter(Boolean);
  const number = part.number === '' ? '' : `${part.number}  `;
  return `${number}${paint.strong(typeOf(part))}  ${paint.quiet(facts.join(', '))}`;
}

function typeOf({ mediaType }: PartNode): string {
  return mediaType === '' ? 'no type' : terminalText(mediaType);
}

function verdictLines(part: PartNode, paint: Colours): string[] {
  const verdict = verdictOf(part);
  if (verdict === null) return [];
  if (verdict.kind === 'left') return [paint.left(describeSkip(verdict.reason))];
  const done = paint.good(`+ ${describePlacement(verdict.placed)}`);
  return part.reason === null ? [done] : [done, paint.left(describeWrapping(part.reason))];
}

/** The owner's own words; only what a terminal obeys is taken out. */
function quoted(text: string, paint: Colours): string[] {
  return text.split('\n').map((line) => `${paint.quiet('  │')} ${line.replace(/[\p{Cc}\p{Cf}]/gu, '?')}`);
}
