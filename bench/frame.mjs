import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Ledger } = require('../lib/dist/ledger/index.js');
const { assignment } = require('../lib/dist/charts/assignment/assignment.js');
const { waiting } = require('../lib/dist/charts/backlog.js');
const { lag } = require('../lib/dist/charts/lag/lag.js');
const { log } = require('../lib/dist/charts/log/log.js');
const { drawSvg } = require('../lib/dist/charts/drawing/svg.js');

const RECORDS = 100_000;
const FRAMES = 7;
const [topic, group] = ['t', 'g'];

/**
 * Milliseconds from the facts to the SVG of one frame, of the slowest of four charts that notebooks show live.
 * @returns {Promise<import('./throughput.mjs').Row>}
 */
export async function frame() {
  const ledger = history();
  /** @type {Record<string, () => import('../lib/dist/charts/drawing/chart.js').Chart>} */
  const drawn = {
    assignment: () => assignment(ledger, { group }),
    log: () => log(ledger, { topic, group }),
    lag: () => lag(ledger, { topic, groups: [group] }),
    waiting: () => waiting(ledger, { topic, group }),
  };
  /** @type {Record<string, number>} */
  const medians = {};
  for (const [name, chart] of Object.entries(drawn)) medians[name] = await medianFrame(chart);
  const [slowest, ms] = Object.entries(medians).sort(([, a], [, b]) => b - a)[0] ?? ['none', NaN];
  return {
    what: `frame of ${RECORDS.toLocaleString('en')} records, slowest chart`,
    figure: `${ms.toFixed(0)} ms (${slowest})`,
    bound: 'at most 500 ms',
    raw: medians,
  };
}

/** The first frame loads Vega and is not counted. @param {() => import('../lib/dist/charts/drawing/chart.js').Chart} chart */
async function medianFrame(chart) {
  const times = [];
  for (let i = 0; i <= FRAMES; i++) {
    const began = performance.now();
    await drawSvg(chart().spec);
    if (i > 0) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[FRAMES >> 1] ?? NaN;
}

/** Three partitions, read by two members a second behind the producer. */
function history() {
  const ledger = new Ledger();
  const start = 1_700_000_000_000;
  ledger.record({ kind: 'joined', time: start, group, member: 'a', assignment: { t: [0, 2] } });
  ledger.record({ kind: 'joined', time: start, group, member: 'b', assignment: { t: [1] } });
  for (let n = 0; n < RECORDS; n++) {
    const place = { topic, partition: n % 3, offset: Math.floor(n / 3), key: `k${n % 50}` };
    const time = start + n;
    ledger.record({ kind: 'produced', time, group: '', member: 'shop', ...place });
    const by = { group, member: n % 3 === 1 ? 'b' : 'a' };
    ledger.record({ kind: 'delivered', time: time + 1000, ...by, ...place });
    ledger.record({ kind: 'processed', time: time + 1001, ...by, ...place });
  }
  return ledger;
}
