import { withoutTrailingBlanks } from './bytes.ts';

/** A line that delimits: which open multipart it belongs to, and whether it closes it. */
export interface Delimiter {
  readonly level: number;
  readonly boundary: string;
  readonly closing: boolean;
}

/**
 * The boundaries of all open multiparts. A line is looked up by its text rather than compared with each
 * boundary in turn: with a hundred levels open, a body of `--` lines would otherwise take a hundred times as long.
 */
export class BoundaryStack {
  /** Levels at which a boundary is open, outermost first. The same one can be open twice; the innermost counts. */
  readonly #levels = new Map<string, number[]>();

  get isEmpty(): boolean {
    return this.#levels.size === 0;
  }

  open(boundary: string, level: number): void {
    const levels = this.#levels.get(boundary);
    if (levels) levels.push(level);
    else this.#levels.set(boundary, [level]);
  }

  close(boundary: string): void {
    const levels = this.#levels.get(boundary);
    levels?.pop();
    if (levels?.length === 0) this.#levels.delete(boundary);
  }

  /**
   * @param line a line that begins with `--`, latin1, with or without its line end. White space behind the
   * boundary is transport padding (RFC 2046 §5.1.1). Unlike that section's own advice, a line that only *begins*
   * with a boundary is no delimiter: boundaries that are prefixes of one another are common, and closing the
   * wrong part makes attachments vanish.
   */
  match(line: string): Delimiter | undefined {
    const text = withoutTrailingBlanks(line.slice(2));
    const opening = this.#innermost(text);
    const closing = text.endsWith('--') ? this.#innermost(text.slice(0, -2)) : -1;
    if (opening < 0 && closing < 0) return undefined;
    return closing > opening
      ? { level: closing, boundary: text.slice(0, -2), closing: true }
      : { level: opening, boundary: text, closing: false };
  }

  #innermost(boundary: string): number {
    return this.#levels.get(boundary)?.at(-1) ?? -1;
  }
}
