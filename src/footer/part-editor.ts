import type { Follower } from '../mime/tokens.ts';
import type { Reason } from './outcome.ts';

/** Puts a footer into one part whose content comes through a Passage. */
export interface PartEditor {
  /** More of the content waits in the passage. The editor passes on what it does not need to hold. */
  look(): void;

  /**
   * The content is complete. What the editor leaves waiting goes out as it is.
   * @param commit whether this part is to have the footer after all
   */
  finish(commit: boolean, follower: Follower): EditResult;
}

export type EditResult =
  | { readonly added: true; readonly transliterated: boolean }
  | { readonly added: false; readonly reason: Reason | undefined };

export const NOT_WANTED: EditResult = { added: false, reason: undefined };

export function skipped(reason: Reason): EditResult {
  return { added: false, reason };
}
