/** From a message and footers to a plan, and from the plan to the outgoing message. */
import { FooterPair as Footers } from '../footer/footer-pair.ts';
import { AttachmentOnly, PlacementOptions, SignedMail } from '../footer/options.ts';
import { Outcome, Reason } from '../insert/outcome.ts';
import { type Operation, OperationKind, Plan } from '../insert/plan.ts';
import { Planner } from '../insert/planner.ts';
import type { Source } from '../mime/source.ts';
import { completePlan } from '../transport/complete-plan.ts';
import type { FooterPair } from './complete-footers.ts';
import { outgoingPieces } from './outgoing-pieces.ts';
import { type FooterReport, footerReport, type PartReport, PartReporter } from './report.ts';

/** What can be chosen. Signed mail is left as it is, and mail without text gets a part of its own, unless told. */
export interface FooterOptions {
  readonly signed?: 'skip' | 'wrap' | undefined;
  readonly attachmentOnly?: 'part' | 'skip' | undefined;
}

/** One step from the message to what goes out. Offsets and lengths are bytes. */
export type FooterOperation =
  | { readonly kind: 'keep' | 'drop' | 'copy'; readonly start: number; readonly end: number }
  | { readonly kind: 'insert'; readonly bytes: Uint8Array }
  /** The range goes out in another encoding or charset, with the footer added to its text. */
  | { readonly kind: 'recode'; readonly start: number; readonly end: number; readonly length: number };

const WINDOW_WIDTH = 65_536;

const NO_BYTES = new Uint8Array(0);

/** Footers and options that have been looked at: streams are often made by code without types. */
export class FooterSetup {
  readonly #footers: Footers;
  readonly #options = new PlacementOptions();

  /** @throws TypeError for a pair with a blank half, and for an option that does not exist */
  constructor(footers: FooterPair, options: FooterOptions) {
    if (!footers?.text?.trim() || !footers.html?.trim()) {
      throw new TypeError('a footer needs both halves: completeFooters makes the one that is missing');
    }
    this.#footers = new Footers(footers.text, footers.html);
    const signed = oneOf('signed', options.signed, ['skip', 'wrap']);
    const attachmentOnly = oneOf('attachmentOnly', options.attachmentOnly, ['part', 'skip']);
    this.#options.signed = signed === 'wrap' ? SignedMail.Wrap : SignedMail.Skip;
    this.#options.attachmentOnly = attachmentOnly === 'skip' ? AttachmentOnly.Skip : AttachmentOnly.Part;
  }

  begin(message: Source, onPart: ((report: PartReport) => void) | undefined): Planning {
    const observer = onPart === undefined ? null : new PartReporter(onPart);
    const planner = new Planner(message, WINDOW_WIDTH, this.#footers, this.#options, observer);
    return new Planning(message, planner, observer);
  }
}

/** A plan in the making. A footer is never worth a mail: where the planner itself fails, the message goes out as it came. */
export class Planning {
  readonly #message: Source;
  readonly #planner: Planner;
  readonly #observer: PartReporter | null;
  #hasFailed = false;

  constructor(message: Source, planner: Planner, observer: PartReporter | null) {
    this.#message = message;
    this.#planner = planner;
    this.#observer = observer;
  }

  /** Goes on. @returns whether there is more to do. @throws what `onPart` threw */
  step(): boolean {
    try {
      if (this.#planner.step()) return true;
    } catch {
      this.#hasFailed = true;
    }
    this.#observer?.rethrow();
    return false;
  }

  /** The plan, after the last step. */
  finish(): FooterPlan {
    const { plan, outcome } = this.#planner;
    if (!this.#hasFailed) return new FooterPlan(this.#message, plan, footerReport(outcome));
    const failed = new Outcome();
    failed.rootType = outcome.rootType;
    failed.reasons.push(Reason.Trouble);
    return new FooterPlan(this.#message, new Plan(), footerReport(failed));
  }
}

/** What becomes of one message. */
export class FooterPlan {
  readonly report: FooterReport;
  readonly #message: Source;
  readonly #plan: Plan;

  /** @internal */
  constructor(message: Source, plan: Plan, report: FooterReport) {
    this.report = report;
    this.#message = message;
    this.#plan = completePlan(plan, message, NO_BYTES);
  }

  /** In the order in which they are carried out; none where the message goes out as it came. */
  get operations(): readonly FooterOperation[] {
    return this.#plan.operations.map(footerOperation);
  }

  /** Bytes that go out. */
  get length(): number {
    return this.#plan.isEmpty ? this.#message.size : this.#plan.length;
  }

  /** The outgoing message in pieces. @throws where the message cannot be read any more */
  pieces(): Generator<Uint8Array> {
    return outgoingPieces(this.#message, this.#plan);
  }
}

function footerOperation({ kind, start, end, bytes, length }: Operation): FooterOperation {
  switch (kind) {
    case OperationKind.Keep:
      return { kind: 'keep', start, end };
    case OperationKind.Drop:
      return { kind: 'drop', start, end };
    case OperationKind.Copy:
      return { kind: 'copy', start, end };
    case OperationKind.Insert:
      return { kind: 'insert', bytes };
    case OperationKind.Recode:
      return { kind: 'recode', start, end, length };
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
