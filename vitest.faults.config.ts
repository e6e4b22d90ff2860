import { defineConfig } from 'vitest/config';

// Faults on real parts, on Linux: minutes of mostly waiting, so they are no part of `npm test`.
export default defineConfig({
  test: {
    include: ['test/faults/*.test.ts'],
    // One file: its lanes overlap by themselves. What a test waits for may stand in a queue behind others.
    maxWorkers: 1,
    testTimeout: 1_800_000,
    reporters: ['default', './test/faults/reporter.ts'],
    setupFiles: ['test/quiet.ts'],
  },
});
