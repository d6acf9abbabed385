// How the chosen parts get their footers, one after the other; and which of them get none after all.
import { equal } from '../mime/bytes.ts';
import { Edit } from '../mime/edit.ts';
import { Window } from '../mime/window.ts';
import { ComposedFooters } from './composed-footers.ts';
import { makesDelimiter } from './delimiter-check.ts';
import { ownPartBytes } from './footer-part.ts';
import { HtmlPlanner } from './html-planner.ts';
import { FooterKind, Manner, Placed, Reason } from './outcome.ts';
import { childNumber, partNumber } from './part-number.ts';
import { PartPlan, PartPlanner } from './part-planner.ts';
import { OwnPart, Placement, Target } from './placement.ts';
import { GROWTH_LIMIT } from './plan.ts';
import { PlanBuilder } from './plan-builder.ts';
import { Report } from './report.ts';
import { TextPlanner } from './text-planner.ts';

export class PartsPlanner {
  readonly changes: PlanBuilder = new PlanBuilder();
  growsTooMuch: boolean = false;
  private growth: number = 0;
  /** One for each target. */
  private readonly plans: PartPlan[] = [];
  private current: PartPlanner | null = null;
  private isSecondTry: boolean = false;

  constructor(
    private readonly placement: Placement,
    private readonly window: Window,
    private readonly lineEnd: string,
    private readonly footers: ComposedFooters,
    private readonly report: Report,
  ) {}

  /** @returns whether there is more to do */
  step(): boolean {
    const targets = this.placement.targets;
    if (this.plans.length === targets.length) {
      this.settle();
      return false;
    }
    const target = targets[this.plans.length];
    let planner = this.current;
    if (planner === null) {
      planner = this.plannerFor(target);
      this.current = planner;
    }
    if (planner.step()) return true;
    this.current = null;
    this.accept(target, planner.plan);
    return !this.growsTooMuch;
  }

  private plannerFor(target: Target): PartPlanner {
    const part = target.part;
    if (target.kind === FooterKind.Html)
      return new HtmlPlanner(this.window, part, this.lineEnd, this.footers);
    return new TextPlanner(this.window, part, this.lineEnd, this.footers, this.isSecondTry);
  }

  /** Text can be encoded so that no line of it is a delimiter; HTML is left. */
  private accept(target: Target, plan: PartPlan): void {
    const delimits = plan.placed !== null && this.delimits(target, plan);
    if (delimits && target.kind === FooterKind.Text && !this.isSecondTry) {
      this.isSecondTry = true;
      return;
    }
    this.isSecondTry = false;
    const accepted = delimits ? skippedPlan(Reason.DelimiterLine) : plan;
    this.plans.push(accepted);
    for (let i = 0; i < accepted.edits.length; i++) this.countGrowth(accepted.edits[i]);
  }

  private delimits(target: Target, plan: PartPlan): boolean {
    for (let i = 0; i < plan.edits.length; i++) {
      if (makesDelimiter(plan.edits[i], target.part, this.window)) return true;
    }
    return false;
  }

  private countGrowth(edit: Edit): void {
    this.growth += edit.bytes.length - (edit.end - edit.start);
    if (this.growth > GROWTH_LIMIT) this.growsTooMuch = true;
  }

  // All of them are known

  private settle(): void {
    this.leaveBlankAlternatives();
    const targets = this.placement.targets;
    for (let i = 0; i < targets.length; i++) this.apply(targets[i], this.plans[i]);
    const ownParts = this.placement.ownParts;
    for (let i = 0; i < targets.length; i++) noteAround(targets[i], this.plans[i]);
    for (let i = 0; i < ownParts.length; i++) noteMissed(ownParts[i]);
    for (let i = 0; i < ownParts.length; i++) this.takePlace(ownParts[i]);
    for (let i = 0; i < targets.length; i++) this.takePlace(targets[i].ownPart);
  }

  /** @param innermost of the places around a text */
  private takePlace(innermost: OwnPart | null): void {
    const place = neededPlace(innermost);
    if (place === null || place.isTaken) return;
    place.isTaken = true;
    this.putBeside(place);
  }

  /** Readers that pass over a blank alternative for the one with text would show the footer alone. */
  private leaveBlankAlternatives(): void {
    const targets = this.placement.targets;
    for (let i = 0; i < targets.length; i++) {
      const alternatives = targets[i].alternatives;
      if (alternatives === null || !this.isBlankAlternative(i)) continue;
      for (let k = 0; k < targets.length; k++) {
        if (targets[k].alternatives !== alternatives || this.plans[k].isBlank) continue;
        this.plans[i] = skippedPlan(Reason.Blank);
        this.plans[i].isBlank = true;
        break;
      }
    }
  }

  /** Whether all texts of the alternative that a text belongs to are blank. */
  private isBlankAlternative(index: i32): boolean {
    const targets = this.placement.targets;
    for (let i = 0; i < targets.length; i++) {
      if (targets[i].alternatives !== targets[index].alternatives) continue;
      if (targets[i].alternative === targets[index].alternative && !this.plans[i].isBlank) return false;
    }
    return true;
  }

  private apply(target: Target, plan: PartPlan): void {
    const part = target.part;
    const placed = plan.placed;
    if (placed === null) {
      this.report.skipped(part, plan.reason);
      return;
    }
    for (let i = 0; i < plan.edits.length; i++) this.changes.edit(plan.edits[i]);
    const recoding = plan.recoding;
    if (recoding !== null) {
      this.changes.recode(part.bodyStart, part.bodyEnd, recoding, plan.tail, plan.recodedLength);
    }
    this.report.placed(partNumber(part), placed);
  }

  // A part of its own

  /** Before the delimiter that comes next, whose line end belongs to what is before it. */
  private putBeside(place: OwnPart): void {
    if (place.multipart.sharesBoundary) {
      this.report.reason(Reason.DelimiterLine);
      return;
    }
    const bytes = ownPartBytes(
      place.kind,
      this.footers,
      this.lineEnd,
      place.multipart.header!.boundary,
      place.follower,
    );
    if (this.isThere(bytes, place.offset)) {
      this.report.reason(Reason.AlreadyThere);
      return;
    }
    const edit = new Edit(place.offset, place.offset, bytes);
    this.changes.edit(edit);
    this.countGrowth(edit);
    const number = childNumber(place.multipart, place.ordinal);
    this.report.placed(number, new Placed(Manner.Beside, place.kind, false, false, ''));
  }

  /** An earlier pass has put the same part there. It is no text of the body where a multipart ends that. */
  private isThere(part: Uint8Array, offset: number): boolean {
    return equal(this.window.slice(offset, offset + part.length), part);
  }
}

/** Says to the places around a text what has become of the text. */
function noteAround(target: Target, plan: PartPlan): void {
  if (plan.placed === null && plan.reason !== Reason.AlreadyThere) {
    if (plan.reason !== Reason.Blank) noteMissed(target.ownPart);
    return;
  }
  let place = target.ownPart;
  while (place !== null) {
    place.isInText = true;
    place = place.outer;
  }
}

function noteMissed(innermost: OwnPart | null): void {
  let inner: OwnPart | null = null;
  let place = innermost;
  while (place !== null) {
    place.misses(inner);
    inner = place;
    place = place.outer;
  }
}

/** The outermost one that is needed: another within it would show the footer again, to whom it is shown at all. */
function neededPlace(innermost: OwnPart | null): OwnPart | null {
  let found: OwnPart | null = null;
  let place = innermost;
  while (place !== null) {
    if (place.isNeeded && !place.isInText) found = place;
    place = place.outer;
  }
  return found;
}

function skippedPlan(reason: Reason): PartPlan {
  const plan = new PartPlan();
  plan.reason = reason;
  return plan;
}
