import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['src/portable.ts'],
    // Most files wait for children and daemons: one worker would leave a core idle.
    maxWorkers: 2,
    // Real children and real daemons: a loaded two-core machine must not turn slowness into failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
