// npm run bench:class: what the kernels of a class take that all run notebook 05 at once and leave it open, on one Kafka.
// Memory and processor seconds hardly depend on what else the machine does; the time that passes does. On Linux alone.
// npm run bench:class -- --learners 3,6 --semi-space 2: so many, and so many megabytes for V8's young objects.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { candidates, start } from './candidates.mjs';
import { codeOf, NOTEBOOK, REST_MS } from './memory.mjs';
import { megabytes, processes, processorSeconds, sum } from './processes.mjs';

const require = createRequire(import.meta.url);
const { brokerStatus, leaseBroker } = require('../lib/dist/broker/index.js');

const IDLE_S = 20;
/** The class for which figures are computed. */
const CLASS = 30;
/** What says how busy the machine was: no line can be drawn through it. */
const OF_THE_MACHINE = ['passed, s', 'cells that failed'];

/** @typedef {import('./kernels.mjs').BenchKernel} BenchKernel @typedef {Record<string, number>} Figures */

const { values } = parseArgs({
  options: {
    learners: { type: 'string', default: '3,6,10' },
    'semi-space': { type: 'string' },
  },
});

/** @type {{ learners: number, figures: Figures }[]} */
const measured = [];
for (const learners of values.learners.split(',').map(Number)) {
  const figures = await onOwnKafka((broker) => measure(learners, broker));
  measured.push({ learners, figures });
  console.table(table());
}

/** On a new Kafka each time, so that nothing is left of the learners before. @template T @param {(pid: number) => Promise<T>} body */
async function onOwnKafka(body) {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-class-'));
  process.env['KAFKA_LAB_STATE'] = folder;
  try {
    const lease = await leaseBroker({ holder: 'bench', linger: 0 });
    return await body(await brokerProcess()).finally(() => lease.release());
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function brokerProcess() {
  const status = await brokerStatus();
  if (!status.running || !('pid' in status)) throw new Error('Kafka does not run.');
  return status.pid;
}

/** @param {number} learners @param {number} broker its process @returns {Promise<Figures>} */
async function measure(learners, broker) {
  const before = processorSeconds(broker);
  /** @type {BenchKernel[]} */
  const kernels = [];
  try {
    while (kernels.length < learners) kernels.push(await start(candidate()));
    const began = performance.now();
    const failed = (await Promise.all(kernels.map(runNotebook))).flat();
    for (const { message } of failed) console.log(message.slice(-400));
    const seconds = (performance.now() - began) / 1000;
    const pids = kernels.flatMap(({ process }) => processes(process?.pid ?? 0));
    const [run, brokerRun] = [used(pids), processorSeconds(broker) - before];
    const justAfter = sum(pids.map(megabytes));
    await setTimeout(REST_MS);
    const [rest, brokerRest] = [used(pids), processorSeconds(broker)];
    await setTimeout(IDLE_S * 1000);
    return {
      'kernels just after, MiB': justAfter,
      'kernels at rest, MiB': sum(pids.map(megabytes)),
      'Kafka, MiB': megabytes(broker),
      'kernels, processor s': run,
      'Kafka, processor s': brokerRun,
      'kernels idle, % of a core': ((used(pids) - rest) / IDLE_S) * 100,
      'Kafka idle, % of a core': ((processorSeconds(broker) - brokerRest) / IDLE_S) * 100,
      'passed, s': seconds,
      'cells that failed': failed.length,
    };
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.close()));
  }
}

/** The lab's kernel, as it is started or with another limit. */
function candidate() {
  const { ours } = candidates(undefined);
  if (!ours) throw new Error('There is no kernel of the lab.');
  const flag = '--max-semi-space-size=';
  const given = values['semi-space'];
  if (!given) return ours;
  return { ...ours, argv: ours.argv.map((arg) => (arg.startsWith(flag) ? flag + given : arg)) };
}

/**
 * The cells that failed: on a machine that is too busy some checks of what was quicker than what do, and the rest goes on.
 * @param {BenchKernel} kernel
 */
async function runNotebook(kernel) {
  await kernel.heard();
  /** @type {Error[]} */
  const failed = [];
  for (const code of codeOf(NOTEBOOK)) {
    await kernel.time(code).catch((error) => failed.push(error));
  }
  return failed;
}

/** @param {number[]} pids */
function used(pids) {
  return sum(pids.map(processorSeconds));
}

/** By the line of least squares through what was measured. @param {number} learners @returns {Figures} */
function computed(learners) {
  const xs = measured.map((each) => each.learners);
  const middle = sum(xs) / xs.length;
  const spread = sum(xs.map((x) => (x - middle) ** 2));
  const names = Object.keys(measured[0]?.figures ?? {});
  return Object.fromEntries(
    names
      .filter((name) => !OF_THE_MACHINE.includes(name))
      .map((name) => {
        const ys = measured.map(({ figures }) => figures[name] ?? Number.NaN);
        const slope = sum(xs.map((x, i) => (x - middle) * (ys[i] ?? 0))) / spread;
        return [name, sum(ys) / ys.length + slope * (learners - middle)];
      }),
  );
}

/** A row for each figure; what is computed beside what was measured, where there are two measured ones at least. */
function table() {
  const columns = measured.map(({ learners, figures }) => ({ name: `${learners}`, figures }));
  if (measured.length > 1) columns.push({ name: `${CLASS}, computed`, figures: computed(CLASS) });
  const names = Object.keys(measured[0]?.figures ?? {});
  const row = (/** @type {string} */ figure) =>
    columns.flatMap(({ name, figures: { [figure]: n } }) =>
      n === undefined ? [] : [[name, Math.round(n)]],
    );
  return Object.fromEntries(names.map((figure) => [figure, Object.fromEntries(row(figure))]));
}
