import type { Follower } from '../mime/tokens.ts';
import type { Reason } from './outcome.ts';

/**
 * Puts a footer into one part while its content streams by. `output` gets the content as it goes out; whatever an
 * editor has held back it still has unchanged, so that giving up is always possible.
 */
export interface PartEditor {
  /** @param raw the next piece of the part's content, encoded; not kept beyond the call */
  write(raw: Uint8Array): void;

  /**
   * The content is complete.
   * @param commit whether this part is to have the footer after all
   */
  finish(commit: boolean, follower: Follower): EditResult;

  /**
   * Gives out what is held, unchanged, because something went wrong; what follows goes out without this editor.
   * @returns false where bytes that have gone out already promised something else (another transfer encoding)
   */
  abandon(): boolean;
}

export type EditResult =
  | { readonly added: true; readonly transliterated: boolean }
  | { readonly added: false; readonly reason: Reason | undefined };

export const NOT_WANTED: EditResult = { added: false, reason: undefined };

export function skipped(reason: Reason): EditResult {
  return { added: false, reason };
}

export type Output = (bytes: Uint8Array) => void;
