// The one line that a delivery leaves in the mail log.
import { enhancedCode, Failure } from '../errors.ts';
import { printableLine } from '../printable.ts';

/** Characters. pipe(8) copies that much of a successful command's output into `status=sent (delivered via … service (…))`. */
const SUCCESS_LIMIT: i32 = 100;

/** Room enough for the reason; Postfix cuts off much later. */
const FAILURE_LIMIT: i32 = 300;

/** At most 100 characters, printable ASCII, and a newline. */
export function successLine(text: string): string {
  return `${printableLine(text, SUCCESS_LIMIT)}\n`;
}

/** Begins with the enhanced status code, because pipe(8) lets that decide what becomes of the message. */
export function failureLine(failure: Failure): string {
  return `${enhancedCode(failure.kind)} ${printableLine(failure.message, FAILURE_LIMIT)}\n`;
}
