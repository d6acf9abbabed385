/** One message on its way to one list. It never throws: what goes wrong is its result, and no other list's. */
import type { MailingList } from '../list/list.ts';
import type { Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { passThroughReason, readEnvelope } from '../transport/envelope.ts';
import { type Footing, type MessageWriter, shortName, startWriter } from '../transport/footing.ts';
import { HandOff } from '../transport/mlmmj-receive.ts';
import type { FoundList } from './find-list.ts';
import { delivered, failed, type Result } from './result.ts';

export interface Target extends FoundList {
  /** As RCPT gave it. */
  readonly recipient: string;
}

export interface DeliveryTools {
  readonly platform: Platform;
  /** `readFooting`. */
  readonly footingOf: (list: MailingList) => Promise<Footing>;
  /** Absolute path of mlmmj-receive. */
  readonly mlmmjReceive: () => Promise<string>;
  /** mlmmj-receive's `-F` and `-P`. */
  readonly receiveFlags: readonly string[];
}

/** Bytes per step: between two steps other messages get their turn. */
const STEP = 65_536;

/** Milliseconds in which mlmmj-receive has to take some of a message that streams into it. */
const STALL = 60_000;

export class Delivery {
  readonly target: Target;
  readonly #sender: string;
  readonly #tools: DeliveryTools;
  /** When it has to be done; milliseconds of `performance.now()`. Set when the message is whole. */
  #due = Number.POSITIVE_INFINITY;
  #handOff: HandOff | undefined;
  #writer: MessageWriter | undefined;
  #result: Result | undefined;
  #abandoned: DeliveryError | undefined;
  #giveUp: (reason: DeliveryError) => void = () => undefined;
  readonly #givenUp: Promise<never>;

  /** @param sender as MAIL gave it, '' for the null sender */
  constructor(target: Target, sender: string, tools: DeliveryTools) {
    this.target = target;
    this.#sender = sender;
    this.#tools = tools;
    this.#givenUp = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    this.#givenUp.catch(() => undefined);
  }

  /** Set once it is known what became of it. */
  get result(): Result | undefined {
    return this.#result;
  }

  /** Ends it early, if it has not ended yet: what mlmmj-receive got of it is taken back. */
  abandon(reason: string): void {
    this.#abandoned ??= new DeliveryError('temporary', reason);
    this.#giveUp(this.#abandoned);
  }

  /** Resolves when what was abandoned has been taken back. */
  settle(): Promise<void> {
    return this.#step(async () => undefined);
  }

  /** Reads the footers and writes what the mail system puts on top of a message (pipe(8)'s flags `R` and `O`). */
  async start(): Promise<void> {
    await this.#step(async () => {
      const { list, extension, recipient } = this.target;
      const { platform, footingOf, mlmmjReceive, receiveFlags } = this.#tools;
      const [footing, program] = await Promise.all([footingOf(list), mlmmjReceive()]);
      // Both are known for sure, so nothing in the message is asked.
      const told = { sender: this.#sender, extension, environment: {} };
      const envelope = readEnvelope(told, new Uint8Array(), list);
      const args = ['-L', list.directory, '-s', this.#sender, '-e', extension, ...receiveFlags];
      this.#handOff = new HandOff([program, ...args], list.directory, platform);
      const unfit = passThroughReason(envelope, shortName(list), list.delimiter);
      this.#writer = await startWriter(footing, unfit, this.#handOff, 'lasting');
      const top = `Return-Path: <${this.#sender}>\nX-Original-To: ${recipient}\n`;
      await this.#writer.write(new TextEncoder().encode(top));
    });
  }

  /** Resolves when more can be taken. The bytes are kept for a while. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && this.#result === undefined; at += STEP) {
      await this.#step(() => this.#writer!.write(bytes.subarray(at, at + STEP)));
    }
  }

  /** The message is whole: hands it over within `milliseconds`. */
  async finish(milliseconds: number): Promise<Result> {
    this.#due = performance.now() + milliseconds;
    await this.#step(async () => {
      const done = this.#writer!.end();
      await this.#handOff!.finish();
      this.#result = delivered(done);
    });
    return this.#result!;
  }

  async #step(work: () => Promise<void>): Promise<void> {
    if (this.#result !== undefined) return;
    // Before anything is begun: the next step could be the one that says that the message is whole.
    if (this.#abandoned !== undefined) return this.#fail(this.#abandoned);
    const finishing = this.#due !== Number.POSITIVE_INFINITY;
    const limit = finishing ? Math.max(1, this.#due - performance.now()) : STALL;
    const timer = setTimeout(() => {
      this.abandon(`mlmmj-receive was not done within ${Math.round(limit / 1000)} seconds`);
    }, limit);
    try {
      await Promise.race([work(), this.#givenUp]);
    } catch (error) {
      await this.#fail(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #fail(error: unknown): Promise<void> {
    let deliveredAllTheSame = false;
    try {
      deliveredAllTheSame = (await this.#handOff?.abandon()) ?? false;
    } catch {
      // Then it is gone as well as it can be.
    }
    this.#result = deliveredAllTheSame
      ? delivered({
          summary: 'delivered, but interrupted before it could be said how',
          outcome: undefined,
          failure: error,
        })
      : failed(error);
  }
}
