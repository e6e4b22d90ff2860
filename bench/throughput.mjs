import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { KERNEL_FLAGS } from '../setup/steps/jupyter.mjs';
import { median } from './support.mjs';

/** Few, so that a turn is short: a machine shared with others gets a third quicker or slower within seconds. */
const RECORDS = 30_000;
const PROCESSES = 8;
const PAIRS = 15;
const WARM = 8;
const SIDE = join(import.meta.dirname, 'throughput-side.mjs');

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
 * Records handled per second by eachMessage, from the join to the last: watched / bare kafkajs. By an empty handler, which
 * nobody writes, and by one that reads its order.
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
    await compared('eachMessage that reads', { what: 'read', topic, records: RECORDS }, RECORDED),
  ];
}

/** @typedef {{ name: 'watched' | 'recorded', bound: string }} Other */
/** @type {Other} */
const WATCHED = { name: 'watched', bound: 'at least 0.90' };
/** To a file, outside of the lab: that is told, since no handler of a program of one's own is as quick. @type {Other} */
const RECORDED = { name: 'recorded', bound: 'told only' };

/** A process that is watched, or is not: in one process, code that was compiled for the one would serve the other worse. */
class Side {
  /** @param {Other['name'] | 'bare'} name */
  constructor(name) {
    this.process = fork(SIDE, [name], { execArgv: KERNEL_FLAGS });
    this.process.once('exit', (code) => {
      if (code !== 0) this.process.emit('error', new Error(`The ${name} side ended with ${code}.`));
    });
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
    const [message] = await once(this.process, 'message'); // an 'error' ends that, too
    return message;
  }
}

/**
 * Both in turn, so that a machine that gets slower is slower for both; the first pairs warm up and are not counted. In several
 * processes: one is quicker than the next by up to a tenth. The time of processors tells the same on a machine that has other
 * things to do.
 * @param {string} what
 * @param {Task} task
 * @param {Other} other what is beside bare kafkajs
 * @returns {Promise<Row>}
 */
async function compared(what, task, other = WATCHED) {
  const processes = [];
  for (let n = 0; n < PROCESSES; n++) processes.push(await sideBySide(task, other.name));
  const pairs = processes.flat();
  const each = processes.map((of) => median(of.map(ratio('wall'))));
  const more = median(pairs.map(({ watched, bare }) => (watched.cpu - bare.cpu) / RECORDS));
  return {
    what: `${what}, ${other.name} / bare kafkajs`,
    figure:
      `${median(pairs.map(ratio('wall'))).toFixed(2)} ` +
      `(processes: ${Math.min(...each).toFixed(2)} to ${Math.max(...each).toFixed(2)}); of processor time ` +
      `${median(pairs.map(ratio('cpu'))).toFixed(2)}, ${(1000 * more).toFixed(1)} µs a record`,
    bound: other.bound,
    raw: pairs,
  };
}

/** @typedef {{ watched: Took, bare: Took }} Pair */

/** How quick the watched side was beside the bare one. @param {keyof Took} time */
const ratio =
  (time) =>
  (/** @type {Pair} */ { watched, bare }) =>
    bare[time] / watched[time];

/** @param {Task} task @param {Other['name']} name @returns {Promise<Pair[]>} */
async function sideBySide(task, name) {
  const sides = { watched: new Side(name), bare: new Side('bare') };
  const pairs = [];
  for (let i = 0; i < WARM + PAIRS; i++) {
    const pair = { watched: NONE, bare: NONE };
    if (i % 2 === 0) pair.watched = await sides.watched.does(task);
    pair.bare = await sides.bare.does(task);
    if (i % 2 === 1) pair.watched = await sides.watched.does(task);
    if (i >= WARM) pairs.push(pair);
  }
  await Promise.all([sides.watched.end(), sides.bare.end()]);
  return pairs;
}

const NONE = { wall: NaN, cpu: NaN };
