import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { root } from '../../../lib/src/paths.ts';
import { shareGroupOffsets } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

const shares = new Shares();
beforeEach(() => void shares.deliveries.splice(0));

const LIBRARY = join(root, 'lib', 'dist', 'share-groups', 'index.js');

/** Works a while on each record, and says which ones Kafka has taken its word for. */
const SCRIPT = `
const { Kafka, logLevel } = require('kafkajs');
const { shareConsumer } = require(${JSON.stringify(LIBRARY)});
const [brokers, topic, groupId] = process.argv.slice(1);
const kafka = new Kafka({ clientId: 'child', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = shareConsumer(kafka, { groupId, maxRecords: 5, acquireMode: 'record-limit' });
consumer.on('acknowledged', ({ message }) => console.log(message.offset));
consumer.connect()
  .then(() => consumer.subscribe({ topics: [topic] }))
  .then(() => consumer.run({ eachMessage: () => new Promise((done) => setTimeout(done, 20)) }));
`;

/** A member in a process of its own, and the offsets that it has accepted. */
function child(topic: string, group: string): { process: ChildProcess; accepted: number[] } {
  const args = ['-e', SCRIPT, shares.brokers.join(','), topic, group];
  const process_ = spawn(process.execPath, args, {
    ...{ cwd: join(root, 'lib'), stdio: ['ignore', 'pipe', 'inherit'] },
  });
  onTestFinished(() => void process_.kill('SIGKILL'));
  const accepted: number[] = [];
  createInterface({ input: process_.stdout! }).on('line', (line) => accepted.push(Number(line)));
  return { process: process_, accepted };
}

test('two members of four are killed: nothing is lost, nothing that was accepted comes again', {
  timeout: 60_000,
}, async () => {
  const COUNT = 300;
  const { topic, group } = await shares.jobs([]);
  const children = [child(topic, group), child(topic, group)];
  const accepted = new Set<number>();
  const members = await shares.members(
    ['a', 'b'],
    { topic, group, maxRecords: 5, acquireMode: 'record-limit' },
    () => sleep(20),
  );
  for (const member of members)
    member.on('acknowledged', ({ message }) => accepted.add(Number(message.offset)));
  await shares.produce(
    topic,
    Array.from({ length: COUNT }, (_, n) => `${n}`),
  );
  const enough = () => children.every((one) => one.accepted.length >= 10);
  await shares.until(enough, 'both children to have accepted ten', 30_000);
  const killed = performance.now();
  for (const one of children) one.process.kill('SIGKILL');
  await Promise.all(children.map((one) => new Promise((gone) => one.process.once('close', gone))));
  const byChildren = new Set(children.flatMap((one) => one.accepted));
  const isDone = async () => (await shareGroupOffsets(shares.brokers, group))[0]?.lag === 0;
  await shares.until(isDone, 'all to be done', 25_000);
  expect(performance.now() - killed).toBeLessThan(28_000); // a lock lasts 30 s: it is the connection that ends
  const later = shares.deliveries.filter(({ at }) => at > killed + 1000);
  expect(later.filter(({ offset }) => byChildren.has(offset))).toEqual([]);
  const inDoubt = COUNT - new Set([...accepted, ...byChildren]).size;
  expect(inDoubt).toBeLessThanOrEqual(10); // accepted by a child that could not say so any more
  const again = shares.deliveries.filter(({ deliveryCount }) => deliveryCount > 1);
  expect(again.length).toBeGreaterThan(0);
});
