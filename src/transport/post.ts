/**
 * The pipeline: what becomes of one message that is sent to one list. Pipe mode, the service and the preview all call it;
 * each of them reads and writes the bytes in its own way.
 */
import { ByteString } from '../host/files.ts';
import { summarize } from '../insert/explain.ts';
import { PartObserver } from '../insert/observer.ts';
import { Outcome } from '../insert/outcome.ts';
import { Plan } from '../insert/plan.ts';
import { Planner } from '../insert/planner.ts';
import { List } from '../list/list.ts';
import { ListFooters } from '../list/list-footers.ts';
import { Source } from '../mime/source.ts';
import { completePlan } from './complete-plan.ts';
import { DeclaredEnvelope, passThroughReason, readEnvelope } from './envelope.ts';

/** Where a message goes, and whether it may be touched. */
export class Route {
  constructor(
    /** What is to be added to mlmmj-receive's arguments. */
    readonly additions: ByteString[],
    /** Why the message goes through byte for byte, in words for the log; '' for a post. */
    readonly passThroughReason: string,
  ) {}
}

export function routeTo(list: List, declared: DeclaredEnvelope, source: Source): Route {
  const envelope = readEnvelope(declared, source, list);
  return new Route(envelope.additions, passThroughReason(envelope, list.name, list.delimiter));
}

/** Bytes of a message that are in memory at a time, some times over. */
const WINDOW_WIDTH: i32 = 64 * 1024;

export class Post {
  /**
   * How the message becomes what is handed over; without operations that is the message as it came. Before planning, and
   * where nothing comes of it, the message goes through unchanged.
   */
  plan: Plan;
  /** Which footers were put in, and why others were not; null where none was tried, or what was planned was given up. */
  outcome: Outcome | null = null;
  private planner: Planner | null = null;
  private readonly unchanged: Plan;
  private sizeLimit: number = Infinity;
  /** Why there is no footer, where no part of the message is the reason. */
  private reason: string;
  /** What is wrong with a list's files although it has footers. */
  private trouble: string = '';

  /**
   * @param source must not change as long as the post is used
   * @param passThroughReason why the message goes through byte for byte; '' for a post
   * @param top what the mail system puts on top of a message, where it has not been put there: `Return-Path:` and the like
   */
  constructor(
    private readonly source: Source,
    passThroughReason: string,
    private readonly top: Uint8Array,
  ) {
    const unchanged = completePlan(new Plan(), source, top);
    this.unchanged = unchanged;
    this.plan = unchanged;
    this.reason = passThroughReason;
  }

  /** Whether it wants footers: whoever has to read them first need not do so for a command or a bounce. */
  get wantsFooters(): boolean {
    return this.reason === '';
  }

  /** Bytes that are handed over. */
  get length(): number {
    return this.plan.isEmpty ? this.source.size : this.plan.length;
  }

  /** Begins planning, which goes on with `step`. */
  addFooters(footers: ListFooters, observer: PartObserver | null): void {
    if (!this.wantsFooters) return;
    const pair = footers.pair;
    if (pair === null) {
      this.reason = footers.missingReason;
      return;
    }
    this.trouble = footers.trouble;
    this.sizeLimit = footers.sizeLimit;
    this.planner = new Planner(this.source, WINDOW_WIDTH, pair, footers.options, observer);
  }

  /** Goes on with planning. @returns whether there is more to do */
  step(): boolean {
    const planner = this.planner;
    if (planner === null) return false;
    if (planner.step()) return true;
    this.planner = null;
    this.outcome = planner.outcome;
    if (!planner.plan.isEmpty) this.change(completePlan(planner.plan, this.source, this.top));
    return false;
  }

  /** Ends planning early: a deadline, a fault of ours. The message goes through unchanged. */
  giveUp(reason: string): void {
    this.planner = null;
    this.plan = this.unchanged;
    this.outcome = null;
    this.reason = reason;
  }

  /** What was done, in words for the log line. */
  get summary(): string {
    const outcome = this.outcome;
    if (outcome === null) return `no footer: ${this.reason}`;
    const summary = summarize(outcome);
    return outcome.placed.length === 0 || this.trouble === '' ? summary : `${summary}; ${this.trouble}`;
  }

  /** All or nothing: mlmmj would deny or discard what is too large, and for our reason. */
  private change(plan: Plan): void {
    if (plan.length > this.sizeLimit) this.giveUp('the post would be larger than control/maxmailsize');
    else this.plan = plan;
  }
}
