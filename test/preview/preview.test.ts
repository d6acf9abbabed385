/** The command as people type it, with the built programs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreviewData } from '../../src/preview/as-data.ts';
import { fixtures } from '../helpers/fixtures.ts';
import { insertFooters } from '../helpers/insert.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';
import { file, lacks, ROOT_USER } from '../helpers/needs.ts';
import { demandBuild, PROGRAMS, ROOT, type RunOptions, run } from '../helpers/programs.ts';

const noRoot = lacks(ROOT_USER);

const FOOTERS = { text: '-- \nThe café list', html: '<p>The café list</p>' };
const MESSAGES = join(ROOT, 'test/fixtures/messages');
const POST = join(MESSAGES, 'alternative/exchange-calendar-invite.eml');

let list: ListDirectory;
let folder: string;

beforeAll(async () => {
  demandBuild();
  list = await makeList({ footer_text: FOOTERS.text, footer_html: FOOTERS.html });
  folder = await mkdtemp(join(tmpdir(), 'amime-preview-'));
});

afterAll(async () => {
  await list.remove();
  await rm(folder, { recursive: true, force: true });
});

function preview(args: readonly string[], options: RunOptions = {}, program = PROGRAMS[0]!) {
  return run(program, ['preview', ...args], options);
}

describe.each(PROGRAMS)('preview by $name', (program) => {
  it('shows the tree, what happens to each part and why, and the footer', async () => {
    const { status, stdout, stderr } = await preview(['-L', list.directory, POST], {}, program);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(`${POST}: footer added: text/plain, text/html
1008 bytes, 1.0 KB after

multipart/alternative  237 bytes
├─ 1  text/plain  utf-8, base64, 40 bytes
│     + the footer, at its end
├─ 2  text/html  utf-8, base64, 76 bytes
│     + the footer, where its HTML ends
└─ 3  text/calendar  utf-8, base64, 121 bytes
      left as it is: it is no text that readers show

The footer as text:
  │ -- 
  │ The café list
The footer as HTML:
  │ <p>The café list</p>
`);
  });

  it('takes an example for a footer where none is named, and says so in it', async () => {
    const { status, stdout, stderr } = await preview([POST], {}, program);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('footer added: text/plain, text/html');
    expect(stdout).toContain('│ An example: name a list (-L LISTDIR) or a file (--footer-text FILE)');
  });

  it('writes the outgoing message, byte for byte as a delivery would', async () => {
    for (const { name, bytes } of fixtures().filter((_, index) => index % 200 === 0)) {
      const { status, bytes: out } = await preview(
        ['-L', list.directory, '--eml', '-', '-'],
        { input: bytes },
        program,
      );
      const delivered = await run(program, ['-L', list.directory, '--dry-run'], { input: bytes });
      expect(status, name).toBe(0);
      expect(out, name).toEqual(delivered.bytes);
    }
  });
});

describe('preview', () => {
  it('says of commands and bounces that they get none', async () => {
    const command = 'Delivered-To: news+subscribe@example.org\nFrom: a@example.net\n\nHi\n';
    const said = await preview(['-L', list.directory, '-'], { input: command });
    expect(said.stdout).toContain('no footer: news+subscribe is a command');
    expect(said.stdout).toContain('no byte changes');
    const bounce = 'Return-Path: <>\nFrom: a@example.net\n\nHi\n';
    expect((await preview(['-L', list.directory, '-'], { input: bounce })).stdout).toContain('null sender');
  });

  it('says when a text was converted, and when HTML may hide the footer', async () => {
    const cyrillic =
      'Content-Type: text/plain; charset=KOI8-R\nContent-Transfer-Encoding: quoted-printable\n\n=F0=D2=C9=D7=C5=D4\n';
    const converted = await preview(['-L', list.directory, '-'], { input: cyrillic });
    expect(converted.stdout).toContain(
      'KOI8-R, quoted-printable, 19 bytes\n   + the footer, at its end; its text is converted from koi8-r to UTF-8\n',
    );
    const frames = 'Content-Type: text/html\n\n<frameset><frame src="x"></frameset>\n';
    const hidden = await preview(['-L', list.directory, '-'], { input: frames });
    expect(hidden.stdout).toContain(
      '+ the footer, where its HTML ends; HTML that is open there may hide it\n',
    );
    const data = await preview(['-L', list.directory, '--json', '-'], { input: cyrillic });
    expect((JSON.parse(data.stdout) as PreviewData).parts[0]!.footer).toEqual({
      manner: 'into',
      kind: 'text/plain',
      transliterated: false,
      mayBeHidden: false,
      convertedFrom: 'koi8-r',
    });
  });

  it('shows a footer that is a part of its own where it goes', async () => {
    const pictures =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\nContent-Disposition: attachment\n\nx\n--b--\n';
    const { stdout } = await preview(['-L', list.directory, '-'], { input: pictures });
    expect(stdout).toContain(
      '├─ 1  image/png  7bit, 1 byte, attachment\n│     left as it is: it is an attachment, or has a file name\n└─ + text/plain\n      + the footer, as a part of its own\n',
    );
  });

  it('tells encodings and types that nobody knows as they are written', async () => {
    const odd = 'Content-Type: PDF\nContent-Transfer-Encoding: X-UUencode\n\nx\n';
    const { stdout } = await preview(['-L', list.directory, '-'], { input: odd });
    expect(stdout).toContain(
      '1  pdf  x-uuencode, 2 bytes\n   left as it is: it has a content type that cannot',
    );
  });

  it('puts no footers in where that would be too many, and says so of the message', async () => {
    const parts = '--b\nContent-Type: text/plain\n\nx\n'.repeat(101);
    const many = `Content-Type: multipart/alternative; boundary=b\n\n${parts}--b--\n`;
    const { stdout } = await preview(['-L', list.directory, '-'], { input: many });
    expect(stdout).toContain('no footer: more than 100 texts\n');
    expect(stdout).toContain('no byte changes');
    expect(stdout).toContain('left as it is: it has more than 100 texts that would get the footer\n');
    expect(stdout).not.toContain('+ ');
  });

  it('says nothing of the parts of a post that would be larger than the list allows', async () => {
    const small = await makeList({ footer_text: FOOTERS.text, maxmailsize: '1010' });
    const { stdout } = await preview(['-L', small.directory, POST]);
    expect(stdout).toContain('no footer: the post would be larger than control/maxmailsize\n');
    expect(stdout).not.toContain('+ the footer');
    await small.remove();
  });

  it.skipIf(noRoot)(`is for everybody who may read the list${noRoot}`, async () => {
    await chmod(list.spool, 0o755);
    const { status, stdout } = await preview(['-L', list.directory, '-'], {
      uid: 65534,
      input: 'A: b\n\nHi\n',
    });
    expect(stdout).toContain('footer added: text/plain');
    expect(status).toBe(0);
  });

  it('does not write through a symbolic link', async () => {
    const target = join(folder, 'target');
    const symbolic = join(folder, 'symbolic');
    await writeFile(target, 'precious');
    await symlink(target, symbolic);
    for (const option of ['--html', '--eml']) {
      const { status, stderr } = await preview(['-L', list.directory, option, symbolic, POST]);
      expect(stderr).toBe(
        `mlmmj-amime-receive preview: ${symbolic} is a symbolic link; name the file that it leads to\n`,
      );
      expect(status).toBe(73);
    }
    expect(await readFile(target, 'utf8')).toBe('precious');
    const script = '"$1" preview -L "$2" --eml /dev/stderr "$3" 2>&1 >/dev/null | cat';
    const words = ['-c', script, 'sh', PROGRAMS[0]!.command[0], list.directory, POST];
    const device = await run({ name: 'sh', command: ['/bin/sh'] }, words);
    expect(device.stdout).toContain('Content-Type: text/calendar');
  });

  it('takes footers from files, and makes the half that is missing', async () => {
    const text = join(folder, 'footer.txt');
    await writeFile(text, '-- \nThe café list\n');
    const { stdout } = await preview(['--footer-text', text, POST]);
    expect(stdout).toContain('The footer as HTML:\n  │ <div dir="auto">-- <br>\n  │ The café list</div>');
    const signed = join(MESSAGES, 'signed-smime/text.eml');
    expect((await preview(['--footer-text', text, '--signed', 'wrap', signed])).stdout).toContain(
      '+ a new multipart/mixed around the message, with the footer as its second part\n│  because it is signed\n├─ 1  text/plain  utf-8, 7bit, 45 bytes\n└─ 2',
    );
    expect((await preview(['--footer-text', text, signed])).stdout).toContain('left as it is: it is signed');
  });

  it('takes no footer from a file that would be too large in a list', async () => {
    const file = join(folder, 'large.txt');
    for (const [size, status] of [
      [64 * 1024, 0],
      [64 * 1024 + 1, 66],
    ] as const) {
      await writeFile(file, 'x'.repeat(size));
      const told = await preview(['--footer-text', file, POST]);
      expect(told.status).toBe(status);
      expect(told.stderr.includes('larger than a footer may be (64 KiB)')).toBe(status === 66);
    }
  });

  it('gives data: docs/preview.md names every key', async () => {
    const { stdout } = await preview(['-L', list.directory, '--json', POST]);
    const data = JSON.parse(stdout) as PreviewData;
    expect(data).toMatchObject({ format: 1, name: POST, size: 1008, footers: FOOTERS, partsNotShown: 0 });
    expect(data.parts.map(({ number, reason }) => [number, reason])).toEqual([
      ['', null],
      ['1', null],
      ['2', null],
      ['3', 'not text'],
    ]);
    const documented = await readFile(join(ROOT, 'docs/preview.md'), 'utf8');
    for (const key of [
      ...Object.keys(data),
      ...Object.keys(data.parts[1]!),
      ...Object.keys(data.parts[1]!.footer!),
    ]) {
      expect(documented, key).toContain(`| \`${key}\` |`);
    }
  });

  it('leaves standard output to the page that was asked for there', async () => {
    const { stdout, stderr } = await preview(['-L', list.directory, '--html', '-', POST]);
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(stderr).toBe('footer added: text/plain, text/html\n');
  });

  it('shows exactly which bytes change', async () => {
    const message = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHi\r\n';
    const { stdout } = await preview(['-L', list.directory, '--diff', '-'], { input: message });
    expect(stdout).toBe(`--- standard input
+++ standard input with the footer
@@ -77,0 +77,19 @@ bytes
+--\\x20
+The caf\\xc3\\xa9 list
`);
    const signed = join(MESSAGES, 'signed-smime/text.eml');
    expect((await preview(['-L', list.directory, '--diff', signed])).stdout).toBe('No byte changes.\n');
  });

  it('uses no colours but on a terminal', async () => {
    const { stdout } = await preview(['-L', list.directory, POST], { env: { TERM: 'xterm-256color' } });
    expect(stdout).not.toContain('\x1b');
  });

  const noTerminal = lacks(file('/usr/bin/script', 'bsdutils'));
  it.skipIf(noTerminal)(`uses colours and a progress bar on a terminal${noTerminal}`, async () => {
    const onTerminal = (...words: string[]) =>
      run({ name: 'script', command: ['/usr/bin/script'] }, ['-qec', words.join(' '), '/dev/null']);
    const [program] = PROGRAMS[0]!.command;
    const single = await onTerminal(program, 'preview', '-L', list.directory, POST);
    expect(single.stdout).toContain('\x1b[32m+ the footer, at its end\x1b[0m');
    const many = await onTerminal(program, 'preview', '-L', list.directory, join(MESSAGES, 'plain'));
    expect(many.stdout).toMatch(/\r\[[#.]{30}\] \d+ of \d+/);
    const plain = await onTerminal('NO_COLOR=1', program, 'preview', '-L', list.directory, POST);
    expect(plain.stdout).not.toContain('\x1b');
  });

  it('shows nothing on a terminal that a terminal would obey', async () => {
    const hostile = 'Content-Type: te\x1b[2Jxt/pl\x07ain; charset="\x1b]0;owned\x07"\n\nHi\n';
    const { stdout } = await preview(['-L', list.directory, '-'], { input: hostile });
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });

  it('does not grow with the parts of a message', async () => {
    const part = '--b\n\nx\n';
    const message = `Content-Type: multipart/mixed; boundary=b\n\n${part.repeat(20_000)}--b--\n`;
    const { stdout, status } = await preview(['-L', list.directory, '-'], { input: message });
    expect(status).toBe(0);
    expect(stdout).toContain('… and 19501 more parts');
    expect(stdout.length).toBeLessThan(100_000);
  });

  describe('many messages', () => {
    it('counts what would become of them, and goes on where one cannot be read', async () => {
      const archive = join(folder, 'archive');
      await mkdir(archive);
      const kinds = ['plain/mutt', 'signed-smime/text', 'html/open-tag-end', 'signed-pgp/text'];
      for (const [index, kind] of kinds.entries()) {
        await writeFile(join(archive, String(index + 1)), await readFile(join(MESSAGES, `${kind}.eml`)));
      }
      await symlink(archive, join(archive, 'round-in-circles'));
      await writeFile(join(archive, 'empty'), '');
      const gone = join(folder, 'gone');
      const { status, stdout, stderr } = await preview(['-L', list.directory, archive, gone]);
      expect(stdout).toMatch(/^5 messages .*: 1 gets the footer, 4 do not$/m);
      expect(stdout).toMatch(/^ +2 {2}no footer: multipart\/signed kept intact$/m);
      expect(stdout).toContain(`Worth a look:\n  ${archive}/3: no footer: HTML ends inside a tag\n`);
      expect(stdout).toContain('Not read: 1');
      expect(stderr).toBe(`mlmmj-amime-receive preview: ${gone} cannot be read (ENOENT)\n`);
      expect(status).toBe(66);
    });

    it('writes all results with --out, and nothing outside of it', async () => {
      const out = join(folder, 'out');
      const family = join(MESSAGES, 'related');
      const { status } = await preview(['-L', list.directory, '--out', out, family]);
      expect(status).toBe(0);
      const names = (await readdir(family)).filter((name) => name.endsWith('.eml'));
      for (const name of names) {
        const written = await readFile(join(out, name));
        expect(written, name).toEqual(insertFooters(await readFile(join(family, name)), FOOTERS));
        const data = JSON.parse(await readFile(join(out, `${name}.json`), 'utf8'));
        expect(data.name).toBe(name);
      }
    });

    it('leaves out of the names of results what all names have in common, and steps upwards', async () => {
      const place = await mkdtemp(join(folder, 'names-'));
      const results = async (...inputs: string[]) => {
        const out = await mkdtemp(join(place, 'out-'));
        const { status } = await preview(['-L', list.directory, '--out', out, ...inputs], { cwd: place });
        expect(status).toBe(0);
        const names = await readdir(out, { recursive: true });
        return names.filter((name) => name.endsWith('.eml')).toSorted();
      };
      for (const name of ['a/b', 'a/c']) {
        await mkdir(join(place, name), { recursive: true });
        await writeFile(join(place, name, '1'), `Subject: ${name}\n\nHi\n`);
      }
      expect(await results(join(place, 'a/b/1'))).toEqual(['1.eml']);
      expect(await results(join(place, 'a/b/1'), join(place, 'a/c/1'))).toEqual(['b/1.eml', 'c/1.eml']);
      expect(await results(join(place, 'a/b'), join(place, 'a/c'))).toEqual(['b/1.eml', 'c/1.eml']);
      expect(await results('a/b/1', 'a/c')).toEqual(['b/1.eml', 'c/1.eml']);
      expect(await results('a')).toEqual(['b/1.eml', 'c/1.eml']);
      expect(await results(join(place, 'a/b/../../a/b/1'))).toEqual(['1.eml']);
      expect(await results('../'.repeat(20) + join(place, 'a/b/1'), 'a/c/1')).toHaveLength(2);
      expect((await readdir(place)).filter((name) => !name.startsWith('out-'))).toEqual(['a']);
    });

    it('gives a line of data for each', async () => {
      const { stdout } = await preview(['-L', list.directory, '--json', join(MESSAGES, 'flowed')]);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as PreviewData);
      expect(lines.length).toBe((await readdir(join(MESSAGES, 'flowed'))).length);
    });

    it('tells files of the same name in several directories apart', async () => {
      const place = await mkdtemp(join(folder, 'two-'));
      for (const name of ['a', 'b']) {
        await mkdir(join(place, name));
        await writeFile(join(place, name, '1'), `Subject: ${name}\n\nHi\n`);
      }
      const out = join(place, 'out');
      const { stdout } = await preview([
        '-L',
        list.directory,
        '--json',
        '--out',
        out,
        join(place, 'a'),
        join(place, 'b'),
      ]);
      const names = stdout.match(/"name":"[^"]*/g)!.map((name) => name.slice('"name":"'.length));
      expect(names).toEqual([join(place, 'a/1'), join(place, 'b/1')]);
      for (const name of ['a', 'b']) {
        expect(await readFile(join(out, name, '1.eml'), 'utf8')).toContain(`Subject: ${name}\n`);
      }
    });

    it('says so where there is no message', async () => {
      const place = await mkdtemp(join(folder, 'none-'));
      const { status, stdout } = await preview(['-L', list.directory, place]);
      expect([status, stdout]).toEqual([0, 'There is no message.\n']);
      await writeFile(join(place, '1'), 'Subject: 1\n\nHi\n');
      const one = await preview(['-L', list.directory, place]);
      expect(one.stdout).toMatch(/^1 message \(15 bytes\): 1 gets the footer, 0 do not$/m);
    });

    it('takes a mailbox apart', async () => {
      const from = 'From a@example.net Thu Nov  5 10:00:00 2026\n';
      const mailbox = `${from}Subject: 1\n\nHi\n\n${from}Subject: 2\n\nFrom me to you at 10:30\n\nFrom now on\n`;
      const { stdout, status } = await preview(['-L', list.directory, '-'], { input: mailbox });
      expect(status).toBe(0);
      expect(stdout).toMatch(/^2 messages .*: 2 get the footer, 0 do not$/m);
      const single = await preview(['-L', list.directory, '--eml', '-', '-'], { input: mailbox });
      expect(single.status).toBe(64);
    });
  });

  it('takes no more memory for fifty times as many messages', async () => {
    const message = `From a@example.net Thu Nov  5 10:00:00 2026\nSubject: x\n\n${'a line of text\n'.repeat(400)}\n`;
    const measure = [
      'import resource, subprocess, sys',
      'subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)',
      'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)',
    ].join('\n');
    const peak = async (count: number) => {
      const mailbox = join(folder, 'mailbox');
      await writeFile(mailbox, message.repeat(count));
      const command = [...PROGRAMS[0]!.command, 'preview', '-L', list.directory, mailbox];
      const said = await run({ name: 'python3', command: ['/usr/bin/python3'] }, ['-c', measure, ...command]);
      return Number(said.stdout);
    };
    // The heap settles within the first megabytes; 120 MB of mail go by after that.
    const few = await peak(400);
    const many = await peak(20_000);
    expect(few).toBeGreaterThan(0);
    expect(many - few).toBeLessThan(64 * 1024);
  });

  it('ends quietly when its reader has seen enough, and says when a disk is full', async () => {
    const shell = (script: string) =>
      run({ name: 'sh', command: ['/bin/sh'] }, [
        '-c',
        script,
        'sh',
        PROGRAMS[0]!.command[0],
        list.directory,
        MESSAGES,
      ]);
    const seen = await shell('"$1" preview -L "$2" --json "$3" | head -n 1');
    expect(seen.stderr).toBe('');
    const full = await shell('"$1" preview -L "$2" --json "$3" > /dev/full');
    expect(full.stderr).toBe('mlmmj-amime-receive preview: standard output cannot be written (ENOSPC)\n');
    expect(full.status).toBe(73);
  });

  it('never writes over what it reads', async () => {
    // Longer than what is read at once: the rest of it would be gone before it was read.
    const message = Buffer.from(`Subject: x\n\n${'a line of text\n'.repeat(20_000)}`);
    const place = await mkdtemp(join(folder, 'sources-'));
    const post = join(place, 'post.eml');
    const footer = join(place, 'footer.html');
    await writeFile(post, message);
    await writeFile(footer, FOOTERS.html);
    await link(post, join(place, 'same.eml'));
    for (const args of [
      ['-L', list.directory, '--eml', post, post],
      ['-L', list.directory, '--eml', join(place, 'same.eml'), post],
      ['-L', list.directory, '--html', post, post],
      ['-L', list.directory, '--out', place, place],
      ['-L', list.directory, '--out', join(place, 'results'), place],
      ['-L', list.directory, '--out', place, post],
      ['--footer-html', footer, '--html', footer, post],
    ]) {
      const { status, stderr } = await preview(args);
      expect(status, args.join(' ')).toBe(64);
      expect(stderr).toContain(' is read, or lies in a directory that is; a result needs another place');
    }
    expect(await readFile(post)).toEqual(message);
    expect(await readFile(footer, 'utf8')).toBe(FOOTERS.html);
    expect((await readdir(place)).toSorted()).toEqual(['footer.html', 'post.eml', 'same.eml']);
  });

  it('says what is wrong with an option in the words of pipe mode', async () => {
    for (const [args, message] of [
      [['--nonsense', POST], 'unknown option "--nonsense"'],
      [['-L'], '-L needs a value'],
      [['--eml', '--json', POST], '--eml needs a value'],
      [['--json=yes', POST], '--json takes no value'],
    ] as const) {
      const { status, stderr } = await preview(args);
      expect(stderr).toBe(`mlmmj-amime-receive preview: ${message} (see preview --help)\n`);
      expect(status).toBe(64);
    }
  });

  describe('wrong calls', () => {
    it.each([
      ['two results on standard output', ['-L', 'LIST', '--json', '--diff', POST], 64],
      ['two files on standard output', ['-L', 'LIST', '--eml', '-', '--html', '-', POST], 64],
      ['a file where a directory is to be', ['-L', 'LIST', '--out', '/dev/null', POST], 73],
      ['no message', ['-L', 'LIST'], 64],
      ['two kinds of footers', ['-L', 'LIST', '--footer-text', 'x', POST], 64],
      ['an unknown option', ['-L', 'LIST', '--nonsense', POST], 64],
      ['an unknown mode', ['--footer-text', 'x', '--signed', 'remove', POST], 64],
      ['one result for many messages', ['-L', 'LIST', '--html', 'x', POST, POST], 64],
      ['a list that is not there', ['-L', '/nonexistent/list', POST], 66],
      ['a footer file that is not there', ['--footer-text', '/nonexistent', POST], 66],
      ['a message that is not there', ['-L', 'LIST', '/nonexistent'], 66],
      ['a result that cannot be written', ['-L', 'LIST', '--html', '/nonexistent/page.html', POST], 73],
    ])('%s', async (_, args, expected) => {
      const real = args.map((word) => (word === 'LIST' ? list.directory : word));
      const { status, stderr, stdout } = await preview(real);
      expect(status).toBe(expected);
      expect(stderr).toMatch(/^mlmmj-amime-receive preview: .+\n$/);
      expect(stdout).toBe('');
    });

    it('--help teaches by example', async () => {
      const { status, stdout } = await preview(['--help']);
      expect(status).toBe(0);
      expect(stdout).toContain(
        '  mlmmj-amime-receive preview -L /var/vmail/mlmmj/example.org/news post.eml\n',
      );
    });
  });

  it.skipIf(noRoot)(`goes on after a directory that is closed${noRoot}`, async () => {
    const place = await mkdtemp(join(folder, 'closed-'));
    await chmod(folder, 0o755);
    await chmod(place, 0o755);
    await mkdir(join(place, 'closed'), 0);
    await writeFile(join(place, 'post'), 'Subject: x\n\nHi\n');
    const footer = join(place, 'footer');
    await writeFile(footer, FOOTERS.text);
    for (const program of PROGRAMS) {
      const args = ['--footer-text', footer, place];
      const { status, stdout, stderr } = await preview(args, { uid: 65534 }, program);
      expect(stderr).toBe(`mlmmj-amime-receive preview: ${join(place, 'closed')} cannot be read (EACCES)\n`);
      expect(stdout).toContain('2 messages');
      expect(status).toBe(66);
    }
  });

  it.each(PROGRAMS)(
    'ends by a signal as any program does ($name)',
    async ({ command: [program, ...words] }) => {
      const args = [...words, 'preview', '-L', list.directory, '--eml', '-', '-'];
      const child = spawn(program, args, { stdio: 'pipe' });
      const said = text(child.stderr);
      const ended = once(child, 'close');
      // More than a pipe holds: once it is written, the program reads.
      await new Promise((resolve) =>
        child.stdin.write(`Subject: x\n\n${'a line of text\n'.repeat(20_000)}`, resolve),
      );
      child.kill('SIGINT');
      child.stdout.resume();
      expect(await ended).toEqual([null, 'SIGINT']);
      expect(await said).toBe('');
    },
  );

  it('reads a list whose control directory is closed as that: 66 and one line', async () => {
    const closed = await makeList();
    await chmod(join(closed.directory, 'control'), 0);
    const { status } = await preview(['-L', closed.directory, POST], { uid: 65534 });
    expect(status).toBe(66);
    await closed.remove();
  });
});
