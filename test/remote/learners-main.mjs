// node learners-main.mjs FILE PREFIX…: one learner a prefix, a thread each, who does what the file says. They come in one after the other and begin together
// at a line of the input, when all others have come, too. Prints 'here'; then what each learner saw as a line of JSON;
// then the memory that all of them took. Lets them go when the input ends.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

const [name = '', ...prefixes] = process.argv.slice(2);
const file = new URL(name);
const teacher = createInterface({ input: process.stdin });
const ended = once(teacher, 'close');
const before = process.memoryUsage.rss();
/** @type {{ prefix: string, worker: Worker }[]} */
const learners = [];
for (const prefix of prefixes) {
  const own = { KAFKA_LAB_PREFIX: prefix, KAFKA_SASL_USERNAME: prefix };
  // The progress of each is in a folder of their own.
  const env = {
    ...process.env,
    ...own,
    KAFKA_LAB_STATE: `${process.env['KAFKA_LAB_STATE']}/${prefix}`,
  };
  const worker = new Worker(file, { env });
  await once(worker, 'message'); // rejects if the learner fails
  learners.push({ prefix, worker });
}
console.log('"here"');
await once(teacher, 'line');
const finished = learners.map(async ({ prefix, worker }) => {
  worker.postMessage('begin');
  const [saw] = await once(worker, 'message');
  console.log(JSON.stringify({ prefix, ...saw }));
});
await Promise.all(finished);
console.log(JSON.stringify({ bytes: process.memoryUsage.rss() - before }));
await ended;
const gone = learners.map(({ worker }) => once(worker, 'exit'));
for (const { worker } of learners) worker.postMessage('leave');
await Promise.all(gone);
