/**
 * The library: `import { FooterStream, completeFooters } from 'mlmmj-amime-receive'`. Importing it does nothing, and
 * it needs nothing of the host but streams and bytes: no processes, no environment, and no files but in a spool directory
 * that it is given.
 */
export type { KindName, MannerName, ReasonName } from './insert/outcome-names.ts';
export { completeFooters, type FooterHalves, type FooterPair } from './library/complete-footers.ts';
export type { FooterStreamOptions } from './library/footer-job.ts';
export type { FooterOperation, FooterOptions, FooterPlan } from './library/footer-plan.ts';
export { FooterStream } from './library/footer-stream.ts';
export { type FooterTransformOptions, FooterTransformStream } from './library/footer-transform-stream.ts';
export { planFooters } from './library/plan-footers.ts';
export type { FooterReport, PartReport, PlacedFooter } from './library/report.ts';
