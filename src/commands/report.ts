/** The one line that a delivery leaves in the mail log. */
import { DeliveryError, STATUS } from '../status.ts';

/** pipe(8) copies that much of a successful command's output into `status=sent (delivered via … service (…))`. */
const SUCCESS_LIMIT = 100;

/** Room enough for the reason; Postfix cuts off much later. */
const FAILURE_LIMIT = 300;

/** At most 100 characters, printable ASCII, and a newline. */
export function successLine(text: string): string {
  return `${bounded(text, SUCCESS_LIMIT)}\n`;
}

/**
 * Begins with the enhanced status code, because pipe(8) lets that decide what becomes of the message. What is not a
 * DeliveryError, or a signal, was not foreseen: it is a fault of ours, so the mail waits.
 */
export function failureLine(error: unknown): string {
  const kind = error instanceof DeliveryError ? error.kind : 'temporary';
  const text = error instanceof Error ? error.message : String(error);
  const isForeseen =
    error instanceof DeliveryError || (error instanceof Error && error.name === 'Interruption');
  const foreseen = isForeseen ? text : `internal error: ${text}`;
  return `${STATUS[kind].enhanced} ${bounded(foreseen, FAILURE_LIMIT)}\n`;
}

function bounded(text: string, limit: number): string {
  const line = text.replace(/[^!-~]+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 3)}...` : line;
}
