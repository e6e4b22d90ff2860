import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const { charts, live } = require('../lib/dist/charts/index.js');
const { Ledger } = require('../lib/dist/ledger/index.js');

const SECONDS = 10;
const A_SECOND = 50;

/**
 * The share of one core that a live chart takes while fifty records a second come, all its threads counted.
 * The same time without the chart is taken off.
 * @returns {Promise<import('./throughput.mjs').Row>}
 */
export async function liveChart() {
  await stream(async (ledger, done) => {
    await live(() => draw(ledger), { until: sleep(1000) }); // loads Vega
    await done;
  });
  const bare = await stream((_, done) => done);
  const drawn = await stream((ledger, done) => live(() => draw(ledger), { until: done }));
  const share = (drawn - bare) / SECONDS;
  return {
    what: `live chart for ${SECONDS} s, share of a core`,
    figure: `${(100 * share).toFixed(1)} %`,
    bound: 'at most 15 %',
    raw: { drawn, bare },
  };
}

/** @param {InstanceType<typeof Ledger>} ledger */
const draw = (ledger) => charts.assignment(ledger, { group: 'g' });

/**
 * @param {(ledger: InstanceType<typeof Ledger>, done: Promise<void>) => Promise<unknown>} body
 * @returns {Promise<number>} seconds of processor time that the process took
 */
async function stream(body) {
  const ledger = new Ledger();
  const began = process.cpuUsage();
  const now = () => performance.timeOrigin + performance.now();
  const member = { group: 'g', member: 'a' };
  ledger.record({ kind: 'joined', time: now(), ...member, assignment: { t: [0, 1, 2] } });
  const done = (async () => {
    for (let n = 0; n < SECONDS * A_SECOND; n++) {
      const place = { topic: 't', partition: n % 3, offset: Math.floor(n / 3), key: null };
      ledger.record({ kind: 'processed', time: now(), ...member, ...place });
      await sleep(1000 / A_SECOND);
    }
  })();
  await body(ledger, done);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}
