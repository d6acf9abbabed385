/**
 * From a message and footers to a plan. Two steps: its structure tells which parts get a footer; then each of those is
 * read, which tells how. Making a plan is pure: it changes nothing, can be given up at any time, and never fails for
 * what a message holds.
 *
 * It is resumable: `step` does a bounded amount of work, and between two steps nothing but the planner is alive. There
 * garbage is collected, deadlines are looked at, and other sessions of a service have their turn.
 */
import { FooterPair } from '../footer/footer-pair.ts';
import { PlacementOptions } from '../footer/options.ts';
import { Part } from '../mime/part.ts';
import { Scanner } from '../mime/scanner.ts';
import { Source } from '../mime/source.ts';
import { TokenKind } from '../mime/token.ts';
import { Window } from '../mime/window.ts';
import { ComposedFooters } from './composed-footers.ts';
import { PartObserver } from './observer.ts';
import { Outcome, Reason } from './outcome.ts';
import { PartsPlanner } from './parts-planner.ts';
import { Placement } from './placement.ts';
import { Plan } from './plan.ts';
import { PlanBuilder } from './plan-builder.ts';
import { Report } from './report.ts';
import { WrapPlanner } from './wrap-planner.ts';

/** Tokens of a message's structure that a step goes through. */
const TOKENS_A_STEP: i32 = 2048;

/** Bytes that a step goes through, give or take a token: what was read of large header fields is garbage until it ends. */
const BYTES_A_STEP: i32 = 256 * 1024;

enum Stage {
  Structure,
  Parts,
  Wrapping,
  Done,
}

export class Planner {
  /** Complete once `step` has returned false. */
  plan: Plan = new Plan();
  private stage: Stage = Stage.Structure;
  private root: Part | null = null;
  private readonly report: Report;
  private readonly content: Window;
  private readonly scanner: Scanner;
  private readonly placement: Placement;
  private readonly footers: ComposedFooters;
  private parts: PartsPlanner | null = null;
  private wrapping: WrapPlanner | null = null;

  /** @param windowWidth bytes of the message that are in memory, twice */
  constructor(
    private readonly source: Source,
    windowWidth: i32,
    pair: FooterPair,
    options: PlacementOptions,
    observer: PartObserver | null,
  ) {
    const report = new Report(observer);
    const content = new Window(source, windowWidth);
    this.report = report;
    this.content = content;
    this.scanner = new Scanner(new Window(source, windowWidth));
    this.placement = new Placement(options, content, report);
    this.footers = new ComposedFooters(pair);
  }

  get outcome(): Outcome {
    return this.report.outcome;
  }

  /** @returns whether there is more to do */
  step(): boolean {
    switch (this.stage) {
      case Stage.Structure:
        this.readStructure();
        break;
      case Stage.Parts:
        this.planParts();
        break;
      case Stage.Wrapping:
        this.planWrapping();
        break;
      default:
        break;
    }
    if (this.source.failed) this.giveUp(Reason.Trouble);
    return this.stage !== Stage.Done;
  }

  private readStructure(): void {
    const start = this.scanner.end;
    for (let i = 0; i < TOKENS_A_STEP && this.scanner.end - start < BYTES_A_STEP; i++) {
      if (!this.scanner.advance()) {
        this.decide();
        return;
      }
      this.take(this.scanner.kind, this.scanner.part);
    }
  }

  private take(kind: TokenKind, part: Part): void {
    if (kind === TokenKind.HeaderEnd) {
      if (part.parent === null) this.root = part;
      this.report.partStart(part);
      this.placement.enter(part);
    } else if (kind === TokenKind.PartEnd) {
      this.placement.leave(part);
      this.report.partEnd(part);
    }
  }

  private decide(): void {
    const placement = this.placement;
    if (placement.hasTooMany) {
      this.giveUp(Reason.TooManyPlaces);
    } else if (placement.wrapReason !== Reason.None) {
      this.wrapping = new WrapPlanner(
        this.content,
        this.source.size,
        this.root!,
        this.scanner.lineEnd,
        this.footers,
      );
      this.stage = Stage.Wrapping;
    } else {
      const lineEnd = this.scanner.lineEnd;
      this.parts = new PartsPlanner(placement, this.content, lineEnd, this.footers, this.report);
      this.stage = Stage.Parts;
    }
  }

  private planParts(): void {
    const parts = this.parts!;
    if (parts.step()) return;
    if (parts.growsTooMuch) this.giveUp(Reason.TooMuchGrowth);
    else this.finish(parts.changes);
  }

  private planWrapping(): void {
    const wrapping = this.wrapping!;
    if (wrapping.step()) return;
    if (wrapping.placed !== null) this.report.placed('0', wrapping.placed!);
    else this.report.skipped(this.root!, wrapping.reason);
    this.finish(wrapping.changes);
  }

  private finish(changes: PlanBuilder): void {
    this.plan = changes.build(this.source.size);
    this.stage = Stage.Done;
  }

  /** All or nothing: what was planned so far goes. */
  private giveUp(reason: Reason): void {
    this.plan = new Plan();
    this.outcome.placed = [];
    this.report.reason(reason);
    this.stage = Stage.Done;
  }
}
