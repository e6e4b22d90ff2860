import { defineConfig } from 'vitest/config';

// The course and a class on one Kafka with TLS, passwords and rights: minutes, so they are no part of `npm test`.
export default defineConfig({
  test: {
    include: ['test/remote/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
    setupFiles: ['test/quiet.ts'],
  },
});
