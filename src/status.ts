/**
 * The one table of how a delivery can fail, and what Postfix is told. pipe(8) bounces on every exit status but
 * 71 and 75, unless the output of a failed command starts with an enhanced status code (RFC 3463), which then
 * decides. So both are always given, and everything that is not surely the sender's fault is temporary.
 */
export const STATUS = {
  /** The list's directory is not there although the directory that holds it is. */
  'no-such-list': { exit: 67, enhanced: '5.1.1', lmtp: 550 },
  /** Everything that is our side's trouble: the mail waits in Postfix's queue until it is mended. */
  temporary: { exit: 75, enhanced: '4.3.0', lmtp: 451 },
  /** A wrong call of a command that people type. Never in pipe mode, where it would bounce mail. */
  usage: { exit: 64, enhanced: '', lmtp: 451 },
  /** A file that a person named cannot be read. Never in pipe mode. */
  'no-input': { exit: 66, enhanced: '', lmtp: 451 },
} as const;

export type FailureKind = keyof typeof STATUS;

/**
 * A failure whose `message` is one clear line for the operator: what is wrong and what to do, without paths that
 * give the host away (the line reaches the poster when a deferred mail finally bounces). `cause` keeps the rest.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
