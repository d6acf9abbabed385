/** Trouble in the shared code costs the footer and never the post: it is stopped, and the line says what it was. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeSpool, ROOT, run, type Spool, standIn } from '../helpers/programs.ts';
import { buildFaultyHost, FAULTY, FAULTY_POSIX, noCompiler, wishing } from './faulty-host.ts';

let spool: Spool;
beforeAll(buildFaultyHost);
beforeEach(async () => {
  spool = await makeSpool();
});
afterEach(() => spool.remove());

async function expectStored(message: Buffer): Promise<void> {
  expect((await spool.stored()).map((stored) => stored.equals(message))).toEqual([true]);
}

const FAULT = 'test/host/faulty-core/fault';

test.skipIf(noCompiler)(`from a trap to the line of TypeScript${noCompiler}`, () => {
  const script = ['scripts/trap.ts', 'dist/native/faulty/core.wasm', '-L', spool.directory];
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const { stdout } = spawnSync(process.execPath, [tsx, ...script], {
    cwd: ROOT,
    input: wishing('step: divide'),
    encoding: 'utf8',
  });
  const source = readFileSync(join(ROOT, 'test/host/faulty-core.ts'), 'utf8').split('\n');
  const line = source.findIndex((text) => text.includes('7 / ')) + 1;
  expect(stdout).toContain(`divide by zero\n    test/host/faulty-core.ts:${line}  ${FAULT}\n`);
});

describe.skipIf(noCompiler).each([FAULTY, FAULTY_POSIX])(`$name${noCompiler}`, (program) => {
  const deliver = (message: Buffer, args: string[] = [], env: Record<string, string> = {}) =>
    run(program, ['-L', spool.directory, '--mlmmj-receive', standIn('stores'), ...args], {
      input: message,
      env,
    });

  test.each([
    ['step: unreachable', `internal error (${FAULT}: unreachable)`],
    ['step: bounds', `internal error (${FAULT}: unreachable)`],
    ['step: load', `internal error (${FAULT}: out of bounds)`],
    ['step: divide', `internal error (${FAULT}: division by zero)`],
    ['step: recursion', 'internal error (test/host/faulty-core/recurse: too many nested calls)'],
    ['step: memory', `internal error (${FAULT}: out of memory)`],
    ['step: address', `internal error (${FAULT}: out of bounds)`],
    ['step: length', `internal error (${FAULT}: out of bounds)`],
    ['count: bounds', `internal error (${FAULT}: unreachable)`],
  ])('%s', async (wish, words) => {
    for (const size of [100, 1_000_000]) {
      await spool.remove();
      spool = await makeSpool();
      const message = wishing(wish, size);
      const result = await deliver(message);
      expect(result).toMatchObject({ status: 0, stderr: '' });
      // The call that is blamed is the innermost that was not inlined.
      expect(result.stdout.replace(/test\/core\/host\/faulty-core\/step/, FAULT)).toBe(
        `no footer: ${words}\n`,
      );
      await expectStored(message);
    }
  });

  test.each(['endless', 'endless reading'])('%s', async (fault) => {
    const message = wishing(`step: ${fault}`);
    const result = await deliver(message, ['--deadline', '5']);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout).toMatch(/^no footer: planning took too long \([\w/#-]+\)\n$/);
    await expectStored(message);
  });

  test.each(['unreachable', 'memory', 'failed', 'endless', 'address'])(
    '%s in the middle of recoding, when half of the message is written',
    async (fault) => {
      for (const size of [100_000, 1_000_000]) {
        await spool.remove();
        spool = await makeSpool();
        const message = Buffer.concat([wishing('plan: keep 0 30; recode 30 end', size), Buffer.from('end')]);
        const result = await deliver(message, ['--deadline', '5'], { RECODE: fault });
        expect(result).toMatchObject({ status: 0, stderr: '' });
        expect(result.stdout).toMatch(/^no footer: (internal error|planning took too long) \(.+\)\n$/);
        await expectStored(Buffer.concat([message, Buffer.from('\n')]));
      }
    },
  );

  test('a trap before it is known where the post goes: it waits', async () => {
    const result = await deliver(wishing('open: divide'));
    expect(result).toMatchObject({ status: 75, stdout: '' });
    expect(result.stderr).toMatch(/^4\.3\.0 internal error \(.+: division by zero\)\n$/);
    expect(await spool.stored()).toEqual([]);
  });

  test('garbage of many steps is collected', async () => {
    // Ten thousand times 100 KB, where 32 MiB are all that there may be.
    const message = wishing('many steps');
    expect(await deliver(message)).toMatchObject({ status: 0, stdout: 'no footer: none planned\n' });
  });

  test('no room for what was planned: it waits', async () => {
    expect(await deliver(wishing('no room'))).toMatchObject({ status: 75, stderr: '4.3.0 no room\n' });
    expect(await spool.stored()).toEqual([]);
  });
});
