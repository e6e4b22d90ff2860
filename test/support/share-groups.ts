import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createTopic } from '../../lib/src/admin/create-topic.ts';
import { leaseBroker } from '../../lib/src/broker/index.ts';
import {
  type EachSharedMessagePayload,
  type HandlingOptions,
  type ShareConsumer,
  type ShareConsumerOptions,
  setGroupConfigs,
  shareConsumer,
} from '../../lib/src/share-groups/index.ts';
import { waitUntil } from './command.ts';
import { ownState } from './lab.ts';

/** What one member was handed. */
export interface Delivered {
  member: string;
  partition: number;
  offset: number;
  value: string;
  deliveryCount: number;
  /** In ms. */
  at: number;
}

interface MemberOptions extends Partial<ShareConsumerOptions> {
  group: string;
  topic: string;
  autoAcknowledge?: boolean;
}

type Handler = (payload: EachSharedMessagePayload, told: Delivered) => Promise<void>;

/** A broker for the share groups of one test file. */
export class Shares {
  readonly deliveries: Delivered[] = [];
  #lease: Awaited<ReturnType<typeof leaseBroker>> | undefined;
  #names = 0;

  constructor() {
    ownState();
    beforeAll(async () => {
      this.#lease = await leaseBroker({ holder: 'share groups', linger: 0 });
    });
    afterAll(() => this.#lease?.release());
  }

  get brokers(): string[] {
    return this.#lease?.connection.brokers ?? [];
  }

  kafka(clientId = 'test'): Kafka {
    return new Kafka({
      clientId,
      ...this.#lease?.connection,
      brokers: this.brokers,
      logLevel: logLevel.NOTHING,
    });
  }

  /** A topic with these values, in order, in its partitions by turns; and a group that reads it from its begin. */
  async jobs(values: string[], { partitions = 1, configs = {} } = {}) {
    const name = `jobs-${process.pid}-${++this.#names}`;
    await this.topic(name, partitions);
    const group = `${name}-workers`;
    await setGroupConfigs(this.kafka(), group, {
      'share.auto.offset.reset': 'earliest',
      ...configs,
    });
    if (values.length > 0) await this.produce(name, values, partitions);
    return { topic: name, group };
  }

  async topic(name: string, partitions = 1): Promise<void> {
    const topic = { topic: name, numPartitions: partitions };
    await createTopic((settings) => this.kafka().admin(settings), topic);
  }

  async produce(topic: string, values: string[], partitions = 1): Promise<void> {
    const producer = this.kafka().producer();
    await producer.connect();
    const messages = values.map((value, n) => ({ value, partition: n % partitions }));
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  /** A member that works until the test has finished. What it is handed is in `deliveries`. */
  async member(name: string, options: MemberOptions, handler?: Handler): Promise<ShareConsumer> {
    const { group, topic, autoAcknowledge, ...more } = options;
    const consumer = shareConsumer(this.kafka(name), { groupId: group, ...more });
    onTestFinished(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const eachMessage = async (payload: EachSharedMessagePayload) => {
      const told = delivered(name, payload);
      this.deliveries.push(told);
      await handler?.(payload, told);
    };
    const handling: HandlingOptions = { eachMessage };
    await consumer.run(autoAcknowledge === undefined ? handling : { ...handling, autoAcknowledge });
    return consumer;
  }

  /** Members by name, once all of them have their partitions. */
  async members(names: string[], options: MemberOptions, handler?: Handler) {
    const ready = new Set<string>();
    const joining = names.map(async (name) => {
      const consumer = await this.member(name, options, handler);
      consumer.on('assigned', () => ready.add(name));
      return consumer;
    });
    const consumers = await Promise.all(joining);
    await this.until(() => ready.size === names.length, 'all members to have their partitions');
    return consumers;
  }

  /** Some of what is waited for starts a JVM or two, on a machine with much to do. */
  async until(isSo: () => unknown, what: string, limit = 30_000): Promise<void> {
    await waitUntil(isSo, what, { limit, every: 10 });
  }
}

export function delivered(member: string, payload: EachSharedMessagePayload): Delivered {
  const { partition, message, deliveryCount } = payload;
  const offset = Number(message.offset);
  const value = String(message.value);
  return { member, partition, offset, value, deliveryCount, at: performance.now() };
}
