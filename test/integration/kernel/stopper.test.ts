import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/command.ts';

const built = (name: string) =>
  `require(${JSON.stringify(join(ROOT, 'kernel', 'dist', 'interrupt', name))})`;

/** The second thread: the first pings never arrive. */
const thread = (lost: number) => `
  const { parentPort, workerData: shared } = require('node:worker_threads');
  const { Stopper } = ${built('stopper.js')};
  let pings = 0;
  const stopper = new Stopper(shared, (serial) => {
    pings += 1;
    if (pings > ${lost}) parentPort.postMessage(serial);
  });
  parentPort.on('message', () => {}); // or the thread would end while it waits
  stopper.free().then(() => {
    require('node:fs').writeSync(1, String(pings));
    parentPort.close();
  });`;

/** The main thread, which does nothing but answer. */
const program = (lost: number) => `
  const { Worker } = require('node:worker_threads');
  const { PINGED, shared } = ${built('shield.js')};
  process.on('uncaughtException', () => {}); // by one, it is stopped: it may be while it answers, which is one more ping lost
  ${built('unwind.js')}.allowUnwinding();
  const worker = new Worker(${JSON.stringify(thread(lost))}, { eval: true, workerData: shared });
  worker.on('message', (serial) => Atomics.store(shared, PINGED, serial));`;

test.each([0, 1, 3])(
  'an interrupt that lost its first %i pings is over with the next',
  async (lost) => {
    const run = promisify(execFile)(process.execPath, ['-e', program(lost)], { timeout: 20_000 });
    const pings = await run.then(
      ({ stdout }) => stdout,
      ({ killed }) => (killed ? 'not over after 20 s' : 'ended with an error'),
    );
    expect(Number(pings), pings).toBeGreaterThan(lost);
  },
);
