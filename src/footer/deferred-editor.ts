import type { Follower } from '../mime/tokens.ts';
import { type EditResult, NOT_WANTED, type Output, type PartEditor } from './part-editor.ts';

/** What was chosen once enough of the content was seen: the header as it is to go out, and who edits the content. */
export interface Choice {
  readonly header: Uint8Array;
  readonly editor: PartEditor;
  /** What the editor is given in place of the content held so far, where that had to be converted. */
  readonly content?: Uint8Array;
}

/**
 * Holds a part's header and content until it is clear how the footer can be written: a header that has gone out
 * can no longer say that the text behind it is UTF-8 now.
 */
export class DeferredEditor implements PartEditor {
  readonly #header: Uint8Array;
  readonly #enough: number;
  readonly #choose: (content: Uint8Array, isComplete: boolean) => Choice;
  readonly #output: Output;
  #held: Uint8Array[] = [];
  #heldLength = 0;
  #editor: PartEditor | undefined;

  /**
   * @param header the part's header with its blank line, not yet out
   * @param enough how many bytes of content suffice to choose
   * @param choose is shown the content held so far, and whether that is all of it
   */
  constructor(
    header: Uint8Array,
    enough: number,
    choose: (content: Uint8Array, isComplete: boolean) => Choice,
    output: Output,
  ) {
    this.#header = header;
    this.#enough = enough;
    this.#choose = choose;
    this.#output = output;
  }

  write(raw: Uint8Array): void {
    if (this.#editor) return this.#editor.write(raw);
    this.#held.push(Buffer.from(raw));
    this.#heldLength += raw.length;
    if (this.#heldLength >= this.#enough) this.#settle(false);
  }

  finish(commit: boolean, follower: Follower): EditResult {
    if (this.#editor) return this.#editor.finish(commit, follower);
    if (commit) return this.#settle(true).finish(true, follower);
    this.#releaseAll();
    return NOT_WANTED;
  }

  abandon(): boolean {
    if (this.#editor) return this.#editor.abandon();
    this.#releaseAll();
    return true;
  }

  #settle(isComplete: boolean): PartEditor {
    const content = Buffer.concat(this.#held);
    const choice = this.#choose(content, isComplete);
    this.#editor = choice.editor;
    this.#held = [];
    this.#output(choice.header);
    choice.editor.write(choice.content ?? content);
    return choice.editor;
  }

  #releaseAll(): void {
    this.#output(this.#header);
    for (const raw of this.#held) this.#output(raw);
    this.#held = [];
  }
}
