import type { Decoded, TransferDecoder } from '../../src/mime/transfer-decoder.ts';

/** Less than decoders read at once. */
const LITTLE = 500;

/** What a decoder makes of content that it is shown in small pieces, so that none of its short cuts is taken. */
export function littleByLittle(decoder: TransferDecoder, raw: Uint8Array, final: boolean): Decoded {
  const read: Uint8Array[] = [];
  let consumed = 0;
  for (let shown = 0; shown < raw.length; ) {
    shown = Math.min(shown + LITTLE, raw.length);
    const decoded = decoder.decode(raw.subarray(consumed, shown), final && shown === raw.length);
    read.push(decoded.bytes);
    consumed += decoded.consumed;
  }
  return { bytes: Buffer.concat(read), consumed };
}
