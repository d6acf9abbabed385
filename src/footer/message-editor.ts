import { CR, copyOf, fromLatin1, LF, NO_BYTES } from '../mime/bytes.ts';
import { HeldHeader } from '../mime/held-header.ts';
import type { PartHeader } from '../mime/part-header.ts';
import type { Follower, Token } from '../mime/tokens.ts';
import { BoundaryMaker } from './boundary.ts';
import { htmlEditing, textEditing } from './choose-editor.ts';
import { ComposedFooters } from './composed-footers.ts';
import type { FooterPair, PlacementWishes } from './footer.ts';
import { footerPart } from './footer-part.ts';
import { LookAhead } from './look-ahead.ts';
import { OutcomeRecord, type Reason } from './outcome.ts';
import type { PartEditor } from './part-editor.ts';
import { type Output, Passage } from './passage.ts';
import { type Action, type FooterKind, Placement, type Settlement } from './placement.ts';
import type { Witness } from './witness.ts';

/** A text part that is being edited, or whose content is complete while it is open whether the body ends there. */
interface Text {
  readonly passage: Passage;
  readonly editor: PartEditor;
  readonly kind: FooterKind;
  readonly tentative: boolean;
  /** Nothing but line ends so far. */
  isEmpty: boolean;
}

/**
 * Carries out what Placement decides, token by token. What it has not put out is held unchanged, in the look-ahead
 * or in a part's passage, so that it can fail at any point and the message still goes out whole.
 */
export class MessageEditor {
  readonly record: OutcomeRecord;
  readonly #witness: Witness | undefined;
  readonly #footers: ComposedFooters;
  readonly #output: Output;
  readonly #placement: Placement;
  readonly #lookAhead = new LookAhead();
  readonly #boundary = new BoundaryMaker();
  #eol = '\n';
  #inRootHeader = true;
  #hasMimeVersion = false;
  /** The text whose content goes by. */
  #text: Text | undefined;
  /** The text that gets the footer if the body ends with it. */
  #waiting: Text | undefined;
  #follower: Follower = 'end';
  /** The token's bytes, while they are neither out nor held. */
  #untaken: Uint8Array = NO_BYTES;
  /** Closes the multipart that was put around the message. */
  #wrapEnd: Uint8Array | undefined;

  constructor(footers: FooterPair, wishes: PlacementWishes, output: Output, witness?: Witness) {
    this.record = new OutcomeRecord(witness);
    this.#witness = witness;
    this.#footers = new ComposedFooters(footers);
    this.#output = output;
    this.#placement = new Placement(wishes);
  }

  take(token: Token): void {
    this.#untaken = token.bytes;
    switch (token.type) {
      case 'field':
        return this.#takeField(token.name, token.whole);
      case 'header-end':
        this.#eol = token.lineEnd;
        return this.#takeHeaderEnd(token.header);
      case 'body':
        this.#witness?.content(token.bytes.length);
        return this.#text ? this.#takeContent(this.#text) : this.#passOn();
      case 'filler':
        return this.#passOn();
      case 'part-end':
        this.#follower = token.followedBy;
        return token.of === 'leaf' ? this.#endLeaf() : this.#endMultipart();
      case 'delimiter':
        return this.#takeDelimiter(token.closing);
    }
  }

  /** The message's own line end. */
  get eol(): string {
    return this.#eol;
  }

  /** The message is complete, and every token was taken. */
  end(): void {
    if (this.#wrapEnd) this.#output(this.#wrapEnd);
    this.#wrapEnd = undefined;
  }

  /**
   * Puts out everything that is held, and the token at hand if it was not taken yet. From here on only `end` may be
   * called.
   * @returns false where that is impossible, because a part is being written in another encoding
   */
  abandon(): boolean {
    const texts = [this.#waiting, this.#text];
    if (texts.some((text) => text?.passage.isRewriting)) return false;
    for (const text of texts) text?.passage.release();
    this.#lookAhead.release(this.#output);
    this.#passOn();
    return true;
  }

  /** The token's bytes go out as they came. */
  #passOn(): void {
    this.#output(this.#untaken);
    this.#untaken = NO_BYTES;
  }

  #takeContent(text: Text): void {
    const { passage, editor } = text;
    // Only what may have to wait is ever asked whether it is.
    if (text.tentative) text.isEmpty &&= this.#untaken.every((byte) => byte === LF || byte === CR);
    passage.give(this.#untaken);
    this.#untaken = NO_BYTES;
    editor.look();
    passage.keep();
  }

  #takeField(name: string, whole: boolean): void {
    if (this.#inRootHeader) this.#noteRootField(name, this.#untaken);
    const mayChange = name.startsWith('content-') && this.#placement.isInteresting;
    const holds = !this.#lookAhead.isEmpty || mayChange;
    if (!holds || !this.#lookAhead.isComplete) return this.#passOn();
    this.#lookAhead.holdField(name, this.#untaken, whole);
    this.#untaken = NO_BYTES;
    if (!this.#lookAhead.isFull && whole) return;
    this.#settle(this.#placement.stopWaiting());
    this.#lookAhead.release(this.#output);
  }

  #noteRootField(name: string, bytes: Uint8Array): void {
    this.#boundary.add(bytes);
    this.#hasMimeVersion ||= name === 'mime-version';
  }

  #takeHeaderEnd(header: PartHeader): void {
    const isRoot = this.#inRootHeader;
    const { settlement, action } = this.#placement.enter(header);
    this.#settle(settlement);
    this.#lookAhead.releaseDelimiter(this.#output);
    const held = new HeldHeader(header, this.#lookAhead.fields, copyOf(this.#untaken), {
      eol: this.#eol,
      canChange: this.#lookAhead.isComplete && !header.contradictory && !header.runsIntoText,
      needsMimeVersion: isRoot && !this.#hasMimeVersion,
    });
    if (isRoot) this.record.root(header.mediaType);
    this.#witness?.began(header);
    this.#inRootHeader = false;
    this.#begin(held, action);
  }

  #begin(held: HeldHeader, action: Action): void {
    if (action.do === 'edit') return this.#beginText(held, action.kind, action.tentative);
    if (action.do === 'wrap' && held.canChange) return this.#wrap(held, action.reason);
    const reason: Reason | undefined = action.do === 'wrap' ? 'unclear header' : action.reason;
    if (reason) this.record.reason(reason);
    this.#putHeader(held.bytes);
  }

  /** The header goes out, as it came or changed: what was held of it is done with. */
  #putHeader(bytes: Uint8Array): void {
    this.#lookAhead.clear();
    this.#untaken = NO_BYTES;
    this.#output(bytes);
  }

  #beginText(held: HeldHeader, kind: FooterKind, tentative: boolean): void {
    const passage = new Passage(this.#output);
    const editing =
      kind === 'text/html'
        ? htmlEditing(held, this.#footers, passage)
        : textEditing(held, this.#footers, passage);
    if ('reason' in editing) {
      this.#placement.uneditable(editing.reason);
      this.record.reason(editing.reason);
      return this.#putHeader(held.bytes);
    }
    if (editing.holdsHeader) {
      passage.give(held.bytes);
      this.#putHeader(NO_BYTES);
    } else this.#putHeader(held.bytes);
    this.#text = { passage, editor: editing.editor, kind, tentative, isEmpty: true };
  }

  /** RFC 2046 §5.1: what was the whole body becomes the first part, its bytes untouched, and the footer the second. */
  #wrap(held: HeldHeader, reason: Reason): void {
    const boundary = this.#boundary.boundary;
    const header = held.wrapped(`multipart/mixed; boundary="${boundary}"`, boundary);
    const lines = [
      `--${boundary}`,
      footerPart('text/plain', this.#footers.pair, held.eol),
      `--${boundary}--`,
    ];
    const end = fromLatin1(held.eol + lines.join(held.eol) + held.eol);
    this.#putHeader(header);
    this.#wrapEnd = end;
    this.record.placed({ manner: 'around', kind: 'text/plain', transliterated: false });
    this.record.reason(reason);
  }

  #endLeaf(): void {
    const text = this.#text;
    if (!text) return;
    if (text.tentative) this.#waiting = text;
    else this.#finish(text, true);
    this.#text = undefined;
  }

  #endMultipart(): void {
    this.#settle(this.#placement.close());
    this.#placement.leave();
    this.#witness?.ended();
  }

  #takeDelimiter(closing: boolean): void {
    if (closing) this.#settle(this.#placement.close());
    if (closing || !this.#placement.awaitsNext) return this.#passOn();
    this.#lookAhead.holdDelimiter(this.#untaken);
    this.#untaken = NO_BYTES;
  }

  #settle(settlement: Settlement | undefined): void {
    if (settlement === undefined) return;
    if (settlement.place === 'beside') return this.#putBeside(settlement.kind, settlement.boundary);
    const text = this.#waiting;
    this.#waiting = undefined;
    if (!text) return;
    const isEncrypted = settlement.place === 'here unless empty' && text.isEmpty;
    if (isEncrypted) this.record.reason('encrypted');
    this.#finish(text, settlement.place !== 'later' && !isEncrypted);
  }

  #finish({ passage, editor, kind, tentative }: Text, commit: boolean): void {
    const result = editor.finish(commit, this.#follower);
    passage.release();
    if (result.added) {
      this.record.placed({ manner: 'into', kind, transliterated: result.transliterated });
    } else if (result.reason) this.record.reason(result.reason);
    const isThere = result.added || result.reason === 'already there';
    if (!tentative && isThere) this.#placement.added(kind);
  }

  /** A part of its own, before the delimiter that comes next, whose line end belongs to what is before it. */
  #putBeside(kind: FooterKind, boundary: string): void {
    const part = `--${boundary}${this.#eol}${footerPart(kind, this.#footers.pair, this.#eol)}`;
    const lead = this.#follower === 'bare delimiter' ? '' : this.#eol;
    const trail = this.#follower === 'delimiter' ? '' : this.#eol;
    this.#output(fromLatin1(lead + part + trail));
    this.record.placed({ manner: 'beside', kind, transliterated: false });
  }
}
