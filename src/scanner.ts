/** The lossless MIME scanner by itself: `import { scanMessage } from 'mlmmj-amime-receive/scanner'`. */
export { scanMessage, type Token } from './library/scan-message.ts';
