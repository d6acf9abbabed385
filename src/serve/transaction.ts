/**
 * One message of an LMTP session: its recipients, its data once over, and one result for each recipient.
 *
 * Up to COLLECT_LIMIT a message is collected before any list gets it: a client that is slow, or goes away, then holds
 * up nobody. A larger one is streamed into all its lists at the same time, as fast as the slowest takes it, and
 * begins only when there is room for all of them.
 */
import { DeliveryError } from '../status.ts';
import { COLLECT_LIMIT } from '../transport/destination.ts';
import { Pieces } from '../transport/pieces.ts';
import { Delivery, type DeliveryTools, type Target } from './delivery.ts';
import type { Limits } from './options.ts';
import { failed, type Result, tooLarge } from './result.ts';
import type { Slots } from './slots.ts';
import { type MessageTrace, readMessageTrace, TRACE_LIMIT } from './trace.ts';

/** What the client sends behind DATA, as smtp-server hands it on: pieces of whose memory nothing else has a view. */
export interface MessageData extends AsyncIterable<Uint8Array> {
  /** Bytes so far as SIZE counts them. */
  readonly byteLength: number;
}

export interface TransactionTools extends DeliveryTools {
  readonly limits: Limits;
  readonly slots: Slots;
}

/** One recipient and what became of it. */
export interface RecipientResult {
  readonly recipient: string;
  /** The list, as `FoundList` names it. */
  readonly list: string;
  readonly result: Result;
}

/** What became of a message: recipients in the order in which they were given, one for each RCPT. */
export interface TransactionResult {
  readonly recipients: readonly RecipientResult[];
  readonly trace: MessageTrace;
  /** Bytes as SIZE counts them. */
  readonly size: number;
}

export class Transaction {
  readonly sender: string;
  readonly #tools: TransactionTools;
  /** One for each RCPT that was accepted; the same delivery stands for all that mean the same. */
  readonly #recipients: { readonly recipient: string; readonly delivery: Delivery }[] = [];
  readonly #deliveries = new Map<string, Delivery>();

  constructor(sender: string, tools: TransactionTools) {
    this.sender = sender;
    this.#tools = tools;
  }

  /**
   * Adds a recipient. Two that mean the same list and the same extension, under whatever addresses, get one delivery:
   * subscribers would otherwise have the post twice.
   *
   * @returns false where there are too many for one message: this one then gets nothing
   */
  add(target: Target): boolean {
    if (this.#recipients.length >= RECIPIENTS_LIMIT) return false;
    const key = `${target.list.directory}\0${target.extension}`;
    let delivery = this.#deliveries.get(key);
    if (delivery === undefined) {
      if (this.#deliveries.size >= this.#tools.limits.deliveries) return false;
      delivery = new Delivery(target, this.sender, this.#tools);
      this.#deliveries.set(key, delivery);
    }
    this.#recipients.push({ recipient: target.recipient, delivery });
    return true;
  }

  /** Takes the message. Never throws: a client that goes away is a result too. */
  async take(data: MessageData): Promise<TransactionResult> {
    const collected = new Pieces('lasting');
    let streaming = false;
    let trace: MessageTrace | undefined;
    let refusal: Result | undefined;
    try {
      for await (const bytes of data) {
        // Whatever has been decided, the rest is read: the reply comes after the final dot.
        if (refusal !== undefined) continue;
        if (data.byteLength > this.#tools.limits.size) {
          refusal = tooLarge(this.#tools.limits.size);
          this.abandon('the message is too large');
        } else if (streaming) await this.#writeToAll(bytes);
        else {
          collected.add(bytes);
          if (collected.length <= COLLECT_LIMIT) continue;
          trace = readMessageTrace(collected.head(TRACE_LIMIT));
          streaming = await this.#startAll();
          if (!streaming) refusal = BUSY;
          else for (const piece of collected) await this.#writeToAll(piece);
          collected.clear();
        }
      }
      if (data.byteLength > this.#tools.limits.size) refusal ??= tooLarge(this.#tools.limits.size);
    } catch {
      refusal = LOST;
      this.abandon('the client went away before the message was complete');
    }
    trace ??= readMessageTrace(collected.head(TRACE_LIMIT));
    if (refusal === undefined) {
      if (streaming) await this.#finishAll();
      else await this.#deliverAll(collected);
    } else if (streaming) {
      // What was abandoned is waited for, so that it has left the disk before anybody tries again.
      await Promise.all(this.#all.map((delivery) => delivery.settle()));
      this.#release();
    }
    return {
      recipients: this.#recipients.map(({ recipient, delivery }) => ({
        recipient,
        list: delivery.target.name,
        result: refusal ?? delivery.result ?? failed(new Error('a delivery had no result')),
      })),
      trace,
      size: data.byteLength,
    };
  }

  /** Ends all deliveries that have not ended. */
  abandon(reason: string): void {
    for (const delivery of this.#all) delivery.abandon(reason);
  }

  get #all(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }

  async #deliverAll(message: Pieces): Promise<void> {
    await Promise.all(this.#all.map((delivery) => this.#deliverWhole(delivery, message)));
    // Everybody is done with it. Until the garbage collector found out, the next messages would get fresh memory, with
    // a page fault for each 4 KB of it: a fifth of the service's part in a message of 100 KB.
    for (const piece of message) this.#tools.platform.free?.(piece);
    message.clear();
  }

  async #deliverWhole(delivery: Delivery, message: Pieces): Promise<void> {
    const release = await this.#tools.slots.take(1, this.#tools.limits.wait * 1000);
    if (release === undefined) {
      delivery.abandon(BUSY.text);
      await delivery.settle();
      return;
    }
    try {
      await delivery.start();
      for (const piece of message) await delivery.write(piece);
      await delivery.finish(this.#tools.limits.delivery * 1000);
    } finally {
      release();
    }
  }

  #release: () => void = () => undefined;

  /** @returns false where no room came free in time */
  async #startAll(): Promise<boolean> {
    const all = this.#all;
    const release = await this.#tools.slots.take(all.length, this.#tools.limits.wait * 1000);
    if (release === undefined) return false;
    this.#release = () => {
      for (let count = 0; count < all.length; count++) release();
      this.#release = () => undefined;
    };
    await Promise.all(all.map((delivery) => delivery.start()));
    return true;
  }

  /** The slowest sets the pace; one that stands still is given up after a while and no longer waited for. */
  async #writeToAll(bytes: Uint8Array): Promise<void> {
    await Promise.all(this.#all.map((delivery) => delivery.write(bytes)));
  }

  async #finishAll(): Promise<void> {
    const milliseconds = this.#tools.limits.delivery * 1000;
    await Promise.all(this.#all.map((delivery) => delivery.finish(milliseconds)));
    this.#release();
  }
}

/** RFC 5321 asks for at least 100. Most of these would be one and the same list. */
const RECIPIENTS_LIMIT = 1000;

const BUSY = failed(new DeliveryError('temporary', 'too many messages at once, try again later'));
const LOST: Result = {
  code: 0,
  enhanced: '',
  text: 'the client went away before the message was complete',
};
