import { BufferSource } from '../mime/buffer-source.ts';
import type { FooterPair } from './complete-footers.ts';
import { type FooterOptions, type FooterPlan, FooterSetup } from './footer-plan.ts';
import type { PartReport } from './report.ts';

/**
 * What becomes of a message that lies in memory: synchronous, and pure. `pieces()` of the plan are the outgoing message.
 *
 * @param message must not change as long as the plan is used
 * @throws TypeError for a pair with a blank half, and for an option that does not exist; and what `onPart` throws
 */
export function planFooters(
  message: Uint8Array,
  footers: FooterPair,
  options: FooterOptions = {},
  onPart?: (report: PartReport) => void,
): FooterPlan {
  const planning = new FooterSetup(footers, options).begin(new BufferSource(message), onPart);
  while (planning.step());
  return planning.finish();
}
