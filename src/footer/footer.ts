/**
 * A list's footers, ready to be written: Unicode, lines separated by `\n`, no newline at the end, never blank.
 * `text` goes into `text/plain` parts, `html` (a fragment, no document around it) into `text/html` parts.
 */
export interface FooterPair {
  readonly text: string;
  readonly html: string;
}

/** How a list wants its footers placed where there is a choice (the control files `amime-*`). */
export interface PlacementWishes {
  /** `control/amime-signed`: leave signed mail byte for byte, or wrap it so that the footer stands beside it. */
  readonly signed: 'skip' | 'wrap';
  /** `control/amime-attachment-only`: mail without a text body gets the footer as a part of its own, or none. */
  readonly attachmentOnly: 'part' | 'skip';
}
