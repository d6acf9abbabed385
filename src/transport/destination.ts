/**
 * Up to this size a message is collected before any of it leaves: mlmmj-receive then gets it whole or not at
 * all, and until then it can still go out as it came in. Nearly all list mail fits. The price is memory, twice
 * this size at most.
 */
export const COLLECT_LIMIT = 524_288;

/** Where a message goes: mlmmj-receive, or standard output for a dry run. */
export interface Destination {
  /** Whether bytes have left that cannot be taken back. */
  readonly committed: boolean;
  /** Takes the bytes (a copy, where they are not gone at once). */
  add(bytes: Uint8Array): void;
  /** Lets bytes leave, if there are enough of them; waits while the reader is slow. To be called after each piece. */
  flow(): Promise<void>;
  /** Forgets everything added. Only while nothing is committed. */
  startOver(): void;
  /** The message is whole. Resolves when it is delivered. @throws DeliveryError */
  finish(): Promise<void>;
  /**
   * Undoes what can be undone; after that the other calls do nothing. Resolves to whether the message was delivered
   * whole all the same, because the trouble came too late.
   */
  abandon(): Promise<boolean>;
}
