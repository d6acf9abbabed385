import { asBuffer } from '../mime/bytes.ts';

/** What the log says about a message beside its envelope, read from its header. Pure. */
export interface MessageTrace {
  /** The queue id of the mail system that sent it, from the topmost `Received:`; '' where there is none. */
  readonly queueId: string;
  /** With its angle brackets; '' where there is none. */
  readonly messageId: string;
}

/** Bytes looked at. The trace lines and the usual fields of real mail fit into a few KB. */
export const TRACE_LIMIT = 32_768;

/** @param head the message's beginning, LF line ends */
export function readMessageTrace(head: Uint8Array): MessageTrace {
  const look = asBuffer(head.subarray(0, TRACE_LIMIT));
  const end = look.indexOf('\n\n');
  const header = look.toString('utf8', 0, end < 0 ? look.length : end + 1);
  return {
    // Postfix writes `by HOST (Postfix) with PROTOCOL id QUEUEID`.
    queueId: /\sid\s+([^\s;]{1,64})/.exec(field(header, 'received'))?.[1] ?? '',
    messageId: field(header, 'message-id').trim(),
  };
}

/** The first field of this name, unfolded. */
function field(header: string, name: string): string {
  const match = new RegExp(`^${name}[ \\t]*:(.*(?:\\n[ \\t].*)*)`, 'im').exec(header);
  return (match?.[1] ?? '').replace(/\n/g, '');
}
