/** What became of one recipient: for the client's reply, the log and the numbers. */
import { enhancedCode, lmtpReply, temporary } from '../errors.ts';
import { DeliveryFailure } from '../host/interruption.ts';
import type { Outcome } from '../insert/outcome.ts';
import { printableLine } from '../printable.ts';

export interface Result {
  /** The LMTP reply: code, enhanced code and text. 0 where there is nobody any more to reply to. */
  readonly code: number;
  readonly enhanced: string;
  /** For the client, and so for the mail log and perhaps a bounce: one short line without our paths. */
  readonly text: string;
  /** For our own log, where it knows more. */
  readonly detail?: string;
  /** What was done about footers; null where nothing was tried. */
  readonly outcome?: Outcome | null;
}

/** @param fault of ours that cost the footers, or null */
export function delivered(summary: string, outcome: Outcome | null, fault: unknown = null): Result {
  const detail = fault === null ? {} : { detail: traceOf(fault) };
  return { code: 250, enhanced: '2.1.5', text: summary, outcome, ...detail };
}

/** What is not a DeliveryFailure was not foreseen: the client learns that it happened, the log what it was. */
export function failed(error: unknown): Result {
  if (error instanceof DeliveryFailure) {
    const { kind } = error.failure;
    const cause = error.cause instanceof Error ? { detail: error.cause.message } : {};
    return { code: lmtpReply(kind), enhanced: enhancedCode(kind) || '4.3.0', text: error.message, ...cause };
  }
  const internal = new DeliveryFailure(temporary('internal error'));
  return { ...failed(internal), detail: traceOf(error) };
}

export function tooLarge(limit: number): Result {
  return { code: 552, enhanced: '5.3.4', text: `the message is larger than ${limit} bytes` };
}

/** Characters, so that the reply is one line (RFC 5321 §4.5.3.1.5). */
const TEXT_LIMIT = 300;

/** RFC 2033: one line, as smtp-server's `send` takes it after the code. */
export function replyText({ enhanced, text }: Result): string {
  return `${enhanced} ${printableLine(text, TEXT_LIMIT)}`;
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
