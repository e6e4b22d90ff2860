import { Script } from 'node:vm';
import { parentPort } from 'node:worker_threads';

/*
 * Handles SIGINT while the main thread computes: Node tells its listeners when that is over. Node has a way to break off
 * code on SIGINT, but starting that for each cell takes longer than most cells do. So this thread waits in such code.
 */
const wait = new Script('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');

for (;;) {
  try {
    wait.runInThisContext({ breakOnSigint: true });
  } catch {
    parentPort?.postMessage('SIGINT');
  }
}
