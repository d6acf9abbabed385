/**
 * One message of an LMTP session: its recipients, its data once, and one result for each recipient. It is collected whole
 * before any list gets it: a client that is slow, or goes away, holds up nobody, and of half a message nothing is started.
 */
import { tmpdir } from 'node:os';
import { textOfBytes } from '../host/byte-string.ts';
import type { LmtpTransaction, MessageData } from './backend.ts';
import type { Deliverer } from './deliverer.ts';
import { Delivery } from './delivery.ts';
import { splitMailbox } from './mailbox.ts';
import { type MessageTrace, readMessageTrace } from './message-trace.ts';
import { failed, type Result, tooLarge } from './result.ts';
import { SpooledMessage } from './spooled-message.ts';

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
  readonly milliseconds: number;
}

/** RFC 5321 asks for at least 100. Most of these would be one and the same list. */
const RECIPIENTS_LIMIT = 1000;

const TOO_MANY: Result = { code: 452, enhanced: '4.5.3', text: 'too many recipients for one message' };
const LOST: Result = {
  code: 0,
  enhanced: '',
  text: 'the client went away before the message was complete',
};

export class Transaction implements LmtpTransaction {
  readonly #session: string;
  readonly #sender: string;
  readonly #deliverer: Deliverer;
  /** One for each RCPT that was accepted; the same delivery stands for all that mean the same. */
  readonly #recipients: { readonly recipient: string; readonly delivery: Delivery }[] = [];
  readonly #deliveries = new Map<string, Delivery>();

  constructor(session: string, sender: string, deliverer: Deliverer) {
    this.#session = session;
    this.#sender = sender;
    this.#deliverer = deliverer;
  }

  async rcpt(recipient: string): Promise<Result | null> {
    const refusal = await this.#add(recipient);
    if (refusal !== null) this.#deliverer.report.refused(this.#session, recipient, refusal);
    return refusal;
  }

  async data(data: MessageData): Promise<readonly Result[]> {
    const begun = performance.now();
    const spooled = new SpooledMessage(this.#directories);
    const refusal = await this.#collect(data, spooled);
    const trace = readMessageTrace(spooled.source);
    const results = new Map<Delivery, Result>();
    if (refusal === null) {
      const message = spooled.source;
      await Promise.all(
        this.#all.map(async (delivery) => results.set(delivery, await delivery.deliver(message))),
      );
    }
    spooled.discard();
    const recipients = this.#recipients.map(({ recipient, delivery }) => ({
      recipient,
      list: delivery.target.name,
      result: refusal ?? results.get(delivery)!,
    }));
    const milliseconds = performance.now() - begun;
    this.#deliverer.report.taken(this.#session, { recipients, trace, size: data.byteLength, milliseconds });
    return recipients.map(({ result }) => result);
  }

  abandon(reason: string): void {
    for (const delivery of this.#all) delivery.abandon(reason);
  }

  /**
   * Adds a recipient. Two that mean the same list and the same extension, under whatever addresses, get one delivery:
   * subscribers would otherwise have the post twice.
   */
  async #add(recipient: string): Promise<Result | null> {
    try {
      const { localPart, domain } = splitMailbox(recipient) ?? { localPart: '', domain: '' };
      const found = await this.#deliverer.findList(localPart, domain);
      if (this.#recipients.length >= RECIPIENTS_LIMIT) return TOO_MANY;
      const key = `${found.list.directory}\0${found.extension}`;
      let delivery = this.#deliveries.get(key);
      if (delivery === undefined) {
        if (this.#deliveries.size >= this.#deliverer.limits.deliveries) return TOO_MANY;
        delivery = new Delivery({ ...found, recipient }, this.#sender, this.#deliverer);
        this.#deliveries.set(key, delivery);
      }
      this.#recipients.push({ recipient, delivery });
      return null;
    } catch (error) {
      return failed(error);
    }
  }

  /** @returns why it is not delivered, or null. Whatever is wrong, it is read to its end: the reply comes after that. */
  async #collect(data: MessageData, spooled: SpooledMessage): Promise<Result | null> {
    const limit = this.#deliverer.limits.size;
    let refusal: Result | null = null;
    try {
      for await (const bytes of data) {
        if (refusal !== null) continue;
        if (data.byteLength > limit) refusal = tooLarge(limit);
        else refusal = stored(bytes, spooled);
      }
    } catch {
      return LOST;
    }
    return data.byteLength > limit ? tooLarge(limit) : refusal;
  }

  /** Where a message lies that is too large for memory: beside the list, which will need as much room for it. */
  get #directories(): readonly string[] {
    const [first] = this.#all;
    return first === undefined ? [tmpdir()] : [textOfBytes(first.target.list.directory), tmpdir()];
  }

  get #all(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }
}

/** @returns why there is no room for it, or null */
function stored(bytes: Uint8Array, spooled: SpooledMessage): Result | null {
  try {
    spooled.add(bytes);
    return null;
  } catch (error) {
    return failed(error);
  }
}
