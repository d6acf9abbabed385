import type { RenderedText } from './rendered-texts.ts';

/** A text as it goes out, and what it was before; null where it was not there. */
export interface TextPair {
  readonly before: RenderedText | null;
  readonly after: RenderedText;
}

/**
 * Which text after belongs to which before: the parts of a message keep their order, so a text that is new is found
 * by that it does not begin as the next one before it does.
 */
export function textPairs(before: readonly RenderedText[], after: readonly RenderedText[]): TextPair[] {
  let at = 0;
  let missing = after.length - before.length;
  return after.map((text) => {
    const next = before[at];
    const fits =
      next !== undefined && next.mediaType === text.mediaType && (missing === 0 || resembles(next, text));
    if (!fits) {
      missing--;
      return { before: null, after: text };
    }
    at++;
    return { before: next, after: text };
  });
}

function resembles(before: RenderedText, after: RenderedText): boolean {
  const common = commonLength(before.text, after.text);
  return common >= Math.min(before.text.length, 40) || after.text.includes(before.text.trim());
}

/** How many characters both begin with. */
export function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** How many characters both end with. */
export function commonTail(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}
