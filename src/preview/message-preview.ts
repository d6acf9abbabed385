import { summarize } from '../footer/explain.ts';
import { FooterInserter } from '../footer/inserter.ts';
import type { Outcome } from '../footer/outcome.ts';
import type { Witness } from '../footer/witness.ts';
import { fromLatin1, LF } from '../mime/bytes.ts';
import { headTellsEnvelope } from '../transport/envelope.ts';
import { HEAD_LIMIT } from '../transport/message-head.ts';
import type { Footing } from './footing.ts';
import { PartTree } from './part-tree.ts';

/** What would become of one message. */
export interface MessagePreview {
  /** The line for the mail log. */
  readonly summary: string;
  readonly outcome: Outcome;
  readonly tree: PartTree;
  /** Bytes of the message, and of what goes out. */
  readonly size: number;
  readonly sizeAfter: number;
}

/** A footer that no part is given: the tree of a message that gets none is shown all the same. */
const NO_FOOTERS = { text: ' ', html: ' ' };

/**
 * Puts a message through, as a delivery would. Write it in pieces, then `end`; `output` gets what goes out, and is
 * only lent it. Memory does not grow with the message.
 */
export class Previewer {
  readonly #footing: Footing;
  readonly #output: (bytes: Uint8Array) => void;
  readonly #tree = new PartTree();
  /** The beginning, until the envelope is known. */
  #head: Uint8Array | undefined = new Uint8Array(0);
  #inserter: FooterInserter | undefined;
  /** Why the message goes through as it is. */
  #unfit: string | undefined;
  #size = 0;
  #sizeAfter = 0;
  #lastByte = LF;

  constructor(footing: Footing, output: (bytes: Uint8Array) => void) {
    this.#footing = footing;
    this.#output = (bytes) => {
      this.#sizeAfter += bytes.length;
      this.#lastByte = bytes.at(-1) ?? this.#lastByte;
      output(bytes);
    };
  }

  /** @param chunk not kept beyond the call */
  write(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#head === undefined) return this.#pass(chunk);
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= HEAD_LIMIT || headTellsEnvelope(this.#head)) this.#begin(this.#head);
  }

  end(): MessagePreview {
    if (this.#head !== undefined) this.#begin(this.#head);
    this.#inserter!.end();
    // What is handed over ends in a newline, as at a delivery.
    if (this.#lastByte !== LF) this.#output(fromLatin1('\n'));
    const { outcome } = this.#inserter!;
    return {
      summary: this.#unfit === undefined ? summarize(outcome) : `no footer: ${this.#unfit}`,
      outcome: this.#unfit === undefined ? outcome : { placed: [], reasons: [], rootType: outcome.rootType },
      tree: this.#tree,
      size: this.#size,
      sizeAfter: this.#sizeAfter,
    };
  }

  #begin(head: Uint8Array): void {
    const { footers, wishes, trouble, passThrough } = this.#footing;
    this.#head = undefined;
    this.#unfit = passThrough(head.subarray(0, HEAD_LIMIT)) ?? (footers === undefined ? trouble : undefined);
    const isPost = this.#unfit === undefined;
    // Where there is no footer to put in, the same code only looks, and what it makes is not used.
    this.#inserter = new FooterInserter(
      footers ?? NO_FOOTERS,
      wishes,
      isPost ? this.#output : () => {},
      isPost ? this.#tree : onlyLooking(this.#tree),
    );
    this.#pass(head);
  }

  #pass(bytes: Uint8Array): void {
    this.#inserter!.write(bytes);
    if (this.#unfit !== undefined) this.#output(bytes);
  }
}

/** Without verdicts: they are about a footer that is not there. */
function onlyLooking(tree: PartTree): Witness {
  return {
    began: (header) => tree.began(header),
    content: (length) => tree.content(length),
    ended: () => tree.ended(),
    placed: () => {},
    refused: () => {},
  };
}
