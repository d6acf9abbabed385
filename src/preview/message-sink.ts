/** Gets one message. */
export interface MessageSink {
  /** @param chunk lent: another time it holds other bytes */
  write(chunk: Uint8Array): void | Promise<void>;
  end(): Promise<void>;
  /** Instead of `end`, where the rest of the message cannot be read. */
  discard(): void;
}
