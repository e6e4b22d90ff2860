import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { openLab } = require('../lib/dist/lab/index.js');
const { installHost } = require('../lib/dist/host.js');

/** A lab where no kernel is: it shows nothing, and what goes wrong ends the bench. */
export function openBench() {
  installHost({
    display: () => {},
    fail: (/** @type {unknown} */ error) => {
      throw error;
    },
    onShutdown: () => () => {},
    signal: () => new AbortController().signal,
  });
  return openLab('bench');
}

/** @param {number[]} numbers */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
