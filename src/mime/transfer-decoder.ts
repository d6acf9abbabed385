/**
 * A streaming view of encoded content: what it decodes to, and where in the encoded bytes a decoded byte begins.
 * Decoders keep no bytes themselves. They say how much of what they were shown is settled; the caller shows the
 * rest again, with more behind it.
 */
export interface TransferDecoder {
  /**
   * @param raw encoded bytes, starting where the last call's `consumed` ended
   * @param final nothing follows
   */
  decode(raw: Uint8Array, final: boolean): Decoded;

  /**
   * Where in `raw` (as shown to `decode`) a place in its decoded bytes can be cut: the encoding of `decoded[offset]`
   * starts there. `skip` is how many decoded bytes before `offset` share that encoding and must be written again.
   */
  locate(raw: Uint8Array, offset: number): { readonly at: number; readonly skip: number };
}

export interface Decoded {
  readonly bytes: Uint8Array;
  /** How many of the encoded bytes are settled. */
  readonly consumed: number;
}

/** 7bit, 8bit and binary: the content is its own encoding. */
export const IDENTITY: TransferDecoder = {
  decode: (raw) => ({ bytes: raw, consumed: raw.length }),
  locate: (_raw, offset) => ({ at: offset, skip: 0 }),
};

/**
 * From this many bytes on a decoder reads well-formed content at once, with native code: its loops are not compiled
 * before a message is over. Fewer are read sooner than an expression is compiled.
 */
export const AT_ONCE = 4096;
