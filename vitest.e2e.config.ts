import { defineConfig } from 'vitest/config';

/** `npm run e2e`: real mail through Postfix, mlmmj, MariaDB and Amavisd. One mail host serves all files. */
export default defineConfig({
  test: {
    include: ['test/e2e/*.e2e.ts'],
    globalSetup: ['test/e2e/stack/global-setup.ts'],
    reporters: ['verbose', './test/e2e/count-reporter.ts'],
    // Much of the time is waiting for mail.
    maxWorkers: 3,
    // Mail takes as long as it takes on a loaded machine; a test that waits in vain says what it waited for.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
