/** Pipe mode: the message on standard input, with the list's footers, to mlmmj-receive, and one line about it. */
import type { ReceiveCall } from '../cli.ts';
import { demandWorkable, openList } from '../list/list.ts';
import { readingAhead } from '../list/read-ahead.ts';
import type { Platform } from '../platform/platform.ts';
import { DeliveryError, STATUS } from '../status.ts';
import type { Destination } from '../transport/destination.ts';
import { DryRun } from '../transport/dry-run.ts';
import { passThroughReason, readEnvelope } from '../transport/envelope.ts';
import { loadFooterCode, readFooting, shortName, startWriter } from '../transport/footing.ts';
import { takeHead } from '../transport/message-head.ts';
import { findMlmmjReceive, HandOff } from '../transport/mlmmj-receive.ts';
import { failureLine, successLine } from './report.ts';

/**
 * Delivers one message and says how it went: a line on standard output, or one on standard error with a status that
 * keeps the message in Postfix's queue.
 *
 * @param interrupted rejects when the delivery has to end early: a signal, or an error that nobody caught
 * @returns the exit status
 */
export async function receive(
  call: ReceiveCall,
  platform: Platform,
  interrupted: Promise<never>,
): Promise<number> {
  const delivery: Delivery = { destination: undefined, isOver: false };
  const deadline = afterSeconds(call.deadlineSeconds);
  let line: string;
  try {
    line = await Promise.race([deliver(call, platform, delivery), interrupted, deadline.passed]);
  } catch (error) {
    delivery.isOver = true;
    if (!(await isDeliveredAllTheSame(delivery))) {
      await say(platform, 2, failureLine(error));
      return error instanceof DeliveryError ? STATUS[error.kind].exit : STATUS.temporary.exit;
    }
    line = 'delivered, but interrupted before it could be said how';
  } finally {
    deadline.cancel();
  }
  await say(platform, call.dryRun ? 2 : 1, successLine(line));
  return 0;
}

interface Delivery {
  /** Set as soon as there is something to abandon. */
  destination: Destination | undefined;
  /** Set when it is given up: while that is being said, nothing may be begun any more. */
  isOver: boolean;
}

/** @returns what was done, for the log. @throws DeliveryError */
async function deliver(call: ReceiveCall, platform: Platform, delivery: Delivery): Promise<string> {
  // All at the same time: the list, its footers, the first lines of the message, and the code for the footers,
  // which is loaded while the system looks for the files.
  void loadFooterCode().catch(() => undefined);
  const files = readingAhead(call.listDirectory, platform);
  const listOpened = openList(call.listDirectory, files);
  const [list, footing, program, message] = await Promise.all([
    listOpened,
    listOpened.then((opened) => readFooting(opened, files)),
    call.dryRun ? '' : (call.mlmmjReceive ?? findMlmmjReceive(platform)),
    takeHead(platform.input()),
  ]);
  if (!call.dryRun) demandWorkable(list);
  if (message.head.length === 0) throw new DeliveryError('temporary', 'the message is empty');

  const envelope = readEnvelope({ ...call, environment: process.env }, message.head, list);
  const destination = call.dryRun
    ? new DryRun(platform)
    : new HandOff([program, ...call.receiveArguments, ...envelope.additions], list.directory, platform);
  delivery.destination = destination;
  if (delivery.isOver) await destination.abandon();

  const unfit = passThroughReason(envelope, shortName(list), list.delimiter);
  const writer = await startWriter(footing, unfit, destination, 'lent');
  for await (const piece of message.pieces) await writer.write(piece);
  const done = writer.end();
  await destination.finish();
  return done.summary;
}

/** Undoes what can be undone. */
async function isDeliveredAllTheSame({ destination }: Delivery): Promise<boolean> {
  if (destination === undefined) return false;
  const limit = afterSeconds(UNDOING_SECONDS);
  try {
    return await Promise.race([destination.abandon(), limit.passed]);
  } catch {
    // What counts is why there was something to undo. The guard is at work, or there is nothing it could do.
    return false;
  } finally {
    limit.cancel();
  }
}

/**
 * Undoing takes milliseconds, but a process whose disk hangs cannot be ended before that comes back. Waiting for it
 * would take us past Postfix's limit after all.
 */
const UNDOING_SECONDS = 30;

/** Postfix runs the command as if it would never end, and bounces when it does not. */
function afterSeconds(seconds: number): { passed: Promise<never>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeliveryError('temporary', `not done within ${seconds} seconds`));
    }, seconds * 1000);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

/** Nobody listening is no reason to change what happened to the message. */
async function say(platform: Platform, fd: 1 | 2, line: string): Promise<void> {
  try {
    await platform.write(fd, new TextEncoder().encode(line));
  } catch {
    // As said.
  }
}
