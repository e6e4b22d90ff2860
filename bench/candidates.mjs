import { join, resolve } from 'node:path';
import { KERNEL, KERNEL_OPTIONS } from '../setup/steps/jupyter.mjs';
import { BenchKernel } from './kernels.mjs';
import { median } from './support.mjs';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * A kernel to be timed: how it is started, with `{connection_file}` for the file, and its cell that declares names.
 * @typedef {{ argv: string[], declare: (n: number) => string }} Candidate
 */

/**
 * Our kernel beside Python's, which has no types to check and which it has to keep up with, tslab's own, and Deno's, which
 * checks no types either, if its program is given.
 * @param {string | undefined} deno
 * @returns {Record<string, Candidate>}
 */
export function candidates(deno) {
  const tslab = join(ROOT, 'node_modules', 'tslab', 'bin', 'tslab');
  const python = join(ROOT, '.lab', 'venv', 'bin', 'python');
  return {
    ours: { argv: [...KERNEL, '{connection_file}', ...KERNEL_OPTIONS], declare: declareTs },
    tslab: {
      argv: [process.execPath, tslab, 'kernel', '--config-path={connection_file}'],
      declare: declareTs,
    },
    ipykernel: {
      argv: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      declare: (n) => `order${n} = {"id": ${n}}\ndef price${n}(k): return k + order${n}["id"]`,
    },
    ...(deno && {
      deno: {
        argv: [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'],
        declare: declareTs,
      },
    }),
  };
}

/** @param {number} n */
function declareTs(n) {
  return `const order${n} = { id: ${n} };\nfunction price${n}(k: number) { return k + order${n}.id; }`;
}

/** @param {Candidate} candidate */
export function start({ argv }) {
  return BenchKernel.start(argv, join(ROOT, 'notebooks'));
}

/**
 * Milliseconds of each cell, one kernel after the other in each round.
 * @param {Record<string, BenchKernel>} kernels @param {number} rounds
 * @param {(name: string, n: number) => string} code
 */
export async function timeInTurn(kernels, rounds, code) {
  /** @type {Record<string, number[]>} */
  const times = mapEach(kernels, () => []);
  for (const kernel of Object.values(kernels)) await kernel.heard();
  for (let n = 0; n < rounds; n++) {
    for (const [name, kernel] of Object.entries(kernels)) {
      times[name]?.push(await kernel.time(code(name, n)));
    }
  }
  return times;
}

/** @template T, U @param {Record<string, T>} record @param {(value: T, name: string) => U} map @returns {Record<string, U>} */
export function mapEach(record, map) {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value, name)]),
  );
}

/**
 * What ours takes as a share of what the others do, and all of it.
 * @param {string} what @param {Record<string, number>} raw @param {{ unit: string, bound: string }} how
 * @returns {import('./throughput.mjs').Row}
 */
export function besideOthers(what, raw, { unit, bound }) {
  const { ours = Number.NaN, ...others } = raw;
  const ratios = Object.entries(others).map(([name, n]) => `${(ours / n).toFixed(2)} of ${name}`);
  const digits = unit === 's' ? 2 : unit === 'ms' ? 1 : 0;
  const plain = Object.entries(raw).map(([name, value]) => `${name} ${value.toFixed(digits)}`);
  return { what, figure: `${ratios.join(', ')} (${unit}: ${plain.join(', ')})`, bound, raw };
}

/** The median of each one's numbers. @param {Record<string, number[]>} times */
export const medians = (times) => mapEach(times, median);
