/** What the log says about a message beside its envelope, read from its header. Pure. */
import type { Source } from '../mime/source.ts';

export interface MessageTrace {
  /** The queue id of the mail system that sent it, from the topmost `Received:`; '' where there is none. */
  readonly queueId: string;
  /** With its angle brackets; '' where there is none. */
  readonly messageId: string;
}

/** Bytes looked at. The trace lines and the usual fields of real mail fit into a few KB. */
const HEAD_LIMIT = 32_768;

/** @param message with LF line ends */
export function readMessageTrace(message: Source): MessageTrace {
  const head = Buffer.allocUnsafe(Math.min(HEAD_LIMIT, message.size));
  const look = head.subarray(0, message.read(0, head));
  const end = look.indexOf('\n\n');
  const header = look.toString('utf8', 0, end < 0 ? look.length : end + 1);
  return {
    // Postfix writes `by HOST (Postfix) with PROTOCOL id QUEUEID`.
    queueId: /\sid\s+([^\s;]{1,64})/.exec(field(header, RECEIVED))?.[1] ?? '',
    messageId: field(header, MESSAGE_ID).trim(),
  };
}

const RECEIVED = /^received[ \t]*:(.*(?:\n[ \t].*)*)/im;
const MESSAGE_ID = /^message-id[ \t]*:(.*(?:\n[ \t].*)*)/im;

/** The first such field, unfolded. */
function field(header: string, pattern: RegExp): string {
  return (pattern.exec(header)?.[1] ?? '').replace(/\n/g, '');
}
