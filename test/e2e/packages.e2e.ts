/** The .deb packages' whole life on this host, whose trees are put back when the test ends. On clean ones: make package-tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, onTestFinished, test } from 'vitest';
import { buildDebs } from './stack/debs.ts';

const root = new URL('../../', import.meta.url).pathname;
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

test.skipIf(inject('obstacle'))(
  'the packages: over a foreign script, mail, upgrade, mail, back, removed, purged',
  async (context) => {
    const trial = await execa('unshare', [...NAMESPACES, 'true'], { reject: false });
    if (trial.exitCode !== 0)
      context.skip('may not make namespaces here: run as root, in a privileged container');
    const directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-packages-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const packages = await buildDebs(root, join(directory, 'packages'));
    const script = join(root, 'test/packages/deb-life-here.sh');
    const done = await execa('unshare', [...NAMESPACES, 'bash', script, directory, ...packages], {
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    expect(
      done.stdout.split('\n').filter((line) => line.startsWith('step: ')),
      done.all,
    ).toEqual([
      'step: host prepared',
      'step: refused without a trace',
      'step: installed, the script diverted',
      'step: set up',
      'step: posted: first',
      'step: posted: second',
      'step: upgraded',
      'step: posted: third',
      'step: stays while Postfix runs it',
      'step: removed, the script is back',
      'step: purged without a trace',
      'step: came and went on a bare host',
    ]);
    expect(done.exitCode, done.all).toBe(0);
  },
  600_000,
);
