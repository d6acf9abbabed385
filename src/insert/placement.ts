/**
 * Which parts get a footer: a pure function of the message's structure. It is told of the parts as they begin and end, and
 * has its answer when the message ends. docs/footer-rules.md shows each rule with a message.
 *
 * Memory does not grow with the message: for each open multipart (at most a hundred) it knows the texts that would be
 * chosen if the multipart ended now.
 */

import { AttachmentOnly, PlacementOptions, SignedMail } from '../footer/options.ts';
import { asciiLower, trimmed } from '../mime/bytes.ts';
import { BlankLine, PartHeader } from '../mime/header/part-header.ts';
import { Follower, Part } from '../mime/part.ts';
import { Window } from '../mime/window.ts';
import { FooterKind, Reason } from './outcome.ts';
import {
  continuesBody,
  isAttachment,
  isConfidential,
  isInlinePicture,
  isPgpMimeVersion,
  isSetAside,
  isText,
  kindOf,
  textObstacle,
  untouchable,
} from './part-traits.ts';
import { PLACE_LIMIT } from './plan.ts';
import { Report } from './report.ts';

/** A text that is to get the footer. */
export class Target {
  /** The innermost multipart/alternative around it, and which of its alternatives the text belongs to. */
  alternatives: Part | null = null;
  alternative: i32 = 0;
  /** Where the footer goes as a part of its own if the text turns out to be one that cannot be changed: the innermost place. */
  ownPart: OwnPart | null = null;

  constructor(readonly part: Part) {}

  get kind(): FooterKind {
    return kindOf(this.part.header!);
  }
}

/** A place for the footer as a part of its own: in a multipart, after the part with this ordinal (0: before the first). */
export class OwnPart {
  /** The place that is shown with all that this one is shown with, and more. */
  outer: OwnPart | null = null;
  /** A text that it is shown with has the footer. */
  isInText: boolean = false;
  /** Texts that it is shown with have none, and no place within this one is shown with all of these. */
  isNeeded: boolean = false;
  /** The footer is put here. */
  isTaken: boolean = false;
  private isMissed: boolean = false;
  /** What is next within it, for the texts without the footer. */
  private inner: OwnPart | null = null;

  constructor(
    readonly multipart: Part,
    readonly ordinal: i32,
    /** Offset into the message: where the part before it ends, and what stands there. */
    readonly offset: number,
    readonly follower: Follower,
    readonly kind: FooterKind,
  ) {}

  /** @param place is shown with this one, and with more */
  showsWith(place: OwnPart): void {
    let last: OwnPart = this;
    while (last.outer !== null) last = last.outer!;
    if (last !== place) last.outer = place;
  }

  /** A text has no footer. @param inner the place that is next to the text within this one; null: none */
  misses(inner: OwnPart | null): void {
    if (inner === null || (this.isMissed && this.inner !== inner)) this.isNeeded = true;
    this.isMissed = true;
    this.inner = inner;
  }
}

/** What a multipart's parts are to the footer. */
enum Role {
  Alternatives,
  Related,
  /** A reader shows the leading texts and pictures as the body, and all that follows as attachments. */
  Mixed,
  /** Nothing in it is touched. */
  Untouched,
}

/** How far the body of a multipart/mixed has come. */
enum Run {
  /** No text yet, whatever there was. */
  Before,
  Open,
  Over,
}

/** The places for footers that a part, or a multipart as far as it has come, has to offer. */
class Offer {
  targets: Target[] = [];
  ownParts: OwnPart[] = [];
  /** Of the last text. */
  kind: FooterKind = FooterKind.Text;
  /** Signed or encrypted mail is in it: it gets no company. */
  blockedBy: Reason = Reason.None;

  get isEmpty(): boolean {
    return this.targets.length === 0 && this.ownParts.length === 0;
  }

  clear(): void {
    this.targets = [];
    this.ownParts = [];
  }
}

/** Most parts of a large message offer nothing; it is never changed. */
const NO_OFFER: Offer = new Offer();

/** An open multipart. */
class Level {
  readonly offer: Offer = new Offer();
  /** One of its parts is more than a delimiter. */
  hasContent: boolean = false;

  run: Run = Run.Before;
  /** Where the last part of the run ends. */
  runOrdinal: i32 = 0;
  runEnd: number = 0;
  runFollower: Follower = Follower.End;
  lastTextIsEmpty: boolean = false;
  /** Where its last part so far ends. */
  lastEnd: number = 0;
  lastFollower: Follower = Follower.End;

  /** Of a related: what a part offers that `start`, its place or `type` makes the root. */
  named: Offer | null = null;
  first: Offer | null = null;
  ofType: Offer | null = null;
  readable: Offer | null = null;

  constructor(
    readonly part: Part,
    readonly role: Role,
  ) {}
}

export class Placement {
  /** The answer, once the root has been left. */
  readonly targets: Target[] = [];
  readonly ownParts: OwnPart[] = [];
  /** The whole message becomes the first part of a new multipart, for this reason. */
  wrapReason: Reason = Reason.None;
  /** More texts than there may be places: none of them is chosen. */
  hasTooMany: boolean = false;

  private readonly levels: Level[] = [];
  private leafReason: Reason = Reason.None;

  constructor(
    private readonly options: PlacementOptions,
    /** For a look at the content of small parts: whether there is any. */
    private readonly window: Window,
    private readonly report: Report,
  ) {}

  /** A part's header is complete. */
  enter(part: Part): void {
    const header = part.header!;
    const parent = this.innermost();
    const reason = parent === null ? this.judgeRoot(part) : this.judge(part, parent);
    if (part.isMultipart) {
      const isTouched = reason === Reason.None && (parent === null || parent.role !== Role.Untouched);
      this.levels.push(new Level(part, isTouched ? roleOf(header) : Role.Untouched));
    } else this.leafReason = reason;
    if (reason !== Reason.None) this.report.skipped(part, reason);
  }

  /** A part has ended. */
  leave(part: Part): void {
    const offer = part.isMultipart ? this.closeLevel() : this.offerOfLeaf(part);
    const parent = this.innermost();
    if (parent === null) {
      this.choose(offer);
      return;
    }
    parent.lastEnd = part.bodyEnd;
    parent.lastFollower = part.follower;
    this.take(part, offer, parent);
  }

  private innermost(): Level | null {
    return this.levels.length > 0 ? this.levels[this.levels.length - 1] : null;
  }

  // What a part is to be, by its header

  private judgeRoot(part: Part): Reason {
    const header = part.header!;
    const reason = untouchable(header);
    if (reason === Reason.Signed && this.options.signed === SignedMail.Wrap) this.wrapReason = reason;
    if (reason !== Reason.None || part.isMultipart) return reason;
    if (header.mediaType.startsWith('multipart/')) {
      return header.contradictory ? Reason.UnclearHeader : Reason.NoBoundary;
    }
    if (!header.isTypeReadable) return Reason.UnreadableType;
    const obstacle = textObstacle(header);
    if (obstacle !== Reason.None) return obstacle;
    if (isText(header) && !isSetAside(header)) return Reason.None;
    if (header.mediaType.startsWith('text/') && !isAttachment(header)) return Reason.NotText;
    if (this.options.attachmentOnly === AttachmentOnly.Part) this.wrapReason = Reason.AttachmentOnly;
    return Reason.AttachmentOnly;
  }

  private judge(part: Part, parent: Level): Reason {
    const header = part.header!;
    if (header.blankLine !== BlankLine.CutOff) parent.hasContent = true;
    if (parent.role === Role.Untouched) return Reason.None;
    if (parent.role === Role.Mixed) return this.judgeInMixed(part, parent);
    const reason = untouchable(header);
    if (reason !== Reason.None) return reason;
    // A name alone says nothing of what readers show for the alternatives, or for the root of a related.
    if (isSetAside(header)) return Reason.Attachment;
    return part.isMultipart ? Reason.None : textReason(header);
  }

  private judgeInMixed(part: Part, level: Level): Reason {
    const header = part.header!;
    if (level.run === Run.Open && !continuesBody(header, part.isMultipart)) this.endRun(level, header);
    if (level.run === Run.Over) return Reason.AfterTheBody;
    const reason = untouchable(header);
    if (reason !== Reason.None) return reason;
    if (part.isMultipart) return isSetAside(header) ? Reason.Attachment : Reason.None;
    if (isInlinePicture(header)) return Reason.NotText;
    return isAttachment(header) ? Reason.Attachment : textReason(header);
  }

  // What a part offers, once it has ended

  private offerOfLeaf(part: Part): Offer {
    const parent = this.innermost();
    const isUntouched = parent !== null && parent.role === Role.Untouched;
    if (isUntouched || this.leafReason !== Reason.None) return NO_OFFER;
    const offer = new Offer();
    offer.targets.push(new Target(part));
    offer.kind = kindOf(part.header!);
    return offer;
  }

  private closeLevel(): Offer {
    const level = this.levels.pop()!;
    if (level.role === Role.Mixed) this.closeMixed(level);
    if (level.role === Role.Related) this.closeRelated(level);
    return level.offer;
  }

  /** The parent of a part that has ended takes what the part offers, or not. */
  private take(part: Part, offer: Offer, parent: Level): void {
    const reason = isConfidential(offer.blockedBy) ? offer.blockedBy : untouchable(part.header!);
    switch (parent.role) {
      case Role.Alternatives:
        for (let i = 0; i < offer.targets.length; i++) {
          const target = offer.targets[i];
          if (target.alternatives !== null) continue;
          target.alternatives = parent.part;
          target.alternative = part.ordinal;
        }
        this.append(offer, parent.offer);
        break;
      case Role.Related:
        this.takeIntoRelated(part, offer, parent);
        break;
      case Role.Mixed:
        this.takeIntoRun(part, offer, parent);
        break;
      default:
        break;
    }
    if (isConfidential(reason) && parent.offer.blockedBy === Reason.None) parent.offer.blockedBy = reason;
  }

  private append(more: Offer, offer: Offer): void {
    if (!more.isEmpty) offer.kind = more.kind;
    for (let i = 0; i < more.targets.length; i++) offer.targets.push(more.targets[i]);
    for (let i = 0; i < more.ownParts.length; i++) offer.ownParts.push(more.ownParts[i]);
    if (offer.targets.length + offer.ownParts.length <= PLACE_LIMIT) return;
    this.hasTooMany = true;
    offer.clear();
  }

  /**
   * RFC 2387 §3.2: the root is the part that `start` names, else the first. Readers show the first as well where `start`
   * names none of the parts, or one inside the first. QUIRK: a first part that is a picture, an attachment or empty is no
   * root: then it is the part of the type that `type` names, else the first that can be read (MimeKit #489).
   */
  private takeIntoRelated(part: Part, offer: Offer, parent: Level): void {
    const header = part.header!;
    const related = parent.part.header!;
    if (this.mayBeRoot(part)) {
      const start = withoutAngleBrackets(related.parameter('start'));
      if (parent.named === null && start !== '' && header.contentId === start) parent.named = offer;
      if (part.ordinal === 1) parent.first = offer;
      if (parent.readable === null) parent.readable = offer;
      if (parent.ofType === null && header.mediaType === typeOf(related)) parent.ofType = offer;
    }
    this.skipUnlessCandidate(offer, parent);
  }

  private mayBeRoot(part: Part): boolean {
    const header = part.header!;
    if (isSetAside(header)) return false;
    if (!part.isMultipart && !isText(header)) return untouchable(header) !== Reason.None;
    return !this.isEmpty(part);
  }

  private closeRelated(level: Level): void {
    const candidates: (Offer | null)[] = [level.named, level.first, level.ofType, level.readable];
    let root: Offer | null = null;
    for (let i = 0; i < candidates.length && root === null; i++) root = candidates[i];
    level.named = level.first = level.ofType = level.readable = root;
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      if (candidate !== null && candidates.indexOf(candidate) === i)
        this.skipUnlessCandidate(candidate, level);
    }
    if (root !== null) this.append(root, level.offer);
  }

  private skipUnlessCandidate(offer: Offer, related: Level): void {
    if (offer === related.named || offer === related.first) return;
    if (offer === related.ofType || offer === related.readable) return;
    this.skipAll(offer.targets, Reason.NotTheRoot);
  }

  private skipAll(targets: Target[], reason: Reason): void {
    for (let i = 0; i < targets.length; i++) this.report.skipped(targets[i].part, reason);
  }

  // The body of a multipart/mixed

  private takeIntoRun(part: Part, offer: Offer, level: Level): void {
    if (level.run === Run.Over) return;
    if (!offer.isEmpty) {
      const body = level.offer;
      this.skipAll(body.targets, Reason.BodyContinues);
      body.targets = offer.targets;
      body.ownParts = offer.ownParts;
      body.kind = offer.kind;
      level.lastTextIsEmpty = this.isEmpty(part);
      extendRun(part, level);
      if (part.isMultipart) this.endRun(level, null);
    } else if (part.header!.mediaType === 'multipart/signed') {
      if (this.options.signed === SignedMail.Wrap) extendRun(part, level);
    } else if (level.run === Run.Open) extendRun(part, level);
  }

  /** @param next the header of the part that does not belong to the body any more; null where there is none */
  private endRun(level: Level, next: PartHeader | null): void {
    level.run = Run.Over;
    const body = level.offer;
    if (next !== null && isPgpMimeVersion(next) && level.lastTextIsEmpty) {
      this.skipAll(body.targets, Reason.Encrypted);
      body.clear();
      body.blockedBy = Reason.Encrypted;
      return;
    }
    const ownPart = new OwnPart(level.part, level.runOrdinal, level.runEnd, level.runFollower, body.kind);
    for (let i = 0; i < body.targets.length; i++) {
      const target = body.targets[i];
      if (target.ownPart === null) target.ownPart = ownPart;
      else target.ownPart!.showsWith(ownPart);
    }
    for (let i = 0; i < body.ownParts.length; i++) body.ownParts[i].showsWith(ownPart);
    if (body.isEmpty) body.ownParts.push(ownPart);
  }

  private closeMixed(level: Level): void {
    if (level.run === Run.Open) this.endRun(level, null);
    const isOnlyAttachments = level.run === Run.Before && level.part.parent === null && level.hasContent;
    if (!isOnlyAttachments || level.offer.blockedBy !== Reason.None) return;
    if (this.options.attachmentOnly === AttachmentOnly.Skip) return;
    const children = level.part.children;
    level.offer.ownParts.push(
      new OwnPart(level.part, children, level.lastEnd, level.lastFollower, FooterKind.Text),
    );
  }

  private choose(offer: Offer): void {
    if (this.hasTooMany) return;
    for (let i = 0; i < offer.targets.length; i++) this.targets.push(offer.targets[i]);
    for (let i = 0; i < offer.ownParts.length; i++) this.ownParts.push(offer.ownParts[i]);
  }

  /** Nothing but line ends and blanks. A part that is longer than a few lines is not looked at and counts as a text. */
  private isEmpty(part: Part): boolean {
    if (part.isMultipart) return part.children === 0;
    if (part.bodyEnd - part.bodyStart > EMPTY_LIMIT) return false;
    for (let at = part.bodyStart; at < part.bodyEnd; at++) if (this.window.byteAt(at) > 0x20) return false;
    return true;
  }
}

/** Bytes. */
const EMPTY_LIMIT: number = 256;

function extendRun(part: Part, level: Level): void {
  level.run = Run.Open;
  level.runOrdinal = part.ordinal;
  level.runEnd = part.bodyEnd;
  level.runFollower = part.follower;
}

/** Text of a kind that can get the footer, as far as its header tells. */
function textReason(header: PartHeader): Reason {
  if (!header.isTypeReadable) return Reason.UnreadableType;
  if (!isText(header)) return Reason.NotText;
  return textObstacle(header);
}

function roleOf(header: PartHeader): Role {
  if (header.mediaType === 'multipart/alternative') return Role.Alternatives;
  return header.mediaType === 'multipart/related' ? Role.Related : Role.Mixed;
}

/** The media type that a related says its root is of (RFC 2387 §3.1), or ''. */
function typeOf(related: PartHeader): string {
  return asciiLower(trimmed(related.parameter('type')));
}

function withoutAngleBrackets(id: string): string {
  const bare = trimmed(id);
  const start = bare.startsWith('<') ? 1 : 0;
  return bare.substring(start, bare.endsWith('>') ? bare.length - 1 : bare.length);
}
