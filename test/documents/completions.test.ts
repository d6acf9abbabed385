import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionFiles } from '../../scripts/completion-files.ts';
import { allOptions } from '../../scripts/option-tables.ts';
import { lacks, program } from '../helpers/needs.ts';
import { demandBuild, PROGRAMS, ROOT } from '../helpers/programs.ts';

const FILES = {
  bash: 'mlmmj-amime-receive.bash',
  zsh: '_mlmmj-amime-receive',
  fish: 'mlmmj-amime-receive.fish',
};
const path = (shell: keyof typeof FILES) => join(ROOT, 'completions', FILES[shell]);

beforeAll(demandBuild);

function help(...command: string[]): string {
  return execFileSync(PROGRAMS[0]!.command[0], [...command, '--help'], { encoding: 'utf8' });
}

describe('the completions', () => {
  it('say what the option tables say (else: npx tsx scripts/completions.ts)', async () => {
    for (const [name, text] of Object.entries(completionFiles(await allOptions()))) {
      expect(readFileSync(join(ROOT, 'completions', name), 'utf8'), name).toBe(text);
    }
  });

  it('know each option that a help text names at the beginning of a line', () => {
    const bash = readFileSync(path('bash'), 'utf8');
    const commands = [...help().matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1]!);
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const known = new RegExp(`^    ${command}\\) options='(.*)' ;;$`, 'm').exec(bash)?.[1]?.split(' ');
      for (const [, option] of help(command).matchAll(/^ {2}(--?[A-Za-z][a-z-]*)/gm)) {
        expect(known, `${command} ${option}`).toContain(option);
      }
    }
  });

  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const missing = lacks(program(shell));
    it.skipIf(missing)(`are right ${shell}${missing}`, () => {
      const { status, stderr } = spawnSync(shell, ['-n', path(shell)], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
  }

  const noZsh = lacks(program('zsh'));
  it.skipIf(noZsh).each(['/usr', '/usr/local'])(`are where zsh looks, below %s${noZsh}`, (prefix) => {
    const target = ['--no-print-directory', '-C', ROOT, '--eval', 'zshdir: ; @echo $(ZSHDIR)', 'zshdir'];
    const directory = execFileSync('make', [...target, `PREFIX=${prefix}`], { encoding: 'utf8' }).trim();
    const looksInto = execFileSync('zsh', ['-fc', 'print -l $fpath'], { encoding: 'utf8' }).split('\n');
    expect(looksInto).toContain(directory);
  });

  it.each([
    [['mlmmj-amime-receive', 'pre'], ['preview']],
    [['mlmmj-amime-receive', '--dry'], ['--dry-run']],
    [
      ['mlmmj-amime-receive', 'preview', '--footer'],
      ['--footer-html', '--footer-text'],
    ],
    [
      ['mlmmj-amime-receive', 'preview', '--signed', ''],
      ['skip', 'wrap'],
    ],
    [['mlmmj-amime-receive', 'uninstall', '--post'], ['--postfix-config']],
    [['mlmmj-amime-receive', 'install', '--transport', 'm'], ['mysql']],
    [['mlmmj-amime-receive', 'check', '--log', 'READ'], ['README.md']],
    [['mlmmj-amime-receive', 'serve', '--lists', 'complet'], ['completions']],
    [['mlmmj-amime-receive', '-L', 'complet'], ['completions']],
    [['mlmmj-amime-receive', 'check', '--lmtp', 'READ'], ['README.md']],
  ])('bash completes %j', (words, expected) => {
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mlmmj_amime_receive
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', script, 'bash', path('bash'), ...words], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(said.trim().split('\n').sort()).toEqual(expected);
  });

  const noFish = lacks(program('fish'));
  it.skipIf(noFish)(`fish completes commands and options${noFish}`, () => {
    const complete = (line: string) => {
      const script = `source ${path('fish')}; complete -C '${line}'`;
      const said = execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
      return said.split('\n').map((row) => row.split('\t')[0]);
    };
    expect(complete('mlmmj-amime-receive prev')).toContain('preview');
    expect(complete('mlmmj-amime-receive preview --footer-')).toEqual(
      expect.arrayContaining(['--footer-text', '--footer-html']),
    );
    expect(complete('mlmmj-amime-receive preview --signed ')).toEqual(
      expect.arrayContaining(['skip', 'wrap']),
    );
  });
});
