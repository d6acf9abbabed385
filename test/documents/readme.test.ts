import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCheckArgs } from '../../src/check/options.ts';
import { parseInstallArgs } from '../../src/install/options.ts';
import { parsePreviewArgs } from '../../src/preview/options.ts';
import { parseServeArgs } from '../../src/serve/options.ts';
import { CallKind, parseArguments } from '../../src/transport/arguments.ts';
import { commands as knownCommands } from '../../src/transport/commands.ts';
import { demandBuild, PROGRAMS, ROOT, run } from '../helpers/programs.ts';
import { codeBlocks, codeSpans } from './markdown.ts';

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
const manual = await readFile(join(ROOT, 'man/mlmmj-amime-receive.8'), 'utf8');

/** Commands of the README and the manual page that begin with our name, without what the shell makes of them. */
const commands = [readme, manual.replaceAll('\\&', '')].flatMap((text) =>
  [...text.matchAll(/^(?:\$ |\s*argv=\S*\/)?mlmmj-amime-receive (.+)$/gm)].map((match) =>
    match[1]!.replace(/\s*[<|#].*$/, '').split(/\s+/),
  ),
);

describe('the README', () => {
  let list: string;

  beforeAll(async () => {
    demandBuild();
    list = join(await mkdtemp(join(tmpdir(), 'amime-readme-')), 'news');
    await mkdir(join(list, 'control'), { recursive: true });
    await writeFile(join(list, 'control/listaddress'), 'news@example.org\n');
    await writeFile(join(list, 'control/footer_text'), block('footer_text'));
  });

  afterAll(() => rm(join(list, '..'), { recursive: true }));

  it('shows what really comes out', async () => {
    const { status, stdout, stderr } = await run(PROGRAMS[0]!, ['-L', list, '--dry-run'], {
      input: block('before'),
    });
    expect(stderr).toBe('footer added: text/plain, text/html\n');
    expect(status).toBe(0);
    expect(stdout).toBe(block('after'));
  });

  it('shows commands that do and say what it says', async () => {
    const shown = codeBlocks(readme).filter(({ language }) => language === 'console');
    expect(shown.length).toBeGreaterThan(1);
    await writeFile(join(list, '../post.eml'), block('before'));
    for (const { text } of shown) {
      const [line = '', ...output] = text.replace('/var/vmail/mlmmj/example.org/news', list).split('\n');
      const [command = '', input] = line.split(' < ');
      const [prompt, name, ...args] = command.split(' ');
      expect([prompt, name]).toEqual(['$', 'mlmmj-amime-receive']);
      const { status, stdout, stderr } = await run(PROGRAMS[0]!, args, {
        cwd: join(list, '..'),
        input: input === undefined ? '' : block('before'),
      });
      expect(status, `${line}: ${stderr}`).toBe(0);
      if (output.join('') !== '') expect(stdout).toBe(output.join('\n'));
    }
  });

  it('names only files that are there', async () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]!);
    for (const link of links) await expect(stat(join(ROOT, link)), link).resolves.toBeDefined();
  });

  it('names each option of the manual page, and the manual page each of the program', async () => {
    const { stdout } = await run(PROGRAMS[0]!, ['--help']);
    const options = new Set(stdout.match(/--[a-z][a-z-]+/g));
    for (const option of options) {
      expect(manual, option).toContain(`.It Fl Fl ${option.slice(2)}`);
    }
    for (const option of codeSpans(readme).flatMap((span) => span.match(/^--[a-z-]+/g) ?? [])) {
      const isOurs = options.has(option) || manual.includes(`Fl Fl ${option.slice(2)}`);
      const isAltermimes = new RegExp(`^\\| .*\`${option}[=\`]`, 'm').test(readme);
      expect(isOurs || isAltermimes, option).toBe(true);
    }
  });

  it('the manual page has each option of each command, in its section', async () => {
    for (const { name: command } of knownCommands()) {
      const { stdout } = await run(PROGRAMS[0]!, [command, '--help']);
      const start = manual.indexOf(`.Ss ${command}\n`);
      expect(start, command).toBeGreaterThan(0);
      const section = manual.slice(start).split(/\n\.S[sh] /)[0]!;
      for (const option of stdout.match(/(?<=^ {2}|\[| )--[a-z][a-z-]+/gm) ?? []) {
        const isElsewhere = option === '--help';
        if (!isElsewhere) expect(section, `${command} ${option}`).toContain(`Fl Fl ${option.slice(2)}`);
      }
    }
  });

  it('calls the program only in ways that it understands', () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const args of commands) {
      const { kind, message } = parseArguments(args, false);
      expect(kind, `${args.join(' ')}: ${message}`).not.toBe(CallKind.Wrong);
      if (kind !== CallKind.Command) continue;
      const [name, ...own] = args;
      if (name === 'preview') expect(() => parsePreviewArgs(own)).not.toThrow();
      if (name === 'install') expect(() => parseInstallArgs(own)).not.toThrow();
      if (name === 'serve') expect(() => parseServeArgs(own), args.join(' ')).not.toThrow();
      if (name === 'check') expect(() => parseCheckArgs(own), args.join(' ')).not.toThrow();
    }
  });
});

function block(name: string): string {
  const found = codeBlocks(readme).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the README has no block "${name}"`);
  return found.text;
}
