import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Lab, openLab } from '../../../lib/src/lab/index.ts';
import {
  type RecordEvent,
  setGroupConfigs,
  shareConsumer,
} from '../../../lib/src/share-groups/index.ts';
import { until } from '../../support/broker.ts';
import { describeTopic, endOffsets, shareGroupOffsets } from '../../support/kafka-tools.ts';
import { ownState, recordingHost } from '../../support/lab.ts';

ownState();
const host = recordingHost();
const LIMIT = 240_000;
const PARTITIONS = 3;
let lab: Lab;
beforeAll(async () => {
  lab = await openLab('shares', { brokers: 3 });
}, LIMIT);
afterAll(async () => {
  await lab.close();
  expect(host.failures).toEqual([]);
}, LIMIT);

const kafka = (clientId: string) =>
  new Kafka({ clientId, ...lab.connection, logLevel: logLevel.NOTHING });
const RETRY = { retries: 60, initialRetryTime: 100, maxRetryTime: 300 };
const placeOf = ({ partition, message }: RecordEvent) => `${partition}:${message.offset}`;

/** What happened to records, by their places in the log. */
class Fates {
  readonly delivered = new Set<string>();
  /** Kafka has taken the word of who accepted it. */
  readonly accepted = new Set<string>();
  /** Delivered after that. */
  readonly again: string[] = [];

  /** Members that work until the test has finished. */
  async work(names: string[], topic: string, groupId: string): Promise<void> {
    for (const name of names) {
      const options = { groupId, maxRecords: 20, acquireMode: 'record-limit' } as const;
      const consumer = shareConsumer(kafka(name), options);
      onTestFinished(() => consumer.disconnect());
      consumer.on('delivered', (record) => this.#deliver(placeOf(record)));
      consumer.on('acknowledged', (record) => this.accepted.add(placeOf(record)));
      await consumer.connect();
      await consumer.subscribe({ topics: [topic] });
      await consumer.run({ eachMessage: () => sleep(5) });
    }
  }

  #deliver(place: string): void {
    this.delivered.add(place);
    if (this.accepted.has(place)) this.again.push(place);
  }
}

/** Produces until the signal is aborted, and says how many records Kafka has acknowledged. */
async function load(producer: Producer, topic: string, end: AbortSignal): Promise<number> {
  let sent = 0;
  while (!end.aborted) {
    // One partition a request: of several, kafkajs leaves out those that a broker comes to lead which has answered for others.
    const sending = Array.from({ length: PARTITIONS }, (_, partition) => {
      const messages = Array.from({ length: 7 }, () => ({ value: 'job', partition }));
      return producer.send({ topic, messages });
    });
    sent += (await Promise.all(sending)).length * 7;
    await sleep(20);
  }
  return sent;
}

const leaderOf = async (topic: string) =>
  (await describeTopic(lab.connection.brokers, topic))[0]?.leader as number;

/** The places of all records that are in the log. */
async function placesIn(topic: string): Promise<string[]> {
  const ends = Object.entries(await endOffsets(lab.connection.brokers, topic));
  return ends.flatMap(([partition, end]) =>
    Array.from({ length: end }, (_, offset) => `${partition}:${offset}`),
  );
}

test('under load the leader is killed, then who coordinates, then who keeps what was acknowledged: nothing is lost, nothing accepted comes again', {
  timeout: LIMIT,
}, async ({ annotate }) => {
  const config = { 'min.insync.replicas': '2' };
  const jobs = await lab.topic('jobs', { partitions: PARTITIONS, replicas: 3, config });
  const group = lab.group('workers');
  await setGroupConfigs(kafka('admin'), group, { 'share.auto.offset.reset': 'earliest' });
  const fates = new Fates();
  await fates.work(['a', 'b', 'c', 'd'], jobs.name, group);
  const producer = kafka('shop').producer({ retry: RETRY });
  await producer.connect();
  const end = new AbortController();
  const loading = load(producer, jobs.name, end.signal);
  const goesOn = async () => {
    const enough = fates.accepted.size + 300;
    await until(() => fates.accepted.size > enough, 'work to go on', 60_000);
  };
  await goesOn();
  for (const topic of [jobs.name, '__consumer_offsets', '__share_group_state']) {
    const victim = lab.broker(await leaderOf(topic));
    await victim.kill();
    await goesOn();
    await victim.start();
    await lab.untilInSync(jobs, 3);
  }
  end.abort();
  const sent = await loading;
  await producer.disconnect();

  const all = await placesIn(jobs.name);
  const isDone = () => all.every((place) => fates.delivered.has(place));
  await until(isDone, 'every record to be delivered', 60_000);
  const rows = () => shareGroupOffsets(lab.connection.brokers, group);
  const lag = async () => (await rows()).reduce((sum, row) => sum + row.lag, 0);
  await until(async () => (await lag()) === 0, 'Kafka to say that nothing is left', 60_000);
  expect(fates.again).toEqual([]);
  expect(all.length).toBeGreaterThanOrEqual(sent);
  expect(sent).toBeGreaterThan(1000);
  await annotate(
    `${all.length} records, ${all.length - fates.accepted.size} accepted without an answer`,
  );
});
