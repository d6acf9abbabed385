import { escapeHtml } from '../footer/escape-html.ts';
import { FooterPair } from '../footer/footer-pair.ts';
import type { Heading } from './heading.ts';
import type { MessagePreview } from './message-preview.ts';
import { FRAME_STYLE, PAGE_STYLE } from './page-style.ts';
import { type PartNode, verdictOf } from './part-tree.ts';
import type { PreviewFooters } from './preview-footers.ts';
import type { RenderedText } from './rendered-texts.ts';
import { sizeInWords, terminalText } from './terminal-text.ts';
import { commonLength, commonTail, type TextPair } from './text-pairs.ts';
import { describeConversion, describePlacement, describeSkip, describeWrapping } from './why.ts';

/**
 * A page that shows a message before and after, with the tree of its parts. It holds everything it needs and asks for
 * nothing: no script, no network. What the message brings is hostile until proven otherwise, so HTML stands in frames
 * that may do nothing at all, under a policy (inherited by the frames) that allows no request; and elements that act
 * before any policy is asked (a preconnect, a nested frame) are renamed.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";

/** The HTML footer, so that it can be told from the message, and the frame scrolls to it. */
export function markedFooters({ text, html }: FooterPair): FooterPair {
  const style = 'outline:2px dashed #2e7d32;outline-offset:-2px';
  return new FooterPair(text, `<div data-amime-shown style="${style}">${html}</div>`);
}

export interface PageContent {
  readonly name: string;
  readonly heading: Heading;
  readonly preview: MessagePreview;
  readonly footers: PreviewFooters;
  /** What goes out is that of `markedFooters`. */
  readonly texts: readonly TextPair[];
}

export function renderPage({ name, heading, preview, footers, texts }: PageContent): string {
  const { summary, tree } = preview;
  const fileName = terminalText(name, 200);
  const title = heading.subject || fileName;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}: ${escapeHtml(summary)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1 dir="auto">${escapeHtml(title)}</h1>
<p class="quiet">${origin(heading, fileName).map(escapeHtml).join(' · ')}</p>
<p class="summary ${preview.outcome.placed.length > 0 ? 'good' : 'left'}">${escapeHtml(summary)}</p>
<p class="quiet">${sizeInWords(preview.size)} before, ${sizeInWords(preview.sizeAfter)} after</p>
${footers.trouble === null ? '' : `<p class="left">Look at the files: ${escapeHtml(footers.trouble)}</p>`}
</header>
<main>
<nav aria-label="Parts of the message">
<h2>Parts</h2>
<ul class="tree">${tree.root === null ? '<li>an empty message</li>' : treeItem(tree.root)}</ul>
${tree.unshown > 0 ? `<p class="quiet">and ${tree.unshown} more</p>` : ''}
</nav>
<section aria-label="As a reader shows it">
<h2>As a reader shows it</h2>
${texts.map((pair) => pairSection(pair, conversionOf(pair, tree.root))).join('\n') || '<p class="quiet">There is no text that a reader would show.</p>'}
</section>
</main>
</body>
</html>
`;
}

/** Who it is from, when it was sent, and which file it is. */
function origin({ subject, from, date }: Heading, fileName: string): string[] {
  return [from, date, subject === '' ? '' : fileName].filter((fact) => fact !== '');
}

function treeItem(part: PartNode): string {
  const facts = [part.charset, part.encoding, sizeInWords(part.size), part.disposition]
    .filter((fact) => fact !== null)
    .map((fact) => escapeHtml(terminalText(fact, 30)));
  if (part.named) facts.push('with a file name');
  const type = part.mediaType === '' ? 'no type' : escapeHtml(terminalText(part.mediaType));
  const title =
    part.number === null
      ? `<b class="good">+ ${type}</b>`
      : `${part.number} <b>${type}</b> <span class="quiet">${facts.join(', ')}</span>`;
  const parts = part.parts.map(treeItem).join('');
  return `<li>${title}${verdictWords(part).join('')}${parts === '' ? '' : `<ul>${parts}</ul>`}</li>`;
}

function verdictWords(part: PartNode): string[] {
  const verdict = verdictOf(part);
  if (verdict === null) return [];
  if (verdict.kind === 'left') return [`<p class="left">${escapeHtml(describeSkip(verdict.reason))}</p>`];
  const done = `<p class="good">+ ${escapeHtml(describePlacement(verdict.placed))}</p>`;
  return part.reason === null
    ? [done]
    : [done, `<p class="left">${escapeHtml(describeWrapping(part.reason))}</p>`];
}

/** The charset that a text was in before it was converted; null where it was not. */
function conversionOf({ before }: TextPair, root: PartNode | null): string | null {
  const find = (part: PartNode): PartNode | undefined =>
    part.number === before?.number ? part : part.parts.map(find).find((found) => found !== undefined);
  return (root && find(root))?.placed?.convertedFrom ?? null;
}

function pairSection({ before, after }: TextPair, convertedFrom: string | null): string {
  const label = `${after.number} ${after.mediaType}`;
  const notes = [
    convertedFrom === null ? '' : `<p class="left">${escapeHtml(describeConversion(convertedFrom))}</p>`,
    after.isCut
      ? '<p class="quiet">It is longer than what is shown here, so its end is not to be seen.</p>'
      : '',
  ].join('');
  const height = heightOf(after);
  const left = before
    ? shownText(before, `${label}, before`, height)
    : '<p class="quiet">It was not there.</p>';
  return `<article>
<h3>${label}</h3>${notes}
<div class="pair">
<figure><figcaption>Before</figcaption>${left}</figure>
<figure><figcaption>After</figcaption>${shownText(after, `${label}, after`, height, before?.text ?? '')}</figure>
</div>
</article>`;
}

/** @param marked for a plain text: what it was before, so that what is new can be marked */
function shownText(
  { mediaType, text }: RenderedText,
  title: string,
  height: number,
  marked?: string,
): string {
  if (mediaType === 'text/html') return frame(text, title, height);
  if (marked === undefined) return plainText(escapeHtml(text));
  const start = commonLength(marked, text);
  const end = text.length - commonTail(marked.slice(start), text.slice(start));
  const [head, added, tail] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  return plainText(`${escapeHtml(head)}${added && `<mark>${escapeHtml(added)}</mark>`}${escapeHtml(tail)}`);
}

/** The box scrolls from its end: there is the footer. */
function plainText(html: string): string {
  return `<div class="text" tabindex="0"><pre dir="auto">${html}</pre></div>`;
}

/**
 * `sandbox=""` allows neither scripts nor forms, pop-ups, plug-ins or navigation of anything but the frame. The frame
 * scrolls to the marked footer, or where there is none to the end.
 */
function frame(html: string, title: string, height: number): string {
  const harmless = html.replace(
    /<(\/?)(link|meta|base|i?frame|frameset|object|embed|portal|fencedframe)\b/gi,
    '<$1x-$2',
  );
  // Without it first, browsers lay the message out by older rules.
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? '';
  const head = `${doctype}<meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${FRAME_STYLE}</style>`;
  const end = html.includes('data-amime-shown') ? '' : '<div data-amime-shown></div>';
  return `<iframe sandbox="" referrerpolicy="no-referrer" loading="eager" style="height:${height}rem" title="${escapeHtml(title)}" srcdoc="${escapeHtml(`${head}${harmless}${end}`)}"></iframe>`;
}

const LEAST_HEIGHT = 8;
const GREATEST_HEIGHT = 32;
const LINE_HEIGHT = 1.4;
/** Characters in a line of a frame, about. */
const LINE_LENGTH = 70;

/**
 * About as high as its content, in rem. Without a script nobody knows for sure: too high costs some white, too low some
 * scrolling.
 */
function heightOf({ text }: RenderedText): number {
  const visible = text
    .slice(0, 32_768)
    .replace(/<(style|script|title)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<(?:br|\/p|\/div|\/h[1-6]|\/tr|\/li|\/blockquote)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '');
  const lines = visible.split(/\n/).map((line) => line.trim());
  const rows = lines.reduce((sum, line) => sum + Math.ceil(line.length / LINE_LENGTH), 0);
  const gaps = lines.filter((line) => line !== '').length;
  const height = LEAST_HEIGHT + (rows + gaps * 0.5) * LINE_HEIGHT;
  return Math.round(Math.min(GREATEST_HEIGHT, height));
}
