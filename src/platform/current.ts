/**
 * The runtime this program was built for. Which twin `#platform` means stands in package.json (`imports`): Bun's
 * bundler takes `bun.ts`, everything else `node.ts`. So it is settled when the program is built, and the executable
 * contains nothing of the other twin.
 */
export { platform } from '#platform';
