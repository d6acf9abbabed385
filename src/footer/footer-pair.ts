// What is put into a post.

/**
 * A list's footers, ready to be written: Unicode, lines separated by `\n`, no newline at the end, never blank. `text`
 * goes into `text/plain` parts, `html` (a fragment, no document around it) into `text/html` parts.
 */
export class FooterPair {
  constructor(
    readonly text: string,
    readonly html: string,
  ) {}
}
