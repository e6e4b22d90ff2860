import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { root } from '../../../lib/src/paths.ts';
import { shareGroupOffsets } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

/** The longest that Kafka allows. */
const LOCK_MS = 60_000;
const shares = new Shares();
beforeEach(() => void shares.deliveries.splice(0));

const LIBRARY = join(root, 'lib', 'dist', 'share-groups', 'index.js');

/** Works a while on each of ten records, and says which ones Kafka has taken its word for; with the next one it stands. */
const SCRIPT = `
const { Kafka, logLevel } = require('kafkajs');
const { shareConsumer } = require(${JSON.stringify(LIBRARY)});
const [brokers, topic, groupId] = process.argv.slice(1);
const kafka = new Kafka({ clientId: 'child', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = shareConsumer(kafka, { groupId, maxRecords: 5, acquireMode: 'record-limit' });
consumer.on('assigned', () => console.log('assigned'));
consumer.on('acknowledged', ({ message }) => console.log(message.offset));
let handled = 0;
const eachMessage = async () => {
  if (handled++ < 10) return new Promise((done) => setTimeout(done, 20));
  console.log('stands');
  return new Promise(() => {});
};
consumer.connect()
  .then(() => consumer.subscribe({ topics: [topic] }))
  .then(() => consumer.run({ eachMessage }));
`;

/** A member in a process of its own, and what it says. */
function child(topic: string, group: string): { process: ChildProcess; said: string[] } {
  const args = ['-e', SCRIPT, shares.brokers.join(','), topic, group];
  const process_ = spawn(process.execPath, args, {
    ...{ cwd: join(root, 'lib'), stdio: ['ignore', 'pipe', 'inherit'] },
  });
  onTestFinished(() => void process_.kill('SIGKILL'));
  const said: string[] = [];
  createInterface({ input: process_.stdout! }).on('line', (line) => said.push(line));
  return { process: process_, said };
}

test('two members of four are killed: nothing is lost, nothing that was accepted comes again', {
  timeout: 120_000,
}, async () => {
  const COUNT = 300;
  const { topic, group } = await shares.jobs([], {
    configs: { 'share.record.lock.duration.ms': `${LOCK_MS}` },
  });
  const children = [child(topic, group), child(topic, group)];
  const accepted = new Set<number>();
  const members = await shares.members(
    ['a', 'b'],
    { topic, group, maxRecords: 5, acquireMode: 'record-limit' },
    () => sleep(20),
  );
  for (const member of members)
    member.on('acknowledged', ({ message }) => accepted.add(Number(message.offset)));
  const all = (says: string) => children.every(({ said }) => said.includes(says));
  await shares.until(() => all('assigned'), 'both children to have their partitions');
  await shares.produce(
    topic,
    Array.from({ length: COUNT }, (_, n) => `${n}`),
  );
  await shares.until(() => all('stands'), 'both children to stand with a record');
  const killed = performance.now();
  for (const one of children) one.process.kill('SIGKILL');
  await Promise.all(children.map((one) => new Promise((gone) => one.process.once('close', gone))));
  const byChildren = new Set(children.flatMap(({ said }) => said.map(Number)));
  const isDone = async () => (await shareGroupOffsets(shares.brokers, group))[0]?.lag === 0;
  await shares.until(isDone, 'all to be done');
  expect(performance.now() - killed).toBeLessThan(LOCK_MS); // so it is the connection that ends, not the lock
  expect(shares.deliveries.filter(({ offset }) => byChildren.has(offset))).toEqual([]);
  const inDoubt = COUNT - new Set([...accepted, ...byChildren]).size;
  expect(inDoubt).toBeLessThanOrEqual(10); // accepted by a child that could not say so any more
  const again = shares.deliveries.filter(({ deliveryCount }) => deliveryCount > 1);
  expect(again.length).toBeGreaterThan(0);
});
