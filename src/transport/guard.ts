/**
 * A guard for messages that are too large to be held in memory.
 *
 * Such a message is streamed into a running mlmmj-receive, and mlmmj-receive takes the end of its input for the end
 * of the message. If we are killed in the middle (SIGKILL, the kernel out of memory), our end of the pipe closes,
 * and half a message would go to the list. So a second process, a small shell script, holds the writing end
 * open too: whatever becomes of us, the input does not end before the guard has heard that it was whole. If it
 * hears anything else, or nothing any more, it stops mlmmj-receive, removes the file it was writing, and kills it.
 *
 * What was weighed and left: a parent-death signal (setpriv) comes after the pipe is closed, so mlmmj-receive may
 * be done first; spooling the message to a file and handing that over is as safe, but then mlmmj-receive only begins
 * when we are done: 25 MB took about one and a half times as long. The price of the guard is two shells, 1 to
 * 2 ms, for large messages only; small ones need none of it (see `Platform.spawn`).
 */
import type { Channel, Child, Platform, Sink } from '../platform/platform.ts';

/**
 * mlmmj-receive must not begin before the guard stands, so the shell that will become it waits for a word. Its
 * standard input is then replaced by the channel; descriptor 3 must not stay open behind it.
 */
const STARTER = 'read -r word && exec "$@" <&3 3<&-';

/**
 * $1 is mlmmj-receive's process, $2 the list's directory. Where there is no /proc (the BSDs), the half file stays in
 * incoming/, where nothing ever looks at it; it only takes up room. A process id that is none must never reach
 * kill, to which 0 means this whole process group.
 */
const GUARD = `PATH=/usr/bin:/bin:/usr/sbin:/sbin
read -r word
[ "$word" = whole ] && exit 0
[ "$1" -gt 1 ] || exit 0
kill -STOP "$1" 2>/dev/null || exit 0
incoming=$(CDPATH= cd -- "$2/incoming" && pwd -P) || incoming=
for descriptor in /proc/"$1"/fd/*; do
  [ -n "$incoming" ] || break
  file=$(readlink "$descriptor") || continue
  case $file in
    "$incoming"/*/*) ;;
    "$incoming"/*)
      access=$(sed -n 's/^flags:[[:space:]]*[0-7]*\\([0-7]\\)$/\\1/p' "/proc/$1/fdinfo/\${descriptor##*/}")
      [ "$access" != 0 ] && [ -f "$file" ] && [ ! -L "$file" ] && rm -f "$file" ;;
  esac
done
kill -KILL "$1"
`;

const SHELL = '/bin/sh';

export interface GuardedChild extends Child {
  readonly channel: Channel;
  /** Says that the message is whole, and ends the channel. */
  release(): Promise<void>;
  /** Sends the guard away without a kill, because the child has ended: its process id may be another's by now. */
  dismiss(): Promise<void>;
  /** Has the child killed and its half file removed; resolves when both are done. */
  destroy(): Promise<void>;
}

/** Starts mlmmj-receive behind a guard. Its message goes into `channel`. */
export async function startGuarded(
  argv: readonly [string, ...string[]],
  listDirectory: string,
  platform: Platform,
): Promise<GuardedChild> {
  const child = platform.spawnWithChannel([SHELL, '-c', STARTER, SHELL, ...argv]);
  let guard: Guard;
  try {
    if (child.pid === 0) throw (await child.exited).failure;
    guard = startGuard(child, listDirectory, child.channel, platform);
    if (guard.pid === 0) throw (await guard.exited).failure;
  } catch (error) {
    // The child still waits for its word, and would for ever.
    child.kill('SIGKILL');
    await Promise.all([child.control.end(), child.channel.end()]);
    throw error;
  }
  await say(child.control, 'begin');
  await child.control.end();
  let guarded = true;
  async function dismiss() {
    guarded = false;
    await say(guard.control, 'whole');
    await guard.control.end();
    await guard.exited;
  }
  return {
    ...child,
    dismiss,
    async release() {
      await dismiss();
      await child.channel.end();
    },
    async destroy() {
      if (!guarded) return destroy(child, listDirectory, platform);
      await sendAgainst(guard, child);
      // Nobody reads it any more: this only gives the descriptor back.
      await child.channel.end();
    },
  };
}

/** Ends a child that has no guard (any more) in the same way, and waits until it is gone. */
export async function destroy(child: Child, listDirectory: string, platform: Platform): Promise<void> {
  let guard: Guard;
  try {
    guard = startGuard(child, listDirectory, undefined, platform);
  } catch {
    // Half a file that nobody looks at is better than a whole message that is delivered now and once more later.
    child.kill('SIGKILL');
    await child.exited;
    return;
  }
  await sendAgainst(guard, child);
}

type Guard = Child & { readonly control: Sink };

/** Has a guard end its child; resolves when both are gone. */
async function sendAgainst(guard: Guard, child: Child): Promise<void> {
  await guard.control.end();
  const { code } = await guard.exited;
  // It was killed itself, or could not be started.
  if (code !== 0) child.kill('SIGKILL');
  await child.exited;
}

function startGuard(
  child: Child,
  listDirectory: string,
  channel: Channel | undefined,
  platform: Platform,
): Guard {
  return platform.spawnHolding([SHELL, '-c', GUARD, SHELL, String(child.pid), listDirectory], channel);
}

function say(control: Sink, word: string): Promise<boolean> {
  return control.write(new TextEncoder().encode(`${word}\n`));
}
