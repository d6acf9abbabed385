// How a message ends its lines.
import { CR, LF } from './bytes.ts';
import { TOKEN_LIMIT } from './limits.ts';
import { Window } from './window.ts';

/** The message's first line end: `\n`, also where it has none, or `\r\n`. */
export function firstLineEnd(window: Window): string {
  const lf = window.indexOf(LF, 0, min(window.size, f64(TOKEN_LIMIT)));
  return lf > 0 && window.byteAt(lf - 1) === CR ? '\r\n' : '\n';
}
