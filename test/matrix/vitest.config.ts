import { defineConfig } from 'vitest/config';

// The oldest and the newest Kafka, and every Node.js, that the README promises. It fetches them; minutes.
export default defineConfig({
  test: {
    include: ['test/matrix/**/*.test.ts'],
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    setupFiles: ['test/quiet.ts'],
  },
});
