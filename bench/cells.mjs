import { join, resolve } from 'node:path';
import { KERNEL, KERNEL_OPTIONS } from '../setup/steps/jupyter.mjs';
import { BenchKernel } from './kernels.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const STARTS = 5;
const ROUNDS = 150;
const WARM = 30;
const GROWTH = 300;
const WINDOW = 50;
const BOUND = 'as quick as ipykernel: at most 1.1';

/** @typedef {{ argv: string[], declare: (n: number) => string }} Candidate */

/** @type {Record<'ours' | 'tslab' | 'ipykernel', Candidate>} */
const CANDIDATES = {
  ours: {
    argv: [...KERNEL, '{connection_file}', ...KERNEL_OPTIONS],
    declare: declareTs,
  },
  tslab: {
    argv: [
      ...[process.execPath, join(ROOT, 'node_modules', 'tslab', 'bin', 'tslab')],
      ...['kernel', '--config-path={connection_file}'],
    ],
    declare: declareTs,
  },
  ipykernel: {
    argv: [
      ...[join(ROOT, '.lab', 'venv', 'bin', 'python'), '-m', 'ipykernel_launcher'],
      ...['-f', '{connection_file}'],
    ],
    declare: (n) => `order${n} = {"id": ${n}}\ndef price${n}(k): return k + order${n}["id"]`,
  },
};
const NAMES = /** @type {('ours' | 'tslab' | 'ipykernel')[]} */ (Object.keys(CANDIDATES));

/** @param {number} n */
function declareTs(n) {
  return `const order${n} = { id: ${n} };\nfunction price${n}(k: number) { return k + order${n}.id; }`;
}

/**
 * Our kernel beside Python's, which has no types to check and which it has to keep up with, and tslab's own. In turn, in
 * one run. On a busy machine read the ratios of one run only, and run it again.
 * @returns {Promise<import('./throughput.mjs').Row[]>}
 */
export async function cells() {
  const starts = await timeStarts();
  const kernels = await Promise.all(NAMES.map((name) => start(name)));
  try {
    // Not the same cell twice: tslab does not compile that again.
    const each = await timeInTurn(kernels, ROUNDS, (_, n) => `${n} + 1`);
    const growing = await timeInTurn(kernels, GROWTH, (name, n) => CANDIDATES[name].declare(n));
    return [
      row('kernel: start until it answers', 's', starts.answer, BOUND),
      row('kernel: start and a first cell', 's', starts.first, BOUND),
      row(
        'kernel: a cell, `n + 1`',
        'ms',
        mapEach(each, (times) => median(times.slice(WARM))),
        BOUND,
      ),
      growth(growing),
    ];
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.close()));
  }
}

/** @param {keyof typeof CANDIDATES} name */
function start(name) {
  return BenchKernel.start(CANDIDATES[name].argv, join(ROOT, 'notebooks'));
}

/** Seconds, medians; of kernels that ran before on this machine, once: Python keeps compiled code. */
async function timeStarts() {
  const earlier = await start('ours');
  await earlier.reply('execute_request', { code: '1 + 1' });
  await earlier.end();
  await earlier.close();
  const answer = table();
  const first = table();
  for (let n = 0; n < STARTS; n++) {
    for (const name of NAMES) {
      const began = performance.now();
      const kernel = await start(name);
      answer[name].push((performance.now() - began) / 1000);
      await kernel.reply('execute_request', { code: '1 + 1' });
      first[name].push((performance.now() - began) / 1000);
      await kernel.close();
    }
  }
  return { answer: mapEach(answer, median), first: mapEach(first, median) };
}

/**
 * Milliseconds of each cell, one kernel after the other in each round.
 * @param {BenchKernel[]} kernels @param {number} rounds
 * @param {(name: keyof typeof CANDIDATES, n: number) => string} code
 */
async function timeInTurn(kernels, rounds, code) {
  const times = table();
  for (const kernel of kernels) await kernel.heard();
  for (let n = 0; n < rounds; n++) {
    for (const [index, name] of NAMES.entries()) {
      times[name].push((await kernels[index]?.time(code(name, n))) ?? Number.NaN);
    }
  }
  return times;
}

/** @param {Record<string, number[]>} times */
function growth(times) {
  const raw = mapEach(times, (all) => [median(all.slice(0, WINDOW)), median(all.slice(-WINDOW))]);
  const text = Object.entries(raw).map(
    ([name, [first = 0, last = 0]]) => `${name} ${first.toFixed(1)} → ${last.toFixed(1)}`,
  );
  const [first = 0, last = 0] = raw['ours'] ?? [];
  const figure = `${(last / first).toFixed(2)} times (ms: ${text.join(', ')})`;
  return {
    what: `kernel: the last ${WINDOW} of ${GROWTH} cells that declare, beside the first`,
    figure,
    bound: 'flat: at most 1.2',
    raw,
  };
}

/** @param {string} what @param {string} unit @param {Record<string, number>} raw @param {string} bound */
function row(what, unit, raw, bound) {
  const { ours = 0, tslab = 0, ipykernel = 0 } = raw;
  const ratios = `${(ours / tslab).toFixed(2)} of tslab, ${(ours / ipykernel).toFixed(2)} of ipykernel`;
  const digits = unit === 's' ? 2 : 1;
  const plain = Object.entries(raw).map(([name, value]) => `${name} ${value.toFixed(digits)}`);
  return { what, figure: `${ratios} (${unit}: ${plain.join(', ')})`, bound, raw };
}

/** @returns {Record<keyof typeof CANDIDATES, number[]>} */
function table() {
  return { ours: [], tslab: [], ipykernel: [] };
}

/** @template T, U @param {Record<string, T>} record @param {(value: T) => U} map @returns {Record<string, U>} */
function mapEach(record, map) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
