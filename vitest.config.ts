import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,integration,notebooks}/**/*.test.ts'],
    // Brokers, kernels and browsers need the machine for themselves: one file at a time.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: ['test/quiet.ts'],
  },
});
