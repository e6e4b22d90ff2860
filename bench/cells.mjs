import { besideOthers, candidates, mapEach, medians, start, timeInTurn } from './candidates.mjs';
import { median } from './support.mjs';

const STARTS = 5;
const ROUNDS = 150;
const WARM = 30;
const GROWTH = 300;
const WINDOW = 50;
const IMPORTING = 50;
const IMPORTS = "import { Kafka } from 'kafkajs';\nimport { charts } from 'kafka-lab';";
const BOUND = 'as quick as ipykernel: at most 1.1';

/** @typedef {import('./throughput.mjs').Row} Row @typedef {import('./candidates.mjs').Candidate} Candidate */
/** @typedef {import('./kernels.mjs').BenchKernel} BenchKernel */

/**
 * The time of starts and of cells, side by side and in turn, in one run. On a busy machine read the ratios of one run
 * only, and run it again.
 * @param {string} [deno] its program
 * @returns {Promise<Row[]>}
 */
export async function cells(deno) {
  const all = candidates(deno);
  const starts = await timeStarts(all);
  const kernels = Object.fromEntries(
    await Promise.all(Object.keys(all).map(async (name) => [name, await start(of(all, name))])),
  );
  try {
    // Not the same cell twice: tslab does not compile that again.
    const each = await timeInTurn(kernels, ROUNDS, (_, n) => `${n} + 1`);
    const warm = mapEach(each, (times) => median(times.slice(WARM)));
    const growing = await timeInTurn(kernels, GROWTH, (name, n) => of(all, name).declare(n));
    return [
      ...starts,
      besideOthers('kernel: a cell, `n + 1`', warm, { unit: 'ms', bound: BOUND }),
      ...growth(growing),
      await importing(kernels),
    ];
  } finally {
    await Promise.all(Object.values(kernels).map((kernel) => kernel.close()));
  }
}

/** @param {Record<string, Candidate>} all @param {string} name */
function of(all, name) {
  const candidate = all[name];
  if (!candidate) throw new Error(`There is no kernel ${name}.`);
  return candidate;
}

/** Of kernels that ran before on this machine, once: Python keeps compiled code. @param {Record<string, Candidate>} all */
async function timeStarts(all) {
  for (const candidate of Object.values(all)) await (await start(candidate)).close();
  /** @type {Record<string, number[]>} */
  const answer = mapEach(all, () => []);
  /** @type {Record<string, number[]>} */
  const first = mapEach(all, () => []);
  for (let n = 0; n < STARTS; n++) {
    for (const [name, candidate] of Object.entries(all)) {
      const began = performance.now();
      const kernel = await start(candidate);
      answer[name]?.push((performance.now() - began) / 1000);
      await kernel.reply('execute_request', { code: '1 + 1' });
      first[name]?.push((performance.now() - began) / 1000);
      await kernel.close();
    }
  }
  const how = { unit: 's', bound: BOUND };
  return [
    besideOthers('kernel: start until it answers', medians(answer), how),
    besideOthers('kernel: start and a first cell', medians(first), how),
  ];
}

/** Cells where a client and the lab were imported, of the kernels that can. @param {Record<string, BenchKernel>} kernels */
async function importing({ ours, tslab }) {
  const able = { ...(ours && { ours }), ...(tslab && { tslab }) };
  for (const kernel of Object.values(able)) await kernel.time(IMPORTS);
  const times = await timeInTurn(
    able,
    IMPORTING,
    (_, n) => `new Kafka({ brokers: ['b${n}'] }) && charts;`,
  );
  return besideOthers('kernel: a cell where kafkajs and kafka-lab are imported', medians(times), {
    unit: 'ms',
    bound: 'at most 0.5 of tslab',
  });
}

/** @param {Record<string, number[]>} times @returns {Row[]} */
function growth(times) {
  const first = mapEach(times, (all) => median(all.slice(0, WINDOW)));
  const last = mapEach(times, (all) => median(all.slice(-WINDOW)));
  const grown = Object.entries(last).map(([name, ms]) => [name, ms / (first[name] ?? Number.NaN)]);
  const how = { unit: 'ms', bound: BOUND };
  return [
    besideOthers(`kernel: cells that declare, the first ${WINDOW} of ${GROWTH}`, first, how),
    besideOthers(`kernel: cells that declare, the last ${WINDOW} of ${GROWTH}`, last, how),
    {
      what: `kernel: the last ${WINDOW} cells that declare, beside the first`,
      figure: grown.map(([name, times]) => `${name} ${Number(times).toFixed(2)} times`).join(', '),
      bound: 'flat: at most 1.2',
      raw: Object.fromEntries(grown),
    },
  ];
}
