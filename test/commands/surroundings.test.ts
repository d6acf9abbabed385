/** What lies around where the program is started, or stands in its environment, is none of its business. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demandBuild, makeSpool, PROGRAMS, post, run, type Spool, standIn } from '../helpers/programs.ts';

/** Runs its arguments with an ignored SIGCHLD, which stays ignored: the system then forgets how children ended. */
const IGNORING =
  'import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])';

let place: string;
let spool: Spool;

beforeAll(demandBuild);
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'amime-hostile-'));
  spool = await makeSpool({ footer_text: 'The footer' });
  const touch = `require('node:fs').writeFileSync(${JSON.stringify(join(place, 'touched'))}, '')`;
  const files = {
    'evil.js': touch,
    'evil.cjs': touch,
    '.env': `EXTENSION=subscribe\nSENDER=evil@example.net\nNODE_OPTIONS=--require=${place}/evil.cjs\nBUN_OPTIONS=--preload=${place}/evil.js\n`,
    '.env.production': 'EXTENSION=subscribe\n',
    '.env.local': 'EXTENSION=subscribe\n',
    'bunfig.toml': 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "*": ["./evil.js"] }, "jsx": "nonsense"',
    'package.json': '{ "imports": { "#platform": "./evil.js" }, "type": "nonsense", "scripts":',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(place, name), content);
});
afterEach(async () => {
  await spool.remove();
  await rm(place, { recursive: true, force: true });
});

describe.each(PROGRAMS)('$name', (program) => {
  const deliver = (env: Record<string, string>) =>
    run(program, ['-L', spool.directory, '--mlmmj-receive', standIn('stores')], {
      input: post(),
      cwd: place,
      env,
    });

  test('reads no configuration from the directory it is started in', async () => {
    expect(await deliver({})).toMatchObject({ status: 0, stdout: 'footer added: text/plain\n', stderr: '' });
    expect(existsSync(join(place, 'touched'))).toBe(false);
    expect(await spool.stored()).toEqual([Buffer.concat([post(), Buffer.from('The footer\n')])]);
  });

  test('starts without any environment', async () => {
    const result = await deliver({ LANG: '', MAIL_CONFIG: '', PATH: '' });
    // The stand-in is a shell script that needs its PATH; what counts is that we came to start it.
    expect(result.stderr).not.toMatch(/internal error/);
  });
});

test.each(PROGRAMS)('$name is started by a parent that ignores how its children end', async ({ command }) => {
  for (const message of [post(), post(1_000_000)]) {
    await spool.remove();
    spool = await makeSpool();
    const ignoring = { name: 'ignoring', command: ['python3', '-c', IGNORING, ...command] as const };
    const args = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
    const result = await run(ignoring, args, { input: message });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(await spool.stored()).toEqual([message]);
  }
});

test('the executable does not hear the variables of engines that it has not', async () => {
  const args = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
  const evil = join(place, 'evil.cjs');
  const env = {
    NODE_OPTIONS: `--require=${evil}`,
    BUN_OPTIONS: `--preload=${evil}`,
    BUN_INSPECT_PRELOAD: evil,
    GLIBC_TUNABLES: 'glibc.malloc.check=3',
  };
  expect(await run(PROGRAMS[0]!, args, { input: post(), cwd: place, env })).toMatchObject({ status: 0 });
  expect(existsSync(join(place, 'touched'))).toBe(false);
});
