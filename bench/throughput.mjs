import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const RECORDS = 100_000;
const PAIRS = 31;
const WARM = 3;
const SIDE = join(import.meta.dirname, 'throughput-side.mjs');
/** As setup/ writes it into the kernel's specification. */
const FLAGS = ['--max-semi-space-size=64'];

/** @typedef {import('../lib/dist/lab/index.js').Lab} Lab */
/** @typedef {import('./throughput-side.mjs').Took} Took */
/** @typedef {import('./throughput-side.mjs').Task} Task */
/** @typedef {{ what: string, figure: string, bound: string, raw: unknown }} Row */

/** Records acknowledged per second: watched / bare kafkajs. @param {Lab} lab @returns {Promise<Row>} */
export async function produce(lab) {
  const { name: topic } = await lab.topic('produced', { partitions: 3 });
  return compared('produce', { what: 'send', topic, records: RECORDS });
}

/**
 * Records handled per second by eachMessage: watched / bare kafkajs. By an empty handler, which nobody writes, and by one that
 * reads its order.
 * @param {Lab} lab
 * @returns {Promise<Row[]>}
 */
export async function eachMessage(lab) {
  const { name: topic } = await lab.topic('consumed', { partitions: 3 });
  const bare = new Side('bare');
  await bare.does({ what: 'send', topic, records: RECORDS });
  await bare.end();
  return [
    await compared('eachMessage, empty', { what: 'consume', topic, records: RECORDS }),
    await compared('eachMessage that reads', { what: 'read', topic, records: RECORDS }),
  ];
}

/** A process that is watched, or is not: in one process, code that was compiled for the one would serve the other worse. */
class Side {
  /** @param {'watched' | 'bare'} name */
  constructor(name) {
    this.process = fork(SIDE, [name], { execArgv: FLAGS });
    this.ready = this.said();
  }

  /** @param {Task} task @returns {Promise<Took>} */
  async does(task) {
    await this.ready;
    this.process.send(task);
    return this.said();
  }

  async end() {
    const exit = once(this.process, 'exit');
    this.process.disconnect();
    await exit;
  }

  /** @private */
  async said() {
    const over = new AbortController();
    const { signal } = over;
    const died = once(this.process, 'exit', { signal }).then(([code]) => {
      throw new Error(`A side of the bench ended with ${code}.`);
    });
    const [message] = await Promise.race([once(this.process, 'message', { signal }), died]);
    over.abort();
    died.catch(() => {});
    return message;
  }
}

/**
 * Both in turn, so that a machine that gets slower is slower for both; the first pairs warm up and are not counted. The time of
 * processors tells the same on a machine that has other things to do.
 * @param {string} what
 * @param {Task} task
 * @returns {Promise<Row>}
 */
async function compared(what, task) {
  const sides = { watched: new Side('watched'), bare: new Side('bare') };
  const pairs = [];
  for (let i = 0; i < WARM + PAIRS; i++) {
    const pair = { watched: NONE, bare: NONE };
    for (const name of i % 2 === 0 ? WATCHED_FIRST : BARE_FIRST)
      pair[name] = await sides[name].does(task);
    if (i >= WARM) pairs.push(pair);
  }
  await Promise.all([sides.watched.end(), sides.bare.end()]);
  const wall = sorted(pairs.map(({ watched, bare }) => bare.wall / watched.wall));
  const cpu = sorted(pairs.map(({ watched, bare }) => bare.cpu / watched.cpu));
  const more = sorted(pairs.map(({ watched, bare }) => (watched.cpu - bare.cpu) / RECORDS));
  const [quarter, threeQuarters] = [wall[PAIRS >> 2], wall[PAIRS - 1 - (PAIRS >> 2)]];
  return {
    what: `${what}, watched / bare kafkajs`,
    figure:
      `${middle(wall).toFixed(2)} (half: ${quarter?.toFixed(2)} to ${threeQuarters?.toFixed(2)}); ` +
      `of processor time ${middle(cpu).toFixed(2)}, ${(1000 * middle(more)).toFixed(1)} µs a record`,
    bound: 'at least 0.90',
    raw: pairs,
  };
}

const NONE = { wall: NaN, cpu: NaN };
/** @type {('watched' | 'bare')[]} */
const WATCHED_FIRST = ['watched', 'bare'];
/** @type {('watched' | 'bare')[]} */
const BARE_FIRST = ['bare', 'watched'];

/** @param {number[]} numbers */
const sorted = (numbers) => numbers.sort((a, b) => a - b);

/** @param {number[]} numbers in order */
const middle = (numbers) => numbers[numbers.length >> 1] ?? NaN;
