import { setImmediate } from 'node:timers/promises';
import { Outcome } from '../insert/outcome.ts';
import { REASON_NAMES } from '../insert/outcome-names.ts';
import { partNumber } from '../insert/part-number.ts';
import type { Plan } from '../insert/plan.ts';
import { outgoingPieces } from '../library/outgoing-pieces.ts';
import { Scanner } from '../mime/scanner.ts';
import type { Source } from '../mime/source.ts';
import { TokenKind } from '../mime/token.ts';
import { Window } from '../mime/window.ts';
import { Post } from '../transport/post.ts';
import { PartTree } from './part-tree.ts';
import type { PreviewFooters } from './preview-footers.ts';
import { PreviewProblem } from './problem.ts';

const WINDOW_WIDTH = 65_536;
const NO_BYTES = new Uint8Array(0);

/** What would become of one message. */
export interface MessagePreview {
  /** The line for the mail log. */
  readonly summary: string;
  /** Empty where no part of the message is the reason why there is no footer. */
  readonly outcome: Outcome;
  readonly tree: PartTree;
  /** Bytes of the message, and of what goes out. */
  readonly size: number;
  readonly sizeAfter: number;
  readonly plan: Plan;
}

/** Plans for a message as a delivery does. @param message must not change as long as the preview is used */
export async function previewMessage(message: Source, footers: PreviewFooters): Promise<MessagePreview> {
  const tree = new PartTree(message);
  const post = new Post(message, footers.passThroughReason(message), NO_BYTES);
  post.addFooters(footers.footers, tree);
  const isPlanned = post.wantsFooters;
  // Between two steps a signal is heard.
  while (post.step()) await setImmediate();
  if (!isPlanned) showStructure(message, tree);
  const outcome = post.outcome ?? new Outcome();
  if (outcome.placed.length === 0) tree.withdrawFooters();
  for (const reason of outcome.reasons) tree.noteWholeMessage(REASON_NAMES[reason]);
  return {
    summary: post.summary,
    outcome,
    tree,
    size: message.size,
    sizeAfter: post.length,
    plan: post.plan,
  };
}

/** What goes out, in pieces. @throws PreviewProblem where the message cannot be read any more */
export function* outgoingOf(message: Source, plan: Plan): Generator<Uint8Array> {
  try {
    yield* outgoingPieces(message, plan);
  } catch {
    throw PreviewProblem.unreadable('the message cannot be read a second time');
  }
}

/** The parts of a message that gets no footer, whatever they are: there is nothing to be said of any of them. */
function showStructure(message: Source, tree: PartTree): void {
  const scanner = new Scanner(new Window(message, WINDOW_WIDTH));
  while (scanner.advance()) {
    const { kind, part } = scanner;
    if (kind === TokenKind.HeaderEnd) tree.partStart(partNumber(part), part);
    else if (kind === TokenKind.PartEnd) tree.partEnd(partNumber(part), part);
  }
}
