/** The page in a real browser: that a hostile message does nothing there, and that it can be read. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { file, lacks } from '../helpers/needs.ts';
import { demandBuild, PROGRAMS, run, until } from '../helpers/programs.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const noChromium = lacks(file(CHROMIUM ?? '/usr/bin/chromium', 'chromium'));
const QUIET = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

let folder: string;
let server: Server;
let port: number;
/** What was asked of the server: the first lines of requests, or '' for a mere connection. */
let asked: string[];

beforeAll(async () => {
  demandBuild();
  folder = await mkdtemp(join(tmpdir(), 'amime-page-'));
  await writeFile(join(folder, 'footer.txt'), '-- \nThe café list\n');
  server = createServer((socket) => {
    const at = asked.push('') - 1;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      asked[at] ||= bytes.toString('latin1').split('\r\n')[0]!;
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});

beforeEach(() => {
  asked = [];
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Everything we know of by which a document asks something of a host, or acts by itself. */
function hostileHtml(): string {
  const url = `http://127.0.0.1:${port}`;
  return `<!doctype html><html><head>
<link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"><link rel="prefetch" href="${url}/prefetch">
<link rel="stylesheet" href="${url}/style"><link rel="icon" href="${url}/icon"><link rel="manifest" href="${url}/manifest">
<meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/base/">
<style>@import url(${url}/import); @font-face { font-family: f; src: url(${url}/font) } body { font-family: f;
background: url(${url}/background); list-style-image: url(${url}/list); cursor: url(${url}/cursor), auto }</style>
<script>new Image().src = '${url}/script'; fetch('${url}/fetch'); top.location = '${url}/top';
location = '${url}/location'; document.title = 'owned'; open('${url}/popup')</script>
<script src="${url}/src"></script>
</head><body onload="new Image().src = '${url}/onload'">
<img src="${url}/img" onerror="new Image().src = '${url}/onerror'"><img src="relative"><img srcset="${url}/srcset 2x">
<picture><source srcset="${url}/source"><img src="x"></picture><video src="${url}/video" poster="${url}/poster" autoplay></video>
<audio src="${url}/audio" autoplay></audio><object data="${url}/object"></object><embed src="${url}/embed">
<iframe src="${url}/iframe"></iframe><iframe srcdoc="&lt;img src='${url}/srcdoc'&gt;"></iframe>
<form action="${url}/form"><input autofocus onfocus="this.form.submit()"></form>
<svg><image href="${url}/svg"/><script>new Image().src = '${url}/svgscript'</script><use href="${url}/use#x"/></svg>
<table background="${url}/table"><tr><td>x</td></tr></table><math href="${url}/math"></math>
<a href="${url}/ping" ping="${url}/ping" id="a">x</a><details open ontoggle="fetch('${url}/toggle')">x</details>
"></iframe></div></section><script>new Image().src = '${url}/escaped'; document.title = 'escaped'</script>
</body></html>`;
}

async function makePage(html: string, name = 'page.html'): Promise<string> {
  const head = 'From: a@example.net\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n';
  const text =
    '--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nA <b>text</b>\n';
  const body = `--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${html}\n--b--\n`;
  const message = join(folder, '<script>document.title="name"<script>.eml');
  await writeFile(message, head + text + body);
  const page = join(folder, name);
  const args = ['preview', '--footer-text', join(folder, 'footer.txt'), '--html', page, message];
  expect((await run(PROGRAMS[0]!, args)).status).toBe(0);
  return page;
}

async function inChromium(
  page: string,
  ...flags: (string | { readonly signal: AbortSignal })[]
): Promise<string> {
  const args = flags.filter((flag) => typeof flag === 'string');
  const options = flags.find((flag) => typeof flag === 'object');
  const profile = await mkdtemp(join(folder, 'profile-'));
  const all = [...QUIET, `--user-data-dir=${profile}`, ...args, `file://${encodeURI(page)}`];
  const { stdout } = await promisify(execFile)(CHROMIUM!, all, { maxBuffer: 1 << 26, ...options });
  return stdout;
}

const LOOKING = ['--virtual-time-budget=3000', '--dump-dom'];

describe.skipIf(noChromium)(`the page in Chromium${noChromium}`, () => {
  it('a hostile message asks nothing of anybody, and does nothing', async () => {
    const dom = await inChromium(await makePage(hostileHtml()), ...LOOKING);
    expect(asked).toEqual([]);
    expect(/<title>(.*?)<\/title>/.exec(dom)?.[1]).toMatch(/footer added/);
    expect(dom.match(/<iframe/g)).toHaveLength(2);
  });

  it('by itself that message does a lot: the test above can fail', async () => {
    const page = join(folder, 'bare.html');
    await writeFile(page, hostileHtml());
    // It navigates and navigates, and would never be done.
    const enough = new AbortController();
    const looking = inChromium(page, '--dump-dom', { signal: enough.signal }).catch(() => undefined);
    await until(() => (asked.length > 5 ? true : undefined));
    enough.abort();
    await looking;
  });

  it.each([
    ['desktop', '1280,900', []],
    ['phone', '500,1400', []],
    ['dark', '1280,900', ['--blink-settings=preferredColorScheme=0']],
  ])('has a layout on a %s', async (name, size, flags) => {
    const page = await makePage('<p>Hi</p>');
    const picture = join(folder, `${name}.png`);
    await inChromium(page, ...flags, `--window-size=${size}`, `--screenshot=${picture}`);
    const png = await readFile(picture);
    // Width and height stand in the header of a PNG.
    expect(`${png.readUInt32BE(16)},${png.readUInt32BE(20)}`).toBe(size);
    expect(png.length).toBeGreaterThan(10_000);
  });

  it('is not wider than a phone', async () => {
    const page = await makePage(`<table width="2000"><tr><td>${'wide '.repeat(50)}</td></tr></table>`);
    const probe =
      '<script>document.title = document.documentElement.scrollWidth + " of " + innerWidth</script>';
    const policyFree = (await readFile(page, 'utf8')).replace(/<meta http-equiv="Content-Security[^>]*>/, '');
    const probed = join(folder, 'probed.html');
    await writeFile(probed, policyFree.replace('</html>', `${probe}</html>`));
    const dom = await inChromium(probed, '--window-size=500,900', '--dump-dom');
    const [width, room] = /<title>(\d+) of (\d+)/.exec(dom)!.slice(1).map(Number);
    expect(width).toBeLessThanOrEqual(room!);
  });
});

describe.skipIf(noChromium)(`a frame in Chromium${noChromium}`, () => {
  it('of a long message shows the footer without scrolling', async () => {
    const rows = '<tr><td height="200">A story</td></tr>'.repeat(20);
    const html = `<!doctype html><html><body><table>${rows}</table></body></html>`;
    const page = await readFile(await makePage(html), 'utf8');
    const [before, after] = [...page.matchAll(/srcdoc="([^"]*)"/g)].map((match) => unescaped(match[1]!));
    for (const content of [before!, after!]) {
      const probe = `<script>onload = () => setTimeout(() => {
        const { top, bottom } = document.querySelector('[data-amime-shown]').getBoundingClientRect();
        document.title = document.compatMode + (top >= 0 && bottom <= innerHeight ? ' in sight' : ' out of sight');
      }, 500)</script>`;
      const frame = join(folder, 'frame.html');
      await writeFile(
        frame,
        content.replace(/<meta http-equiv="Content-Security[^>]*>/, '<title></title>') + probe,
      );
      const dom = await inChromium(frame, '--window-size=500,500', ...LOOKING);
      expect(/<title>(.*?)<\/title>/.exec(dom)?.[1]).toBe('CSS1Compat in sight');
    }
  });
});

function unescaped(text: string): string {
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name]!);
}

describe('the page', () => {
  it('marks the footer in the text and in the HTML', async () => {
    const page = await readFile(await makePage('<p>Hi</p>'), 'utf8');
    expect(page).toContain('A &lt;b&gt;text&lt;/b&gt;<mark>\n-- \nThe café list</mark>');
    const frames = [...page.matchAll(/srcdoc="([^"]*)"/g)].map((match) => match[1]!);
    expect(frames).toHaveLength(2);
    expect(frames[0]).not.toContain('caf');
    expect(frames[1]).toContain('outline:2px dashed');
    expect(frames[1]).toContain('café');
  });

  it('shows a footer that was there once, as it stays', async () => {
    const page = await readFile(
      await makePage('<p>Hi</p>\n<div dir="auto">-- <br>\nThe café list</div>'),
      'utf8',
    );
    const frames = [...page.matchAll(/srcdoc="([^"]*)"/g)].map((match) => match[1]!);
    expect(frames[1]).toBe(frames[0]);
  });

  it('asks for nothing from elsewhere', async () => {
    const page = await readFile(await makePage('<p>Hi</p>'), 'utf8');
    expect(page).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?https?:/);
    expect(page).not.toMatch(/<script/i);
  });
});
