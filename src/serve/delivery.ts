/** One message on its way to one list. It never throws: what goes wrong is its result, and no other list's. */
import { type Failure, temporary } from '../errors.ts';
import { closeQuietly } from '../host/anonymous-file.ts';
import { byteString, textOfBytes } from '../host/byte-string.ts';
import type { ByteString } from '../host/files.ts';
import { DeliveryFailure } from '../host/interruption.ts';
import { runChild } from '../host/node-child.ts';
import type { FoundList } from '../list/find-list.ts';
import type { Source } from '../mime/source.ts';
import { childFailure } from '../transport/child-end.ts';
import { DeclaredEnvelope } from '../transport/envelope.ts';
import { roomFailure } from '../transport/mlmmj-receive.ts';
import { Post, routeTo } from '../transport/post.ts';
import type { Deliverer } from './deliverer.ts';
import { type OutgoingFile, openStderrFile } from './outgoing-files.ts';
import { delivered, failed, type Result } from './result.ts';
import { Turns } from './turns.ts';

export interface Target extends FoundList {
  /** As RCPT gave it. */
  readonly recipient: string;
}

/** Parts of a delivery's time: planning that takes longer costs the footers. */
const PLANNING_PART = 0.1;
const PLANNING_PART_WITH_WAITING = 0.5;

const TOO_SLOW = 'planning took too long';

export class Delivery {
  readonly target: Target;
  readonly #sender: string;
  readonly #deliverer: Deliverer;
  readonly #abandoned = new AbortController();
  /** What went wrong with the footers, for the log; null where nothing did. */
  #fault: unknown = null;

  /** @param sender as MAIL gave it, '' for the null sender */
  constructor(target: Target, sender: string, deliverer: Deliverer) {
    this.target = target;
    this.#sender = sender;
    this.#deliverer = deliverer;
  }

  /** Ends it early, if it has not ended yet; mlmmj-receive is killed. */
  abandon(reason: string): void {
    this.#abandoned.abort(new DeliveryFailure(temporary(reason)));
  }

  /** @param message whole, and unchanged until this has come to its end */
  async deliver(message: Source): Promise<Result> {
    const { limits, semaphore } = this.#deliverer;
    const release = await semaphore.acquire(limits.wait * 1000, this.#abandoned.signal);
    if (release === null) this.abandon('too many messages at once, try again later');
    const deadline = setTimeout(
      () => this.abandon(`mlmmj-receive was not done within ${limits.delivery} seconds`),
      limits.delivery * 1000,
    );
    try {
      return await this.#handOver(message);
    } catch (error) {
      return failed(error);
    } finally {
      clearTimeout(deadline);
      release?.();
    }
  }

  async #handOver(message: Source): Promise<Result> {
    this.#throwIfAbandoned();
    const { list, extension } = this.target;
    const program = await this.#deliverer.receivePath();
    const sender = byteString(this.#sender);
    // Both are known for sure, so nothing in the message is asked.
    const { additions, passThroughReason } = routeTo(list, new DeclaredEnvelope(sender, extension), message);
    const post = new Post(message, passThroughReason, this.#top(sender));
    const turns = new Turns(this.#abandoned.signal);
    await this.#plan(post, turns);
    const file = await this.#write(post, message, turns);
    let isTaken = false;
    try {
      this.#throwIfAbandoned();
      const args = ['-L', list.directory, '-s', sender, '-e', extension];
      const argv = [program, ...args, ...this.#deliverer.receiveFlags, ...additions];
      const failure = await this.#run(argv.map(textOfBytes), file);
      if (failure !== null) throw new DeliveryFailure(failure);
      isTaken = true;
      return delivered(post.summary, post.outcome, this.#fault);
    } finally {
      file.close(isTaken);
    }
  }

  /** What the mail system puts on top of a message (pipe(8)'s flags `R` and `O`). */
  #top(sender: ByteString): Uint8Array {
    const recipient = byteString(this.target.recipient);
    return Buffer.from(`Return-Path: <${sender}>\nX-Original-To: ${recipient}\n`, 'latin1');
  }

  /** What goes wrong here costs the footers. */
  async #plan(post: Post, turns: Turns): Promise<void> {
    if (!post.wantsFooters) return;
    const milliseconds = this.#deliverer.limits.delivery * 1000;
    const end = performance.now() + milliseconds * PLANNING_PART_WITH_WAITING;
    try {
      post.addFooters(await this.#deliverer.footersOf(this.target.list), null);
      while (post.step()) {
        await turns.next();
        const isLate = turns.used > milliseconds * PLANNING_PART || performance.now() > end;
        if (isLate) return post.giveUp(TOO_SLOW);
      }
    } catch (error) {
      if (error instanceof DeliveryFailure) throw error;
      this.#fault = error;
      post.giveUp(`internal error (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  /** Writes what goes out: as it was planned, or if that does not work out, as it came. */
  async #write(post: Post, message: Source, turns: Turns): Promise<OutgoingFile> {
    const { files, outgoing, isStoredOnly } = this.#deliverer;
    const { directory } = this.target.list;
    for (const reason of ['internal error (the plan could not be carried out)', '']) {
      const noRoom = roomFailure(directory, post.length, isStoredOnly, files);
      if (noRoom !== null) throw new DeliveryFailure(noRoom);
      const { plan, length } = post;
      const file = await outgoing.write({ source: message, plan, length }, textOfBytes(directory), turns);
      if (file !== null) return file;
      post.giveUp(reason);
    }
    throw new DeliveryFailure(temporary('the message cannot be read again'));
  }

  /** @returns why mlmmj-receive has not taken the post, or null; killed, it may have taken it all the same */
  async #run(argv: readonly string[], file: OutgoingFile): Promise<Failure | null> {
    const stderr = openStderrFile();
    try {
      const end = await runChild(argv, { stdin: file.fd, words: stderr }, this.#abandoned.signal);
      const failure = end === null ? this.#abandoned.signal.reason.failure : childFailure(end);
      if (failure !== null) this.#throwIfAbandoned();
      return failure;
    } finally {
      closeQuietly(stderr);
    }
  }

  #throwIfAbandoned(): void {
    this.#abandoned.signal.throwIfAborted();
  }
}
