// A footer made whole: the one place that knows what a pair of footers needs before it can be put into posts.
import { cleanText } from './decode-text.ts';
import { deriveHtml } from './derive-html.ts';
import { deriveText } from './derive-text.ts';
import { FooterPair } from './footer-pair.ts';
import { htmlFragment } from './html-fragment.ts';
import { DERIVED_LIMIT } from './limits.ts';
import { tidyText } from './text-lines.ts';

export class CompletedFooters {
  constructor(
    /** Null where neither half shows anything, or where there is trouble. */
    readonly footers: FooterPair | null,
    /** Why there are none although something was written, in words for the log line; '' otherwise. */
    readonly trouble: string,
  ) {}
}

/**
 * Both halves of a footer as somebody wrote them: tidied, an HTML document reduced to what is inside its body, what would
 * swallow the rest of a post ended, and the half that shows nothing made from the other one.
 * @param text a text, or ''
 * @param html a fragment of HTML or a document, or ''
 * @param language of the text (RFC 5646), for HTML that is made from it; '' where it is not known
 */
export function completeFooters(text: string, html: string, language: string): CompletedFooters {
  const plain = tidyText(cleanText(text));
  const fragment = htmlFragment(cleanText(html));
  if (plain === '' && fragment === '') return new CompletedFooters(null, '');
  if (fragment === '') return withinLimit(new FooterPair(plain, deriveHtml(plain, language)));
  if (plain === '') return withinLimit(new FooterPair(tidyText(deriveText(fragment)), fragment));
  return new CompletedFooters(new FooterPair(plain, fragment), '');
}

function withinLimit(pair: FooterPair): CompletedFooters {
  if (max(pair.text.length, pair.html.length) <= DERIVED_LIMIT) return new CompletedFooters(pair, '');
  return new CompletedFooters(null, `the derived footer is larger than ${DERIVED_LIMIT / 1024} KiB`);
}
