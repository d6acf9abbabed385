import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['src/portable.ts'],
    // Most files wait for children, daemons, and for Postfix, which trusts no file that is younger than a second.
    maxWorkers: 4,
    // Real children and real daemons: a loaded two-core machine must not turn slowness into failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
