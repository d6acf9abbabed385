/** The lossless MIME scanner by itself: `import { Scanner } from 'mlmmj-amime-receive/scanner'`. */
export type { Structured } from './mime/content-type.ts';
export type { PartHeader } from './mime/part-header.ts';
export { Scanner } from './mime/scanner.ts';
export type { Follower, Token } from './mime/tokens.ts';
