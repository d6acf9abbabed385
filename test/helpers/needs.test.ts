import { describe, expect, it } from 'vitest';
import { describeSkipped } from '../../scripts/skipped-tests.ts';
import { file, lacks, type Need, program } from './needs.ts';

const need = (what: string, isThere: boolean, ...packages: string[]): Need => ({
  what,
  packages,
  isMet: () => isThere,
});

describe('what a machine lacks', () => {
  it('is nothing where all is there', () => {
    expect(lacks(program('sh'), file('/bin/sh', 'dash'))).toBe('');
  });

  it('is said with the packages that bring it, and without what is there', () => {
    expect(lacks(need('a', true, 'pa'), need('b', false, 'pb', 'pc'), need('root', false))).toBe(
      ' (needs b, root: apt-get install pb pc)',
    );
    expect(lacks(file('/nowhere/tool', 'tools'), program('no-such-program'))).toBe(
      ' (needs tool, no-such-program: apt-get install tools no-such-program)',
    );
    expect(lacks(need('root', false))).toBe(' (needs root)');
  });
});

describe('what a run says of skipped tests', () => {
  it('is nothing where none was', () => {
    expect(describeSkipped([])).toEqual([]);
  });

  it('names exactly the packages that were missing', () => {
    const names = [
      `one${lacks(need('strace', false, 'strace'), need('cc', true, 'gcc'))}`,
      `two${lacks(need('strace', false, 'strace'))} in a group`,
      `three${lacks(need('root', false), need('zsh', false, 'zsh'))}`,
      'four',
    ];
    expect(describeSkipped(names)).toEqual([
      '',
      '3 skipped, because this machine lacks what they need:',
      '  one (needs strace: apt-get install strace)',
      '  two (needs strace: apt-get install strace) in a group',
      '  three (needs root, zsh: apt-get install zsh)',
      'On Debian or Ubuntu: apt-get install strace zsh',
      'Some run as root alone.',
      '',
      '1 not run, for a reason of their own:',
      '  four',
    ]);
  });

  it('asks nobody to be root for what only somebody else can do', () => {
    expect(describeSkipped(['closed (needs not to be root)'])).toEqual([
      '',
      '1 skipped, because this machine lacks what they need:',
      '  closed (needs not to be root)',
    ]);
  });
});
