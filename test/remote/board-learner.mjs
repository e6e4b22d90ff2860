// A learner of a class who shares how far they are, in a thread of its own: opens 05, and passes its checks, one after another, as
// fast as the class does. Says when the last one passed and how long the longest cell took, in ms.
import { once } from 'node:events';
import * as threads from 'node:worker_threads';
import kafkaLab from 'kafka-lab';
import lessons from 'kafka-lab/dist/lessons/contents.js';

const { check, compare, openLab, predict } = kafkaLab;
const teacher = /** @type {threads.MessagePort} */ (threads.parentPort);

console.log = () => {}; // what cells show is not for the class
const lab = await openLab('05-scaling');
const place = { topic: 'orders', partition: 0, offset: 0, key: null };
lab.ledger.record({ kind: 'produced', time: 1, group: '', member: 'shop', ...place });
teacher.postMessage('here');
await once(teacher, 'message');
const number = Number(/\d+$/.exec(process.env['KAFKA_LAB_PREFIX'] ?? '')?.[0]);
compare(predict.number(number % 5), 6, { of: 'boxes before the piano' });
let longest = 0;
const lesson = lessons.lessonContents().find(({ name }) => name === '05-scaling');
for (const claim of lesson?.checks ?? []) {
  const began = performance.now();
  check(claim, { observed: 1, expected: 1 });
  longest = Math.max(longest, performance.now() - began);
}
teacher.postMessage({ passed: Date.now(), longest });
await once(teacher, 'message');
await lab.close();
