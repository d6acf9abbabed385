import type { MessageSink } from './message-sink.ts';

/**
 * The line that begins a message in a mailbox file: `From address date`, at the top or after an empty line. Looking
 * for a day of the week and a time keeps a paragraph that begins with "From" from being taken for one.
 */
const FROM_LINE = /^From .*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*\d\d:\d\d/;
const FROM_LINE_LIMIT = 512;
const LF = 0x0a;

export function startsLikeMbox(head: Buffer): boolean {
  return head.toString('latin1', 0, 5) === 'From ';
}

/**
 * Takes a mailbox apart. The From_ lines belong to no message; what is quoted in the messages (`>From `) stays, and so
 * does the empty line in front of a From_ line, because not all programs write one.
 */
export class MboxSplitter implements MessageSink {
  readonly #begin: (number: number) => MessageSink;
  #sink: MessageSink | undefined;
  #count = 0;
  /** A line whose end has not come yet, up to what a From_ line can be. */
  #held: Buffer = Buffer.alloc(0);
  #followsEmptyLine = true;
  #inLongLine = false;

  constructor(begin: (number: number) => MessageSink) {
    this.#begin = begin;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const bytes = Buffer.concat([this.#held, chunk]);
    let start = 0;
    for (let from = 0; from < bytes.length; ) {
      const lf = bytes.indexOf(LF, from);
      const isWhole = lf >= 0;
      const end = isWhole ? lf + 1 : bytes.length;
      if (!isWhole && end - from <= FROM_LINE_LIMIT && !this.#inLongLine) {
        this.#pass(bytes.subarray(start, from));
        this.#held = Buffer.from(bytes.subarray(from));
        return;
      }
      const line = this.#inLongLine
        ? ''
        : bytes.toString('latin1', from, Math.min(end, from + FROM_LINE_LIMIT));
      if (this.#followsEmptyLine && FROM_LINE.test(line)) {
        this.#pass(bytes.subarray(start, from));
        await this.#next();
        start = end;
      }
      this.#followsEmptyLine = !this.#inLongLine && /^\r?\n/.test(line);
      this.#inLongLine = !isWhole;
      from = end;
    }
    this.#pass(bytes.subarray(start));
    this.#held = Buffer.alloc(0);
  }

  async end(): Promise<void> {
    this.#pass(this.#held);
    await this.#sink?.end();
  }

  discard(): void {
    this.#sink?.discard();
  }

  async #next(): Promise<void> {
    await this.#sink?.end();
    this.#sink = this.#begin(++this.#count);
  }

  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    // Before any From_ line that is one: the file is a message that merely begins with the word.
    this.#sink ??= this.#begin(++this.#count);
    this.#sink.write(bytes);
  }
}
