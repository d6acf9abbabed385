import { completeFooters as completed } from '../footer/complete-footers.ts';

/** A footer as somebody wrote it: at least one half, in characters (not encoded); lines end in LF or CRLF. */
export interface FooterHalves {
  readonly text?: string;
  /** HTML: a fragment, or a document, of which what is inside its body is used. */
  readonly html?: string;
}

/** Both halves of a footer, ready to be put into messages; `completeFooters` makes them. */
export interface FooterPair {
  readonly text: string;
  readonly html: string;
}

/**
 * Both halves of a footer, tidied, as a list's own footers are: a missing or blank one is made from the other, and HTML
 * that would swallow the author's text is closed.
 *
 * @throws TypeError where neither shows anything, or what is made grows too large
 */
export async function completeFooters(halves: FooterHalves): Promise<FooterPair> {
  const { footers, trouble } = completed(halves.text ?? '', halves.html ?? '', '');
  if (footers === null) {
    throw new TypeError(trouble || 'a footer needs a text, or HTML, that shows something');
  }
  return { text: footers.text, html: footers.html };
}
