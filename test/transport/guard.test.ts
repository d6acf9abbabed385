/** The guard where it cannot do its work: what it was to guard must not be left alone. */
import { expect, test, vi } from 'vitest';
import { platform as node } from '../../src/platform/node.ts';
import type { Channel, Child, ChildEnd, Platform, Sink } from '../../src/platform/platform.ts';
import { destroy, startGuarded } from '../../src/transport/guard.ts';

const sink = (): Sink => ({ write: async () => true, end: vi.fn(async () => undefined) });

/** A child that only SIGKILL ends. */
function living() {
  let end: (how: ChildEnd) => void = () => undefined;
  const exited = new Promise<ChildEnd>((resolve) => {
    end = resolve;
  });
  const kill = vi.fn((signal: string) => {
    if (signal === 'SIGKILL') end({ code: null, signal, said: '' });
  });
  const channel: Channel = { handle: undefined, ...sink() };
  return { pid: 2 ** 22, kill, exited, control: sink(), channel };
}

function dead(end: Partial<ChildEnd>): Child & { control: Sink } {
  const exited = Promise.resolve({ code: null, signal: null, said: '', ...end });
  return { pid: 0, kill: () => undefined, exited, control: sink() };
}

const refusal = Object.assign(new Error('no'), { code: 'EAGAIN' });
const GUARDS: [name: string, spawnHolding: Platform['spawnHolding']][] = [
  [
    'is refused at once',
    () => {
      throw refusal;
    },
  ],
  ['turns out not to have started', () => dead({ failure: refusal })],
];

test.each(GUARDS)('no message is streamed behind a guard that %s', async (_, spawnHolding) => {
  const child = living();
  const started = startGuarded(['/x'], '/list', { ...node, spawnWithChannel: () => child, spawnHolding });
  await expect(started).rejects.toBe(refusal);
  expect(child.kill).toHaveBeenCalledWith('SIGKILL');
  expect(child.channel.end).toHaveBeenCalled();
});

test.each([...GUARDS, ['is killed itself', () => dead({ signal: 'SIGKILL' })] as const])(
  'a child is ended all the same where the guard %s',
  async (_, spawnHolding) => {
    const child = living();
    await destroy(child, '/list', { ...node, spawnHolding });
    expect(await child.exited).toMatchObject({ signal: 'SIGKILL' });
  },
);

test('on Node, one that could not be started is not killed: that would be our whole process group', async () => {
  const heard = vi.fn();
  process.on('SIGCONT', heard);
  const child = node.spawnReading(['/nowhere/program'], 0, 2);
  child.kill('SIGCONT' as 'SIGTERM');
  expect((await child.exited).failure).toMatchObject({ code: 'ENOENT' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard).not.toHaveBeenCalled();
  process.off('SIGCONT', heard);
});
