import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMPILER, lacks, STRACE } from '../helpers/needs.ts';
import { makeSpool, run, type Spool } from '../helpers/programs.ts';
import { buildFaultyHost, FAULTY, FAULTY_POSIX, noCompiler, wishing } from './faulty-host.ts';

const noTrace = lacks(COMPILER, STRACE);
const IN_MEMORY = 524_288;

let spool: Spool;
beforeAll(buildFaultyHost);
beforeEach(async () => {
  spool = await makeSpool();
});
afterEach(() => spool.remove());

/** What the plan makes of the message, with operations in the words of faulty-core.ts. */
function carriedOut(message: Buffer, plan: string): Buffer {
  const pieces = plan.split('; ').map((operation) => {
    const [kind, first = '', second = ''] = operation.split(' ');
    if (kind === 'insert') return Buffer.from(`${second}\n`);
    if (kind === 'drop') return Buffer.alloc(0);
    const piece = message.subarray(Number(first), second === 'end' ? message.length : Number(second));
    return kind === 'recode' ? Buffer.from(piece.toString('latin1').toLowerCase(), 'latin1') : piece;
  });
  return Buffer.concat(pieces);
}

describe.skipIf(noCompiler).each([FAULTY, FAULTY_POSIX])(`$name${noCompiler}`, (program) => {
  const dryRun = (message: Buffer) => run(program, ['-L', spool.directory, '--dry-run'], { input: message });
  const sizes = [200, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, 3_000_000];

  describe.each(sizes)('a message of %i bytes', (size) => {
    test.each([
      'keep 0 end',
      'keep 0 end; insert 7 footer',
      'insert 4 top; keep 0 end',
      'keep 0 100; insert 4 abc; keep 100 end',
      'keep 0 50; drop 50 100; keep 100 end',
      'drop 0 60; insert 2 x; insert 2 y; copy 10 60; keep 60 end; copy 0 10',
      'keep 0 20; recode 20 end',
      'recode 0 150; keep 150 end; insert 3 ok',
    ])('%s', async (plan) => {
      const message = wishing(`plan: ${plan}`, size).subarray(0, size);
      const result = await dryRun(message);
      expect(result).toMatchObject({ status: 0, stderr: 'footer added: test\n' });
      const expected = carriedOut(message, plan);
      const ended = expected.at(-1) === 0x0a ? expected : Buffer.concat([expected, Buffer.from('\n')]);
      expect(result.bytes.equals(ended)).toBe(true);
    });
  });

  test.each([
    ['keep 0 10; insert 5 abc; keep 10 end', 'a length that is not so'],
    ['keep 0 10; recode 10 end 5', 'a length that is not so'],
    ['keep 0 10; keep 11 end', 'a range out of order'],
    ['keep 0 10; keep 9 end', 'a range out of order'],
    ['keep 0 10', 'not all of the message'],
    ['insert 4 abc', 'not all of the message'],
    ['keep 0 9999999', 'a range outside of the message'],
    ['copy 5 4 0; keep 0 end', 'a range outside of the message'],
    ['keep -1 end', 'an offset that is none'],
    ['keep 0 1e300', 'an offset that is none'],
    ['keep nothing end', 'an offset that is none'],
  ])('%s contradicts itself: the message goes out as it came', async (plan, why) => {
    for (const size of [200, IN_MEMORY + 1]) {
      const message = wishing(`plan: ${plan}`, size);
      const result = await dryRun(message);
      expect(result).toMatchObject({
        status: 0,
        stderr: `no footer: internal error (the plan has ${why})\n`,
      });
      expect(result.bytes.equals(message)).toBe(true);
    }
  });

  test('a last line without newline gets one', async () => {
    for (const size of [100, 2_000_000]) {
      const message = Buffer.concat([wishing('nothing', size), Buffer.from('the end')]);
      const result = await dryRun(message);
      expect(result.bytes.equals(Buffer.concat([message, Buffer.from('\n')]))).toBe(true);
    }
  });
});

describe.skipIf(noTrace)(`where the kernel does not copy${noTrace}`, () => {
  const plan = 'keep 0 1000000; insert 4 abc; keep 1000000 end';
  test.each(['error=ENOSYS', 'error=EXDEV', 'error=EIO', 'retval=0', 'error=EIO:when=2', 'retval=0:when=2'])(
    '%s',
    async (fault) => {
      const message = wishing(`plan: ${plan}`, 2_000_000);
      const args = ['-o', '/dev/null', '-e', `inject=copy_file_range:${fault}`, ...FAULTY.command];
      const traced = { name: 'traced', command: ['strace', ...args] as const };
      const result = await run(traced, ['-L', spool.directory, '--dry-run'], { input: message });
      expect(result).toMatchObject({ status: 0, stderr: 'footer added: test\n' });
      expect(result.bytes.equals(carriedOut(message, plan))).toBe(true);
    },
  );
});
