import { Outgoing } from '../insert/outgoing.ts';
import type { Plan } from '../insert/plan.ts';
import type { Source } from '../mime/source.ts';

const LARGEST_PIECE = 65_536;

/**
 * The outgoing message in pieces, each in memory of its own.
 *
 * @throws Error where the message cannot be read any more, or is another than was planned for
 */
export function* outgoingPieces(message: Source, plan: Plan): Generator<Uint8Array> {
  const outgoing = new Outgoing(message, plan);
  for (let left = plan.isEmpty ? message.size : plan.length; left > 0; ) {
    const piece = newPiece(Math.min(left, LARGEST_PIECE));
    if (!fill(piece, outgoing)) throw new Error('the message cannot be read');
    left -= piece.length;
    yield piece;
  }
  if (outgoing.read(newPiece(1)) > 0 || outgoing.failed) throw new Error('the message cannot be read');
}

/** Without zeros in it: it is filled before anybody sees it. And no Buffer, whose `slice` is another one's. */
function newPiece(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** @returns whether all of the piece could be had */
function fill(piece: Uint8Array, outgoing: Outgoing): boolean {
  for (let filled = 0; filled < piece.length; ) {
    const count = outgoing.read(piece.subarray(filled));
    if (count === 0 || outgoing.failed) return false;
    filled += count;
  }
  return true;
}
