import type { PartHeader } from '../mime/part-header.ts';
import type { PlacementWishes } from './footer.ts';
import type { Reason } from './outcome.ts';
import {
  bodyKind,
  continuesBody,
  isAttachment,
  isConfidential,
  isInlinePicture,
  isPgpMimeVersion,
  isSetAside,
  looksLikeRoot,
  textObstacle,
  untouchable,
} from './part-traits.ts';

/**
 * Which parts get a footer: a pure function of the headers seen so far, told of parts as they begin and end. It is
 * the design's table, row by row; docs/footer-rules.md shows each with a message.
 */

/** What happens to a part whose header is complete. */
export type Action =
  /** Its bytes go through as they are. */
  | { readonly do: 'leave'; readonly reason?: Reason }
  /** A text that a reader shows: it gets the footer now, or if the body turns out to end with it. */
  | { readonly do: 'edit'; readonly kind: FooterKind; readonly tentative: boolean }
  /** The root becomes the first part of a new multipart, the footer the second. */
  | { readonly do: 'wrap'; readonly reason: Reason };

export type FooterKind = 'text/plain' | 'text/html';

/**
 * What becomes of the place where the body may have ended, now that something follows it. `here`: the body ended
 * there. `here unless empty`: the same, but an empty text there is part of an encrypted message. `later`: it goes on.
 * `beside`: the footer goes there as a part of its own.
 */
export type Settlement =
  | { readonly place: 'here' | 'here unless empty' | 'later' }
  | { readonly place: 'beside'; readonly kind: FooterKind; readonly boundary: string };

export interface Decision {
  readonly settlement?: Settlement;
  readonly action: Action;
}

/**
 * How far the run of inline parts has come that a reader sees as the body of a multipart/mixed:
 * `before` it, its last part a `text`, something else that is `shown`, or `done`.
 */
type Run = 'before' | 'text' | 'shown' | 'done';

/** What a multipart's parts are to the footer. */
type Role = 'alternatives' | 'related' | 'run' | 'nothing';

interface Level {
  readonly header: PartHeader;
  readonly role: Role;
  readonly isRoot: boolean;
  /** The Content-ID that `start` names, or ''. */
  readonly start: string;
  run: Run;
  /** Of the last text in the run: a part of its own beside it is of the same kind. */
  kind: FooterKind;
  placed: boolean;
  hasParts: boolean;
  /** One of them is more than a delimiter. */
  hasContent: boolean;
  rootFound: boolean;
  /** Something here must not get company: signed or encrypted mail, or text that cannot be changed. */
  blockedBy: Reason | undefined;
}

const LEAVE: Action = { do: 'leave' };

export class Placement {
  readonly #wishes: PlacementWishes;
  readonly #levels: Level[] = [];

  constructor(wishes: PlacementWishes) {
    this.#wishes = wishes;
  }

  /** A part begins. For a multipart that is looked into, `leave` is called at its end. */
  enter(header: PartHeader): Decision {
    const parent = this.#levels.at(-1);
    const decision = parent ? this.#decide(header, parent) : { action: this.#decideRoot(header) };
    if (header.boundary !== undefined) this.#levels.push(openLevel(header, parent, decision.action));
    return decision;
  }

  /** Whether the part that begins now could get a footer or be wrapped: its header is worth holding. */
  get isInteresting(): boolean {
    const level = this.#levels.at(-1);
    return (
      level === undefined || (level.role !== 'nothing' && !(level.role === 'run' && level.run === 'done'))
    );
  }

  /** Whether what comes next decides about the end of the body so far. */
  get awaitsNext(): boolean {
    const run = this.#levels.at(-1)?.run;
    return run === 'text' || run === 'shown';
  }

  /** The next part's header is too long to wait for: the body ends here. */
  stopWaiting(): Settlement | undefined {
    const level = this.#levels.at(-1);
    return level && this.#settle(level, false);
  }

  /** The text that was to be edited has its footer now (or had it before). */
  added(kind: FooterKind): void {
    const level = this.#levels.at(-1);
    if (level) markPlaced(level, kind);
  }

  /** The text that was to be edited cannot be. A run that begins with it gets no footer: the reader would see it first. */
  uneditable(reason: Reason): void {
    const level = this.#levels.at(-1);
    if (level?.role !== 'run') return;
    level.run = 'done';
    level.blockedBy = reason;
  }

  /** The innermost multipart's closing delimiter, or its end without one. Settles what is open in it. */
  close(): Settlement | undefined {
    const level = this.#levels.at(-1);
    return level ? this.#settleAtEnd(level) : undefined;
  }

  /** The innermost multipart has ended; `close` has been called for it. */
  leave(): void {
    const level = this.#levels.pop()!;
    const parent = this.#levels.at(-1);
    if (!parent) return;
    if (level.placed) markPlaced(parent, level.kind);
    else if (parent.role === 'run' && parent.run === 'text') parent.run = 'shown';
    parent.blockedBy ??= level.blockedBy;
  }

  #decideRoot(header: PartHeader): Action {
    const isMultipart = header.mediaType.startsWith('multipart/');
    if (header.mediaType === 'multipart/signed') {
      // Of a header that is cut off, nobody knows that its last line has ended.
      return this.#wishes.signed === 'wrap' && header.separated
        ? { do: 'wrap', reason: 'signed' }
        : { do: 'leave', reason: 'signed' };
    }
    const reason = untouchable(header);
    if (reason) return { do: 'leave', reason };
    if (isMultipart && header.boundary !== undefined) return LEAVE;
    if (isMultipart) return { do: 'leave', reason: header.contradictory ? 'unclear header' : 'no boundary' };
    const kind = bodyKind(header);
    const obstacle = textObstacle(header);
    if (obstacle) return { do: 'leave', reason: obstacle };
    if (kind) return { do: 'edit', kind, tentative: false };
    if (header.mediaType.startsWith('text/') && !isAttachment(header))
      return { do: 'leave', reason: 'not text' };
    return this.#wishes.attachmentOnly === 'part'
      ? { do: 'wrap', reason: 'attachment only' }
      : { do: 'leave', reason: 'attachment only' };
  }

  #decide(header: PartHeader, parent: Level): Decision {
    const isFirst = !parent.hasParts;
    parent.hasParts = true;
    parent.hasContent ||= header.separated;
    switch (parent.role) {
      case 'nothing':
        return { action: LEAVE };
      case 'alternatives':
        return { action: editAction(header, false) };
      case 'related':
        return { action: this.#decideInRelated(header, parent, isFirst) };
      case 'run':
        return this.#decideInRun(header, parent);
    }
  }

  /**
   * RFC 2387 §3.2: the root is the part that `start` names, else the first. Readers show the first as well where
   * `start` names none of the parts, or one inside the first. That is known only when all have gone by, so a first
   * part that looks like the root is taken for it.
   */
  #decideInRelated(header: PartHeader, parent: Level, isFirst: boolean): Action {
    const isNamed = parent.start === '' ? isFirst : header.contentId === parent.start;
    if (parent.rootFound || !(isNamed || (isFirst && looksLikeRoot(header, parent.header)))) {
      return { do: 'leave', reason: 'not the root of related' };
    }
    parent.rootFound = isNamed;
    return editAction(header, false);
  }

  #decideInRun(header: PartHeader, parent: Level): Decision {
    if (parent.run === 'done') return { action: { do: 'leave', reason: 'after the body' } };
    const goesOn = continuesBody(header);
    const settled = this.#settle(parent, goesOn, header);
    const settlement = settled ? { settlement: settled } : {};
    if (settled && settled.place !== 'later') {
      return { ...settlement, action: { do: 'leave', reason: 'after the body' } };
    }
    const action = editAction(header, true);
    if (action.do === 'edit') {
      parent.run = 'text';
      parent.kind = action.kind;
    } else if (isInlinePicture(header) && parent.run === 'text') parent.run = 'shown';
    else if (header.mediaType === 'multipart/signed' && this.#wishes.signed === 'wrap') parent.run = 'shown';
    else if (action.do === 'leave' && isConfidential(action.reason)) parent.blockedBy = action.reason;
    return { ...settlement, action };
  }

  /** Something follows the last part of the run; `goesOn` if it belongs to the body too. */
  #settle(level: Level, goesOn: boolean, next?: PartHeader): Settlement | undefined {
    const { run, kind } = level;
    if (run !== 'text' && run !== 'shown') return undefined;
    if (goesOn) return run === 'text' ? { place: 'later' } : undefined;
    level.run = 'done';
    level.placed = true;
    if (run === 'shown') return besidePart(level, kind);
    return { place: next && isPgpMimeVersion(next) ? 'here unless empty' : 'here' };
  }

  #settleAtEnd(level: Level): Settlement | undefined {
    if (level.role !== 'run') return undefined;
    if (level.run === 'text' || level.run === 'shown') return this.#settle(level, false);
    const nothingButAttachments =
      level.run === 'before' && level.isRoot && level.hasContent && !level.blockedBy;
    level.run = 'done';
    if (!nothingButAttachments || this.#wishes.attachmentOnly === 'skip') return undefined;
    level.placed = true;
    return besidePart(level, 'text/plain');
  }
}

function besidePart(level: Level, kind: FooterKind): Settlement {
  return { place: 'beside', kind, boundary: level.header.boundary! };
}

function openLevel(header: PartHeader, parent: Level | undefined, action: Action): Level {
  const isTouched = action.do === 'leave' && action.reason === undefined && parent?.role !== 'nothing';
  return {
    header,
    role: isTouched ? roleOf(header) : 'nothing',
    isRoot: parent === undefined,
    start: (header.contentType?.parameters.get('start') ?? '').trim().replace(/^<|>$/g, ''),
    run: 'before',
    kind: 'text/plain',
    placed: false,
    hasParts: false,
    hasContent: false,
    rootFound: false,
    blockedBy: undefined,
  };
}

function markPlaced(level: Level, kind: FooterKind): void {
  level.placed = true;
  level.kind = kind;
  if (level.role === 'run') level.run = 'done';
}

/** What to do with a part that stands where the body is. */
function editAction(header: PartHeader, tentative: boolean): Action {
  const reason = untouchable(header) ?? (header.mediaType === 'multipart/signed' ? 'signed' : undefined);
  if (reason) return { do: 'leave', reason };
  if (header.boundary !== undefined) {
    return isSetAside(header) ? { do: 'leave', reason: 'attachment' } : LEAVE;
  }
  if (isInlinePicture(header)) return { do: 'leave', reason: 'not text' };
  if (isAttachment(header)) return { do: 'leave', reason: 'attachment' };
  const kind = bodyKind(header);
  if (!kind) return { do: 'leave', reason: 'not text' };
  const obstacle = textObstacle(header);
  return obstacle ? { do: 'leave', reason: obstacle } : { do: 'edit', kind, tentative };
}

function roleOf(header: PartHeader): Role {
  if (header.mediaType === 'multipart/alternative') return 'alternatives';
  if (header.mediaType === 'multipart/related') return 'related';
  return 'run';
}
