import { isUint8Array } from 'node:util/types';
import { summarize } from '../footer/explain.ts';
import type { FooterPair, PlacementWishes } from '../footer/footer.ts';
import { FooterInserter } from '../footer/inserter.ts';
import type { Outcome } from '../footer/outcome.ts';
import { type PartReport, PartReporter } from './part-reporter.ts';

/** What can be chosen. Signed mail is left as it is, and mail without text gets a part of its own, unless told. */
export type FooterOptions = Partial<PlacementWishes>;

/** What became of a message: `summary` says it in one line, as for a mail log. */
export interface FooterReport extends Outcome {
  readonly summary: string;
}

/**
 * One message on its way through a stream, of whichever kind. Streams are often written to by code without types, so
 * what would lose the message or its footer is refused: a mistake is no reason for half a mail.
 */
export class Insertion {
  readonly #inserter: FooterInserter;
  readonly #reporter: PartReporter | undefined;

  /**
   * @param output is only lent the bytes
   * @throws TypeError for a pair with a blank half, and for an option that does not exist
   */
  constructor(
    footers: FooterPair,
    options: FooterOptions,
    output: (bytes: Uint8Array) => void,
    onPart: ((report: PartReport) => void) | undefined,
  ) {
    if (!footers?.text?.trim() || !footers.html?.trim()) {
      throw new TypeError('a footer needs both halves: completeFooters makes the one that is missing');
    }
    const wishes: PlacementWishes = {
      signed: oneOf('signed', options.signed, ['skip', 'wrap']),
      attachmentOnly: oneOf('attachmentOnly', options.attachmentOnly, ['part', 'skip']),
    };
    this.#reporter = onPart && new PartReporter(onPart);
    this.#inserter = new FooterInserter(footers, wishes, output, this.#reporter);
  }

  /** @throws TypeError for what is not bytes, and what `onPart` threw */
  write(chunk: unknown): void {
    if (!isUint8Array(chunk)) throw new TypeError('a message is written as bytes: a Buffer or a Uint8Array');
    this.#inserter.write(chunk);
    this.#reporter?.rethrow();
  }

  /** @throws what `onPart` threw */
  end(): FooterReport {
    this.#inserter.end();
    this.#reporter?.rethrow();
    const { outcome } = this.#inserter;
    return { ...outcome, summary: summarize(outcome) };
  }
}

/** The first choice is what is meant where nothing is said. */
function oneOf<Choice extends string>(
  option: string,
  value: Choice | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const choice = value ?? choices[0];
  if (!choices.includes(choice)) throw new TypeError(`${option} is ${choices.join(' or ')}`);
  return choice;
}
