import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;
/** How long what is polled may take, in ms: a machine with much to do takes its time, and one that waits in vain says so. */
const PATIENCE = MINUTE / 3;

/** Of the tests on real parts, those of `npm test`: each room's most telling ones. The others run by `npm run test:more`. */
const ESSENTIAL = [
  'test/integration/jupyter/{headless,shown-text}.test.ts',
  'test/integration/kernel/{cells,conformance,interrupts}.test.ts',
  'test/integration/lab/{lab,services}.test.ts',
  'test/integration/terminal/guide.test.ts',
  'test/notebooks/{course,shape}.test.ts',
];

/** Whole courses, faults and clusters take the machine: one file at a time. */
const ONE_FILE = { fileParallelism: false };
/** Where files wait more than they compute: for leases, pauses, pages. */
const TWO_FILES = { fileParallelism: true, maxWorkers: 2, sequence: { groupOrder: 2 } };

function project(name: string, include: string[], limit: number, more = {}) {
  const timeouts = {
    testTimeout: limit,
    hookTimeout: limit,
    expect: { poll: { timeout: PATIENCE } },
  };
  const order = { ...ONE_FILE, sequence: { groupOrder: 1 } };
  const setupFiles = ['test/quiet.ts'];
  return { test: { name, include, setupFiles, ...order, ...timeouts, ...more } };
}

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{test/unit,kernel/test}/**/*.test.ts'], MINUTE / 2, {
        fileParallelism: true,
        maxWorkers: '100%',
        sequence: { groupOrder: 0 },
      }),
      project('essential', ESSENTIAL, MINUTE / 2),
      project('more', ['test/{integration,notebooks}/**/*.test.ts'], MINUTE, {
        exclude: ESSENTIAL,
        ...TWO_FILES,
      }),
      // One file, whose series of faults overlap by themselves: what a test waits for may stand in a queue behind others.
      project('faults', ['test/faults/*.test.ts'], 30 * MINUTE),
      // The course and a class on one Kafka with TLS, passwords and rights.
      project('remote', ['test/remote/**/*.test.ts'], 15 * MINUTE, { hookTimeout: MINUTE }),
      // An installation for several users, and a JupyterHub on it.
      project('hub', ['test/hub/**/*.test.ts'], 6 * MINUTE, {
        globalSetup: ['test/hub/set-up.ts'],
        hookTimeout: 3 * MINUTE,
      }),
      // The oldest and the newest Kafka, and every Node.js, that the README promises. It fetches them.
      project('matrix', ['test/matrix/**/*.test.ts'], 10 * MINUTE, { maxConcurrency: 2 }),
      project('browser', ['test/browser/**/*.test.ts'], 3 * MINUTE, {
        hookTimeout: MINUTE,
        ...TWO_FILES,
      }),
      project('docker', ['test/docker/**/*.test.ts'], 5 * MINUTE, {
        // The image of the helper that would clean up cannot be had everywhere: each test does that itself.
        env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
      }),
    ],
  },
});
