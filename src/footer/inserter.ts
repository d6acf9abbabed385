import { fromLatin1, LF } from '../mime/bytes.ts';
import { Scanner } from '../mime/scanner.ts';
import type { Token } from '../mime/tokens.ts';
import { DeliveryError } from '../status.ts';
import type { FooterPair, PlacementWishes } from './footer.ts';
import { MessageEditor } from './message-editor.ts';
import type { Outcome } from './outcome.ts';
import type { Output } from './passage.ts';
import type { Witness } from './witness.ts';

/**
 * The footer stream: message bytes in, message bytes out, footers put in on the way. It only adds bytes, or changes
 * those of a part that has to be written anew; what it gives out ends in a line end. Memory does not grow with the
 * message.
 *
 * It never throws for what a message holds. Where its own code fails, the footer is given up and the message goes on
 * unchanged; only if bytes that are out already promised otherwise does it throw a temporary DeliveryError.
 */
export class FooterInserter {
  readonly #output: Output;
  readonly #editor: MessageEditor;
  readonly #scanner: Scanner;
  #failure: unknown;
  #failedScanner = false;
  #lastByte: number | undefined;

  /**
   * @param output gets the outgoing bytes, during write() and end(); they are only valid until it returns
   * @param witness is told of each part and what is done to it
   */
  constructor(footers: FooterPair, wishes: PlacementWishes, output: Output, witness?: Witness) {
    this.#output = (bytes) => {
      if (bytes.length === 0) return;
      this.#lastByte = bytes.at(-1);
      output(bytes);
    };
    this.#editor = new MessageEditor(footers, wishes, this.#output, witness);
    this.#scanner = new Scanner((token) => this.#take(token));
  }

  /** @param chunk the next bytes of the message; not kept beyond the call */
  write(chunk: Uint8Array): void {
    if (this.#failedScanner) return this.#output(chunk);
    this.#scan(() => this.#scanner.write(chunk));
  }

  /** The message is complete. */
  end(): void {
    if (!this.#failedScanner) this.#scan(() => this.#scanner.end());
    this.#editor.end();
    // mlmmj-send puts uninitialised memory in place of a last line without a line end.
    if (this.#lastByte !== undefined && this.#lastByte !== LF) this.#output(fromLatin1(this.#editor.eol));
  }

  /** What was done, once end() has returned. */
  get outcome(): Outcome {
    return this.#editor.record.outcome;
  }

  /** Why the footer was given up, if it was: for a log, never for the poster. */
  get failure(): unknown {
    return this.#failure;
  }

  #take(token: Token): void {
    if (this.#failure !== undefined) return this.#output(token.bytes);
    try {
      this.#editor.take(token);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #scan(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof DeliveryError) throw error;
      if (this.#failure === undefined) this.#giveUp(error);
      this.#failedScanner = true;
      this.#output(this.#scanner.unscanned);
    }
  }

  #giveUp(error: unknown): void {
    this.#failure = error ?? 'unknown';
    // What is held goes out first: whoever is told of the trouble may fail, too.
    const isWhole = this.#editor.abandon();
    this.#editor.record.reason('trouble');
    if (!isWhole) {
      throw new DeliveryError('temporary', 'the footer could not be finished in a part that was re-encoded', {
        cause: error,
      });
    }
  }
}
