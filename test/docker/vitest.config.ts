import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    setupFiles: ['test/quiet.ts'],
    // The image of the helper that would clean up cannot be had everywhere: each test does that itself.
    env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
  },
});
