/** Hands 100,000 bytes to a child, which counts them into a file. `hand-over.ts FILE`; says the error's code if it cannot. */
import { spawnFromFile } from '../../src/platform/nameless-file.ts';
import { platform } from '../../src/platform/node.ts';

try {
  const counting = ['/bin/sh', '-c', `wc -c > '${process.argv[2]}'`] as const;
  await spawnFromFile([...counting], Buffer.alloc(100_000, 'x'), platform).exited;
} catch (error) {
  console.log((error as { code?: string }).code);
}
