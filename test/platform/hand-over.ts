/**
 * Hands 100,000 bytes to a child, which counts them into a file. `hand-over.ts FILE`; says the error's code if it
 * cannot. `hand-over.ts FILE again` has handed over 10 bytes before, and uses that file again.
 */
import { SpareFiles, spawnFromFile } from '../../src/platform/nameless-file.ts';
import { platform } from '../../src/platform/node.ts';

const [target, again] = process.argv.slice(2);
const spare = again === undefined ? undefined : new SpareFiles();
try {
  const counting = ['/bin/sh', '-c', `wc -c > '${target}'`] as const;
  if (spare !== undefined) {
    await spawnFromFile(['/bin/sh', '-c', 'cat >/dev/null'], Buffer.alloc(10, 'x'), platform, spare).exited;
  }
  await spawnFromFile(counting, Buffer.alloc(100_000, 'x'), platform, spare).exited;
} catch (error) {
  console.log((error as { code?: string }).code);
}
