import { copyOf, fromLatin1 } from '../mime/bytes.ts';
import { HeldHeader } from '../mime/held-header.ts';
import type { PartHeader } from '../mime/part-header.ts';
import type { Follower, Token } from '../mime/tokens.ts';
import { BoundaryMaker } from './boundary.ts';
import { htmlEditing, textEditing } from './choose-editor.ts';
import type { FooterPair, PlacementWishes } from './footer.ts';
import { footerPart } from './footer-part.ts';
import { LookAhead } from './look-ahead.ts';
import { OutcomeRecord, type Reason } from './outcome.ts';
import type { Output, PartEditor } from './part-editor.ts';
import { type Action, type FooterKind, Placement, type Settlement } from './placement.ts';

/** A text part that is being edited, or whose content is complete while it is open whether the body ends there. */
interface Text {
  readonly editor: PartEditor;
  readonly kind: FooterKind;
  readonly tentative: boolean;
}

/**
 * Carries out what Placement decides, token by token. What it has not put out it holds unchanged (the look-ahead,
 * the editors' own), so that it can stop at any token and the rest of the message still goes out whole.
 */
export class MessageEditor {
  readonly record = new OutcomeRecord();
  readonly #footers: FooterPair;
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
  /** Closes the multipart that was put around the message. */
  #wrapEnd: Uint8Array | undefined;

  constructor(footers: FooterPair, wishes: PlacementWishes, output: Output) {
    this.#footers = footers;
    this.#output = output;
    this.#placement = new Placement(wishes);
  }

  take(token: Token): void {
    switch (token.type) {
      case 'field':
        return this.#takeField(token.name, token.bytes, token.whole);
      case 'header-end':
        this.#eol = token.lineEnd;
        return this.#takeHeaderEnd(token.header, token.bytes);
      case 'body':
        return this.#text ? this.#text.editor.write(token.bytes) : this.#output(token.bytes);
      case 'filler':
        return this.#output(token.bytes);
      case 'part-end':
        this.#follower = token.followedBy;
        return token.of === 'leaf' ? this.#endLeaf() : this.#endMultipart();
      case 'delimiter':
        return this.#takeDelimiter(token.bytes, token.closing);
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
   * Puts out everything that is held, unchanged. From here on only `end` may be called.
   * @returns false where that is impossible, because a part is being written in another encoding
   */
  abandon(): boolean {
    const kept = [this.#waiting, this.#text].every((text) => text?.editor.abandon() ?? true);
    this.#waiting = this.#text = undefined;
    this.#lookAhead.release(this.#output);
    return kept;
  }

  #takeField(name: string, bytes: Uint8Array, whole: boolean): void {
    if (this.#inRootHeader) this.#noteRootField(name, bytes);
    const mayChange = name.startsWith('content-') && this.#placement.isInteresting;
    const holds = !this.#lookAhead.isEmpty || mayChange;
    if (!holds || !this.#lookAhead.isComplete) return this.#output(bytes);
    this.#lookAhead.holdField(name, bytes, whole);
    if (!this.#lookAhead.isFull && whole) return;
    this.#settle(this.#placement.stopWaiting());
    this.#lookAhead.release(this.#output);
  }

  #noteRootField(name: string, bytes: Uint8Array): void {
    this.#boundary.add(bytes);
    this.#hasMimeVersion ||= name === 'mime-version';
  }

  #takeHeaderEnd(header: PartHeader, blankLine: Uint8Array): void {
    const isRoot = this.#inRootHeader;
    const { settlement, action } = this.#placement.enter(header);
    this.#settle(settlement);
    this.#lookAhead.releaseDelimiter(this.#output);
    const canChange = this.#lookAhead.isComplete && !header.contradictory && !header.runsIntoText;
    const held = new HeldHeader(header, this.#lookAhead.takeFields(), copyOf(blankLine), {
      eol: this.#eol,
      canChange,
      needsMimeVersion: isRoot && !this.#hasMimeVersion,
    });
    if (isRoot) this.record.root(header.mediaType);
    this.#inRootHeader = false;
    this.#begin(held, action);
  }

  #begin(held: HeldHeader, action: Action): void {
    if (action.do === 'edit') return this.#beginText(held, action.kind, action.tentative);
    if (action.do === 'wrap' && held.canChange) return this.#wrap(held, action.reason);
    const reason: Reason | undefined = action.do === 'wrap' ? 'unclear header' : action.reason;
    if (reason) this.record.reason(reason);
    this.#output(held.bytes);
  }

  #beginText(held: HeldHeader, kind: FooterKind, tentative: boolean): void {
    const editing =
      kind === 'text/html'
        ? htmlEditing(held, this.#footers.html, this.#output)
        : textEditing(held, this.#footers.text, this.#output);
    if ('reason' in editing) {
      this.#placement.uneditable(editing.reason);
      this.record.reason(editing.reason);
      return this.#output(held.bytes);
    }
    if (!editing.holdsHeader) this.#output(held.bytes);
    this.#text = { editor: editing.editor, kind, tentative };
  }

  /** RFC 2046 §5.1: what was the whole body becomes the first part, its bytes untouched, and the footer the second. */
  #wrap(held: HeldHeader, reason: Reason): void {
    const boundary = this.#boundary.boundary;
    const { eol } = held;
    const lines = [`--${boundary}`, footerPart('text/plain', this.#footers, eol), `--${boundary}--`];
    this.#wrapEnd = fromLatin1(eol + lines.join(eol) + eol);
    this.record.placed({ manner: 'around', kind: 'text/plain', transliterated: false });
    this.record.reason(reason);
    this.#output(held.wrapped(`multipart/mixed; boundary="${boundary}"`, boundary));
  }

  #endLeaf(): void {
    const text = this.#text;
    this.#text = undefined;
    if (text?.tentative) this.#waiting = text;
    else if (text) this.#finish(text, true);
  }

  #endMultipart(): void {
    this.#settle(this.#placement.close());
    this.#placement.leave();
  }

  #takeDelimiter(bytes: Uint8Array, closing: boolean): void {
    if (closing) this.#settle(this.#placement.close());
    if (!closing && this.#placement.awaitsNext) this.#lookAhead.holdDelimiter(bytes);
    else this.#output(bytes);
  }

  #settle(settlement: Settlement | undefined): void {
    if (settlement === undefined) return;
    if (settlement.place === 'beside') return this.#putBeside(settlement.kind, settlement.boundary);
    const text = this.#waiting;
    this.#waiting = undefined;
    if (text) this.#finish(text, settlement.place === 'here');
  }

  #finish(text: Text, commit: boolean): void {
    const result = text.editor.finish(commit, this.#follower);
    if (result.added) {
      this.record.placed({ manner: 'into', kind: text.kind, transliterated: result.transliterated });
    } else if (result.reason) this.record.reason(result.reason);
    const isThere = result.added || result.reason === 'already there';
    if (!text.tentative && isThere) this.#placement.added(text.kind);
  }

  /** A part of its own, before the delimiter that comes next, whose line end belongs to what is before it. */
  #putBeside(kind: FooterKind, boundary: string): void {
    const part = `--${boundary}${this.#eol}${footerPart(kind, this.#footers, this.#eol)}`;
    const lead = this.#follower === 'bare delimiter' ? '' : this.#eol;
    const trail = this.#follower === 'delimiter' ? '' : this.#eol;
    this.#output(fromLatin1(lead + part + trail));
    this.record.placed({ manner: 'beside', kind, transliterated: false });
  }
}
