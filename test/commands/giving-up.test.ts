/** A delivery that is given up, on a platform whose timing the tests decide. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReceiveCall } from '../../src/cli.ts';
import { receive } from '../../src/commands/receive.ts';
import { platform } from '../../src/platform/node.ts';
import type { Child, Platform } from '../../src/platform/platform.ts';
import { makeSpool, post, type Spool } from '../helpers/programs.ts';

let spool: Spool;
beforeEach(async () => {
  spool = await makeSpool();
});
afterEach(async () => {
  vi.useRealTimers();
  await spool.remove();
});

const call = (): ReceiveCall => ({
  kind: 'receive',
  listDirectory: spool.directory,
  sender: undefined,
  extension: undefined,
  receiveArguments: ['-L', spool.directory],
  mlmmjReceive: '/nowhere/mlmmj-receive',
  dryRun: false,
  deadlineSeconds: 900,
});

/** Lets everything happen that waits for nothing but its turn, or for files. */
const awhile = () => new Promise((resolve) => setTimeout(resolve, 200));

test('while it is said that the message waits, none is handed over', async () => {
  let readOn: () => void = () => undefined;
  const inputGoesOn = new Promise<void>((resolve) => {
    readOn = resolve;
  });
  const spawned = vi.fn();
  const said: string[] = [];
  const slow: Platform = {
    ...platform,
    async *input() {
      await inputGoesOn;
      yield post();
    },
    spawn: spawned,
    async write(_, bytes) {
      readOn();
      await awhile();
      said.push(Buffer.from(bytes).toString());
    },
  };
  const stopped = Promise.reject(Object.assign(new Error('stopped by SIGTERM'), { name: 'Interruption' }));
  expect(await receive(call(), slow, stopped)).toBe(75);
  await awhile();
  expect(said).toEqual(['4.3.0 stopped by SIGTERM\n']);
  expect(spawned).not.toHaveBeenCalled();
});

test('a child that the system cannot end is not waited for until Postfix bounces the message', async () => {
  const never = new Promise<never>(() => undefined);
  const unending: Child = { pid: 2 ** 22, kill: () => undefined, exited: never };
  const spawn = vi.fn(() => ({ ...unending, tookAll: () => never }));
  const said: string[] = [];
  const stuck: Platform = {
    ...platform,
    async *input() {
      yield post();
    },
    spawn,
    spawnHolding: () => ({ ...unending, control: { write: async () => true, end: async () => undefined } }),
    async write(_, bytes) {
      said.push(Buffer.from(bytes).toString());
    },
  };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const status = receive(call(), stuck, never);
  while (spawn.mock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(990_000);
  expect(await status).toBe(75);
  expect(said).toEqual(['4.3.0 not done within 900 seconds\n']);
});
