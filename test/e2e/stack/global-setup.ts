import type { TestProject } from 'vitest/node';
import { stackObstacle } from './requirements.ts';
import { type Stack, startStack } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: Stack | undefined;
    obstacle: string | undefined;
  }
}

const EXECUTABLE = new URL('../../../dist/mlmmj-amime-receive', import.meta.url).pathname;

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const obstacle = stackObstacle();
  project.provide('obstacle', obstacle);
  if (obstacle !== undefined) {
    console.log(`skipped: ${obstacle}`);
    project.provide('stack', undefined);
    return undefined;
  }
  const { stack, takeDown } = await startStack(process.env.MLMMJ_AMIME_EXECUTABLE ?? EXECUTABLE);
  project.provide('stack', stack);
  return takeDown;
}
