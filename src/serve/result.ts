/** What became of one recipient: for the client's reply, the log and the numbers. */
import type { Outcome } from '../footer/outcome.ts';
import { DeliveryError, STATUS } from '../status.ts';
import type { Done } from '../transport/footing.ts';

export interface Result {
  /** The LMTP reply: code, enhanced code and text. */
  readonly code: number;
  readonly enhanced: string;
  /** For the client, and so for the mail log and perhaps a bounce: one short line without our paths. */
  readonly text: string;
  /** For our own log, where it knows more. */
  readonly detail?: string;
  readonly outcome?: Outcome | undefined;
}

export function delivered({ summary, outcome, failure }: Done): Result {
  const detail = failure === undefined ? {} : { detail: traceOf(failure) };
  return { code: 250, enhanced: '2.1.5', text: summary, outcome, ...detail };
}

/** What is not a DeliveryError was not foreseen: the client learns that it happened, the log what it was. */
export function failed(error: unknown): Result {
  if (error instanceof DeliveryError) {
    const { lmtp, enhanced } = STATUS[error.kind];
    const cause = error.cause instanceof Error ? { detail: error.cause.message } : {};
    return { code: lmtp, enhanced: enhanced || '4.3.0', text: error.message, ...cause };
  }
  const { lmtp, enhanced } = STATUS.temporary;
  return { code: lmtp, enhanced, text: 'internal error', detail: traceOf(error) };
}

export function tooLarge(limit: number): Result {
  return { code: 552, enhanced: '5.3.4', text: `the message is larger than ${limit} bytes` };
}

/** RFC 2033: one line, as smtp-server's `send` takes it behind the code. */
export function replyText({ enhanced, text }: Result): string {
  return `${enhanced} ${bounded(text)}`;
}

/** An error as smtp-server wants it for a refusal. */
export class Refusal extends Error {
  readonly responseCode: number;

  constructor(result: Result) {
    super(replyText(result));
    this.responseCode = result.code;
  }
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Printable, and short enough for one reply line (RFC 5321, section 4.5.3.1.5). */
function bounded(text: string): string {
  const line = text.replace(/[^ -~]+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
