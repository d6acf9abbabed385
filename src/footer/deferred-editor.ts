import type { Follower } from '../mime/tokens.ts';
import { type EditResult, NOT_WANTED, type PartEditor } from './part-editor.ts';
import type { Passage } from './passage.ts';

/** What was chosen once enough of the content was seen: the header as it is to go out, and who edits the content. */
export interface Choice {
  readonly header: Uint8Array;
  readonly editor: PartEditor;
  /** The content held so far, where it had to be converted. */
  readonly content?: Uint8Array;
  /** The header promises another transfer encoding than the content comes in. */
  readonly rewrites?: boolean;
}

/**
 * Holds a part's header and content until it is clear how the footer can be written: a header that has gone out
 * can no longer say that the text behind it is UTF-8 now.
 */
export class DeferredEditor implements PartEditor {
  readonly #headerLength: number;
  readonly #enough: number;
  readonly #choose: (content: Uint8Array, isComplete: boolean) => Choice;
  readonly #passage: Passage;
  #editor: PartEditor | undefined;

  /**
   * @param headerLength how many bytes of header come first through the passage
   * @param enough how many bytes of content suffice to choose
   * @param choose is shown the content held so far, and whether that is all of it
   */
  constructor(
    headerLength: number,
    enough: number,
    choose: (content: Uint8Array, isComplete: boolean) => Choice,
    passage: Passage,
  ) {
    this.#headerLength = headerLength;
    this.#enough = enough;
    this.#choose = choose;
    this.#passage = passage;
  }

  look(): void {
    if (this.#editor) return this.#editor.look();
    if (this.#passage.waiting.length - this.#headerLength >= this.#enough) this.#settle(false);
  }

  finish(commit: boolean, follower: Follower): EditResult {
    if (!commit && !this.#editor) return NOT_WANTED;
    const editor = this.#editor ?? this.#settle(true);
    return editor.finish(commit, follower);
  }

  #settle(isComplete: boolean): PartEditor {
    const content = Buffer.from(this.#passage.waiting.subarray(this.#headerLength));
    const choice = this.#choose(content, isComplete);
    this.#editor = choice.editor;
    this.#passage.exchange(choice.header, choice.content ?? content);
    if (choice.rewrites) this.#passage.beginRewriting();
    choice.editor.look();
    return choice.editor;
  }
}
