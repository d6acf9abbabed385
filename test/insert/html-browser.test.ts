// What a real browser shows of HTML with a footer: the planner's own knowledge of the rules is nothing to go by here.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlSoup } from '../helpers/html-soup.ts';
import { DEPTH } from '../helpers/insert.ts';
import { file, lacks } from '../helpers/needs.ts';
import { htmlText } from './arbitrary-html.ts';
import { planHtml } from './one-html.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const noChromium = lacks(file(CHROMIUM ?? '/usr/bin/chromium', 'chromium'));

const HEAD = 'Content-Type: text/html; charset=us-ascii\n\n';
const FOOTER = '<p>the footer mark</p>';

const CASES = [
  '<body>text</body></html>',
  '<a href="https://poster.example/">text',
  '<p><b><i>text</p>',
  '<font size=1 color=white>text<font size=7>',
  '<div style="display:none">preheader<table><tr><td>',
  '<div style="max-height:0;overflow:hidden;font-size:1px"><span>',
  '<div style="position:absolute;left:-9999px">text',
  '<details>text',
  '<details open><summary>text',
  '<select><option>text',
  '<select><optgroup label=x><option>text</select',
  '<template><div>text',
  '<title>text',
  '<textarea>text',
  '<style>q { display: none }',
  '<script>text',
  '<script><!-- <script> text',
  '<!-- text',
  '<![if text',
  '<svg width=10 height=10><g><text>text',
  '<svg><foreignObject><div>text',
  '<math><mi>text',
  '<object data="x:y"><p>text',
  '<video><p>text',
  '<canvas><p>text',
  '<progress><p>text',
  '<meter><p>text',
  '<dialog><p>text',
  '<marquee>text',
  '<button>text',
  '<ruby>text<rt>text',
  '<iframe>text',
  '<noembed>text',
  '<xmp>text',
  '<noscript>text',
  '<h1>text<pre>text',
  '<table><tr><td>text</td></tr>',
  '<table><tr><td><a href=x>text<table><tr><td>text</td>',
  '<table><caption>text',
  '<table><colgroup>',
  '<datalist><option>text',
  '<audio>text',
  '<div hidden>text</body>text</div></html>',
  `<div>${'<font size=1>'.repeat(40)}text`,
];

/** Runs in the page: what keeps the footer of each document from being seen as it is meant. */
const LOOK = `async function faultIn(html) {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.width = 800;
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  frame.srcdoc = html;
  document.body.append(frame);
  await loaded;
  const page = frame.contentDocument;
  const walker = page.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.data.includes('the footer mark')) found.push(walker.currentNode);
  const faults = [];
  if (found.length !== 1) faults.push(found.length + ' texts');
  for (const text of found) {
    const style = frame.contentWindow.getComputedStyle(text.parentElement);
    const size = parseFloat(style.fontSize);
    if (text.parentElement.closest('a')) faults.push('a link');
    if (style.fontWeight !== '400' || style.fontStyle !== 'normal') faults.push('formatted');
    if (style.whiteSpace !== 'normal' || size < 8 || size > 17) faults.push('restyled');
    if (!page.body.innerText.includes('the footer mark')) faults.push('no text');
    const range = page.createRange();
    range.selectNodeContents(text);
    if (![...range.getClientRects()].some((box) => box.width > 5 && box.height > 5)) faults.push('no box');
    if (!text.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) faults.push('invisible');
    for (let around = text.parentElement; around; around = around.parentElement) {
      if (frame.contentWindow.getComputedStyle(around).maxHeight === '0px') faults.push('cut off');
      if (/^(svg|math|select|option|button|details|marquee|object)$/i.test(around.tagName)) faults.push(around.tagName);
    }
  }
  frame.remove();
  return faults.join(', ');
}`;

function pageOf(documents: readonly string[]): string {
  const json = JSON.stringify(documents).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset=utf-8><body><script>${LOOK}
(async () => {
  const faults = [];
  for (const html of ${json}) faults.push(await faultIn(html));
  document.title = encodeURIComponent(JSON.stringify(faults));
})();
</script>`;
}

/** For each document what is wrong with its footer, or ''. */
async function faultsIn(documents: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'amime-browser-'));
  try {
    const path = join(folder, 'page.html');
    await writeFile(path, pageOf(documents));
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`];
    const looking = ['--virtual-time-budget=600000', '--dump-dom', `file://${path}`];
    const { stdout } = await promisify(execFile)(CHROMIUM!, [...flags, ...looking], { maxBuffer: 1 << 28 });
    const title = /<title>(.*?)<\/title>/s.exec(stdout)?.[1];
    return JSON.parse(decodeURIComponent(title ?? '')) as string[];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function expectSeen(texts: readonly string[]): Promise<void> {
  const documents = texts.flatMap((html) => {
    const { plan, output } = planHtml(HEAD + html, FOOTER);
    if (plan.placed === null || plan.placed.mayBeHidden) return [];
    return [output.toString('latin1').slice(HEAD.length)];
  });
  const faults = await faultsIn(documents);
  expect(faults.length).toBe(documents.length);
  expect(documents.flatMap((html, i) => (faults[i] === '' ? [] : [`${faults[i]}: ${html}`]))).toEqual([]);
}

describe.skipIf(noChromium)(`the footer in Chromium${noChromium}`, () => {
  it('is seen as it is meant, whatever is open before it', () => expectSeen(CASES));

  it('is seen in any soup of tags', async () => {
    const seed = fc.sample(fc.integer(), 1)[0]!;
    const texts = fc.sample(fc.oneof(htmlText, htmlSoup), { numRuns: 100 * DEPTH, seed });
    // Beyond ASCII and as an embedded address a browser has its own ideas.
    await expectSeen(texts.map((html) => html.replace(/[^\t\n -~]/g, '?').replaceAll('src=x', '')));
  });
});
