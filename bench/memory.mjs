import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { besideOthers, candidates, start } from './candidates.mjs';
import { megabytes, processes, sum } from './processes.mjs';

export const NOTEBOOK = resolve(import.meta.dirname, '..', 'notebooks', '05-scaling.ipynb');
const CELLS = 50;
/** The lab's thread that draws ends when no chart has come for ten seconds. */
export const REST_MS = 12_000;
const BOUND_MB = 220;

/** @typedef {import('./throughput.mjs').Row} Row @typedef {import('./candidates.mjs').Candidate} Candidate */

/**
 * The memory of kernels with the processes that they start: each after some cells that declare, and ours after the
 * notebook on scaling. Of what processes share, each has its part (PSS), which Linux alone tells.
 * @param {string} [deno] its program
 * @returns {Promise<Row[]>}
 */
export async function memory(deno) {
  if (process.platform !== 'linux') return [];
  /** @type {Record<string, number>} */
  const after = {};
  for (const [name, candidate] of Object.entries(candidates(deno))) {
    const codes = Array.from({ length: CELLS }, (_, n) => candidate.declare(n));
    after[name] = sum(await memoryAfter(candidate, codes));
  }
  const how = { unit: 'MB', bound: 'none' };
  const { ours } = candidates(undefined);
  const [node = 0, ...others] = ours ? await memoryAfter(ours, codeOf(NOTEBOOK), REST_MS) : [];
  const all = node + sum(others);
  return [
    besideOthers(`kernel: memory after ${CELLS} cells that declare`, after, how),
    {
      what: 'kernel: memory after notebook 05, at rest',
      figure: `${all.toFixed(0)} MB, of which TypeScript's process ${sum(others).toFixed(0)}`,
      bound: `at most ${BOUND_MB} MB`,
      raw: { node, others },
    },
  ];
}

/**
 * Megabytes of a new kernel's process and of those that it started, so long after the last cell.
 * @param {Candidate} candidate @param {string[]} codes @param {number} [restMs]
 */
async function memoryAfter(candidate, codes, restMs = 0) {
  const kernel = await start(candidate);
  try {
    await kernel.heard();
    for (const code of codes) await kernel.time(code);
    await setTimeout(restMs);
    return processes(kernel.process?.pid ?? 0).map(megabytes);
  } finally {
    await kernel.close();
  }
}

/** The code of a notebook's cells. @param {string} path @returns {string[]} */
export function codeOf(path) {
  /** @type {{ cells: { cell_type: string, source: string | string[] }[] }} */
  const { cells } = JSON.parse(readFileSync(path, 'utf8'));
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  return code.map(({ source }) => [source].flat().join(''));
}
