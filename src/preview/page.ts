import { escapeHtml } from '../footer/escape-html.ts';
import type { FooterPair } from '../footer/footer.ts';
import type { Footing } from './footing.ts';
import type { MessagePreview } from './message-preview.ts';
import { PAGE_STYLE } from './page-style.ts';
import { isLeft, type PartNode, verdictOf } from './part-tree.ts';
import { shown, sizeInWords } from './shown.ts';
import type { ShownText } from './shown-texts.ts';
import { because, deed, excuse } from './why.ts';

/**
 * A page that shows a message before and after, with the tree of its parts. It holds everything it needs and asks for
 * nothing: no script, no network. What the message brings is hostile until proven otherwise, so HTML stands in frames
 * that may do nothing at all, under a policy (inherited by the frames) that allows no request; and elements that act
 * before any policy is asked (a preconnect, a nested frame) are renamed.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";

/** The HTML footer, so that it can be told from the message in the second of two runs. */
export function markedFooters(footers: FooterPair): FooterPair {
  const style = 'outline:2px dashed #2e7d32;outline-offset:2px;background:#e8f5e9';
  return { text: footers.text, html: `<div style="${style}">${footers.html}</div>` };
}

export interface PageTexts {
  readonly before: readonly ShownText[];
  /** Of a run with `markedFooters`. */
  readonly after: readonly ShownText[];
}

export function renderPage(
  name: string,
  preview: MessagePreview,
  footing: Footing,
  texts: PageTexts,
): string {
  const title = escapeHtml(shown(name, 200));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: ${escapeHtml(preview.summary)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="${preview.outcome.placed.length > 0 ? 'good' : 'left'}">${escapeHtml(preview.summary)}</p>
<p class="quiet">${sizeInWords(preview.size)} before, ${sizeInWords(preview.sizeAfter)} after</p>
${footing.trouble === undefined ? '' : `<p class="left">Look at the footer files: ${escapeHtml(footing.trouble)}</p>`}
</header>
<main>
<nav aria-label="Parts of the message">
<h2>Parts</h2>
<ul class="tree">${preview.tree.root ? treeItem(preview.tree.root, preview, false) : '<li>an empty message</li>'}</ul>
${preview.tree.unshown > 0 ? `<p class="quiet">and ${preview.tree.unshown} more</p>` : ''}
</nav>
<section aria-label="As a reader shows it">
<h2>As a reader shows it</h2>
${pairs(texts).map(pairSection).join('\n') || '<p class="quiet">There is no text that a reader would show.</p>'}
</section>
</main>
</body>
</html>
`;
}

function treeItem(part: PartNode, preview: MessagePreview, insideLeft: boolean): string {
  const { placed, reasons } = preview.outcome;
  const verdict = placed.length + reasons.length > 0 ? verdictOf(part, insideLeft) : undefined;
  const words: string[] = [];
  if (verdict?.kind === 'footer') words.push(`<p class="good">+ ${escapeHtml(deed(verdict.placed))}</p>`);
  if (part.reason !== undefined && verdict) {
    const explain = verdict.kind === 'footer' ? because : excuse;
    words.push(`<p class="left">${escapeHtml(explain(part.reason))}</p>`);
  }
  if (verdict?.kind === 'body') words.push('<p class="quiet">the body goes on behind it</p>');
  const facts = [part.charset, part.encoding, sizeInWords(part.size), part.disposition]
    .filter((fact) => fact !== undefined)
    .map((fact) => escapeHtml(shown(fact, 30)));
  if (part.named) facts.push('with a file name');
  const title =
    part.number === undefined
      ? `<b class="good">+ ${part.mediaType}</b>`
      : `${part.number} <b>${escapeHtml(shown(part.mediaType))}</b> <span class="quiet">${facts.join(', ')}</span>`;
  const isInside = insideLeft || isLeft(part);
  const parts = part.parts.map((child) => treeItem(child, preview, isInside)).join('');
  return `<li>${title}${words.join('')}${parts === '' ? '' : `<ul>${parts}</ul>`}</li>`;
}

interface Pair {
  readonly before: ShownText | undefined;
  readonly after: ShownText;
}

/**
 * Which text after belongs to which before: the parts of a message keep their order, so a text that is new is found
 * by that it does not begin as the next one before it does.
 */
function pairs({ before, after }: PageTexts): Pair[] {
  const added = after.length - before.length;
  let at = 0;
  let missing = added;
  return after.map((text) => {
    const next = before[at];
    const fits =
      next !== undefined && next.mediaType === text.mediaType && (missing === 0 || resembles(next, text));
    if (!fits) {
      missing--;
      return { before: undefined, after: text };
    }
    at++;
    return { before: next, after: text };
  });
}

function resembles(before: ShownText, after: ShownText): boolean {
  const common = commonLength(before.text, after.text);
  return common >= Math.min(before.text.length, 40) || after.text.includes(before.text.trim());
}

function pairSection({ before, after }: Pair): string {
  const label = `${after.number} ${after.mediaType}`;
  const cut = after.cut ? '<p class="quiet">It is longer than what is shown here.</p>' : '';
  const left = before ? shownText(before, `${label}, before`) : '<p class="quiet">It was not there.</p>';
  return `<article>
<h3>${label}</h3>${cut}
<div class="pair">
<figure><figcaption>Before</figcaption>${left}</figure>
<figure><figcaption>After</figcaption>${shownText(after, `${label}, after`, before?.text ?? '')}</figure>
</div>
</article>`;
}

/** @param marked for a plain text: what it was before, so that what is new can be marked */
function shownText({ mediaType, text }: ShownText, title: string, marked?: string): string {
  if (mediaType === 'text/html') return frame(text, title);
  if (marked === undefined) return `<pre>${escapeHtml(text)}</pre>`;
  const start = commonLength(marked, text);
  const end = text.length - commonTail(marked.slice(start), text.slice(start));
  const [head, added, tail] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  return `<pre>${escapeHtml(head)}${added && `<mark>${escapeHtml(added)}</mark>`}${escapeHtml(tail)}</pre>`;
}

/** `sandbox=""` allows neither scripts nor forms, pop-ups, plug-ins or navigation of anything but the frame. */
function frame(html: string, title: string): string {
  const harmless = html.replace(
    /<(\/?)(link|meta|base|i?frame|frameset|object|embed|portal|fencedframe)\b/gi,
    '<$1x-$2',
  );
  const head = `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>html{background:#fff;color:#000;color-scheme:light}</style>`;
  return `<iframe sandbox="" referrerpolicy="no-referrer" loading="eager" title="${escapeHtml(title)}" srcdoc="${escapeHtml(`${head}${harmless}`)}"></iframe>`;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function commonTail(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}
