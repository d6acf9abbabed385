/**
 * The library: `import { FooterStream, completeFooters } from 'mlmmj-amime-receive'`. Importing it does nothing, and
 * it needs nothing of the host but streams and bytes: no files, no processes, no environment.
 */
export type { FooterPair, PlacementWishes } from './footer/footer.ts';
export { FooterInserter } from './footer/inserter.ts';
export type { Manner, Outcome, Placed, Reason } from './footer/outcome.ts';
export type { Witness } from './footer/witness.ts';
export { completeFooters, type FooterHalves } from './library/complete-footers.ts';
export { FooterStream } from './library/footer-stream.ts';
export { type FooterTransformOptions, FooterTransformStream } from './library/footer-transform-stream.ts';
export type { FooterOptions, FooterReport } from './library/insertion.ts';
export type { PartReport } from './library/part-reporter.ts';
export type { PartHeader } from './mime/part-header.ts';
