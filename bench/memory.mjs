import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { besideOthers, candidates, start } from './candidates.mjs';

const NOTEBOOK = resolve(import.meta.dirname, '..', 'notebooks', '05-scaling.ipynb');
const CELLS = 50;
/** The lab's thread that draws ends when no chart has come for ten seconds. */
const REST_MS = 12_000;
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
function codeOf(path) {
  /** @type {{ cells: { cell_type: string, source: string | string[] }[] }} */
  const { cells } = JSON.parse(readFileSync(path, 'utf8'));
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  return code.map(({ source }) => [source].flat().join(''));
}

/**
 * A process and those that it started. Not what has a group of its own, as the lab's Kafka does: that lives on without it.
 * @param {number} root
 */
function processes(root) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((pid) => {
    const [, parent, group] = /^\d+ \(.*\) \S (\d+) (\d+)/s.exec(fileOf(pid, 'stat')) ?? [];
    return parent ? [{ pid: Number(pid), parent: Number(parent), group }] : [];
  });
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid, group } of found) {
    found.push(...all.filter((each) => each.parent === pid && each.group === group));
  }
  return found.map(({ pid }) => pid);
}

/** @param {number} pid */
function megabytes(pid) {
  const [, kilobytes = '0'] = /^Pss:\s+(\d+)/m.exec(fileOf(pid, 'smaps_rollup')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Empty for a process that has ended. @param {string | number} pid @param {string} name */
function fileOf(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
