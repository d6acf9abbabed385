/** Pipe mode: the message on standard input, with the list's footers, to mlmmj-receive, and one line about it. */
import type { ReceiveCall } from '../cli.ts';
import type { FooterPair, PlacementWishes } from '../footer/footer.ts';
import { readFooters } from '../list/footers.ts';
import { listName, type MailingList, openList } from '../list/list.ts';
import { readWishes } from '../list/wishes.ts';
import type { Platform } from '../platform/platform.ts';
import { DeliveryError, STATUS } from '../status.ts';
import { COLLECT_LIMIT, Collector, type Destination } from '../transport/destination.ts';
import { DryRun } from '../transport/dry-run.ts';
import { passThroughReason, readEnvelope } from '../transport/envelope.ts';
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
  const delivery: Delivery = { destination: undefined };
  const deadline = afterSeconds(call.deadlineSeconds);
  let line: string;
  try {
    line = await Promise.race([deliver(call, platform, delivery), interrupted, deadline.passed]);
  } catch (error) {
    const deliveredAllTheSame = await delivery.destination?.abandon();
    if (deliveredAllTheSame !== true) {
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
}

/** @returns what was done, for the log. @throws DeliveryError */
async function deliver(call: ReceiveCall, platform: Platform, delivery: Delivery): Promise<string> {
  // All at the same time: the list, its footers, the first lines of the message, and the code for the footers,
  // which is loaded while the system looks for the files.
  void loadFooterCode().catch(() => undefined);
  const listOpened = openList(call.listDirectory, platform);
  const [list, footing, program, message] = await Promise.all([
    listOpened,
    listOpened.then((opened) => readFooting(opened, platform)),
    call.dryRun ? '' : (call.mlmmjReceive ?? findMlmmjReceive(platform)),
    takeHead(platform.input()),
  ]);
  if (message.head.length === 0) throw new DeliveryError('temporary', 'the message is empty');

  const envelope = readEnvelope({ ...call, environment: process.env }, message.head, list);
  const destination = call.dryRun
    ? new DryRun(platform)
    : new HandOff([program, ...envelope.additions, ...call.receiveArguments], list.directory, platform);
  delivery.destination = destination;

  const unfit = passThroughReason(envelope, shortName(list), list.delimiter) ?? footing.missing;
  const done =
    unfit === undefined && footing.footers !== undefined
      ? await withFooters(footing.footers, footing.wishes, message.pieces, destination)
      : await unchanged(message.pieces, destination, `no footer: ${unfit}`);
  await destination.finish();
  return done;
}

interface Footing {
  readonly footers: FooterPair | undefined;
  readonly wishes: PlacementWishes;
  /** Why there are no footers, where there are none. */
  readonly missing: string | undefined;
}

async function readFooting(list: MailingList, platform: Platform): Promise<Footing> {
  const [{ footers, trouble }, wishes] = await Promise.all([
    readFooters(list, platform),
    readWishes(list, platform),
  ]);
  return { footers, wishes, missing: footers === undefined ? (trouble ?? 'the list has none') : undefined };
}

async function unchanged(
  pieces: AsyncIterable<Uint8Array>,
  destination: Destination,
  done: string,
): Promise<string> {
  for await (const piece of pieces) {
    destination.add(piece);
    await destination.flow();
  }
  return done;
}

/**
 * A footer is never worth a mail: as long as nothing has left us, the message is also kept as it came in, and goes
 * out like that if anything is wrong with the footer code.
 */
async function withFooters(
  footers: FooterPair,
  wishes: PlacementWishes,
  pieces: AsyncIterable<Uint8Array>,
  destination: Destination,
): Promise<string> {
  const original = new Original(destination);
  let work: FooterWork | undefined;
  let trouble: string | undefined;
  const attempt = (step: (work: FooterWork) => void): void => {
    if (work === undefined) return;
    try {
      step(work);
    } catch (error) {
      work = undefined;
      trouble = troubleOf(error);
      original.restore(error);
    }
  };
  try {
    work = await startFooterWork(footers, wishes, destination);
  } catch (error) {
    trouble = troubleOf(error);
  }
  for await (const piece of pieces) {
    original.keep(piece);
    if (work === undefined) destination.add(piece);
    else attempt((footerWork) => footerWork.write(piece));
    await destination.flow();
  }
  attempt((footerWork) => footerWork.end());
  return work === undefined ? `no footer: ${trouble}` : work.summary();
}

/** The message as it came in, until some of it has gone out or it has become too large to be kept. */
class Original {
  readonly #destination: Destination;
  #kept: Collector | undefined = new Collector();

  constructor(destination: Destination) {
    this.#destination = destination;
  }

  keep(piece: Uint8Array): void {
    if (this.#destination.committed) this.#kept = undefined;
    this.#kept?.add(piece);
    if (this.#kept !== undefined && this.#kept.length > COLLECT_LIMIT) this.#kept = undefined;
  }

  /** Puts the message as it came in, as far as it came, in place of what the footer code made of it. */
  restore(cause: unknown): void {
    if (this.#kept === undefined || this.#destination.committed) {
      throw new DeliveryError('temporary', `the footer code failed in the middle (${troubleOf(cause)})`, {
        cause,
      });
    }
    this.#destination.startOver();
    this.#destination.add(this.#kept.bytes);
  }
}

interface FooterWork {
  write(piece: Uint8Array): void;
  end(): void;
  summary(): string;
}

/** A fault in it, even one that shows when it is loaded, costs the footer, not the mail. */
function loadFooterCode() {
  return Promise.all([import('../footer/inserter.ts'), import('../footer/explain.ts')]);
}

async function startFooterWork(
  footers: FooterPair,
  wishes: PlacementWishes,
  destination: Destination,
): Promise<FooterWork> {
  const [{ FooterInserter }, { summarize }] = await loadFooterCode();
  const inserter = new FooterInserter(footers, wishes, (bytes) => destination.add(bytes));
  return {
    write: (piece) => inserter.write(piece),
    end: () => inserter.end(),
    summary: () => summarize(inserter.outcome),
  };
}

function troubleOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function shortName(list: MailingList): string {
  const address = list.addresses[0] ?? '';
  const at = address.lastIndexOf('@');
  return at > 0 ? address.slice(0, at) : listName(list.directory);
}

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
