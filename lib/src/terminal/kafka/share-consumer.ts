import { LabError } from '../../errors.js';
import { watch } from '../../lab/watch.js';
import { describeGroups } from '../../requests/groups.js';
import { hasShareGroups } from '../../requests/share-groups.js';
import {
  type EachSharedMessagePayload,
  type ShareConsumer,
  setGroupConfigs,
  shareConsumer,
} from '../../share-groups/index.js';
import { unlessAborted } from '../../waiting.js';
import type { ConsumeOptions, Watcher } from './consumer.js';
import { claimName } from './member-name.js';
import type { Session } from './session.js';
import { requireTopic } from './topics.js';

/** One record at a time, so that nothing is acquired that is not shown. */
const ONE = { maxRecords: 1, acquireMode: 'record-limit' } as const;

/**
 * Reads a topic as a member of a share group until the session ends or `count` is reached, and leaves it. A record is accepted when
 * it has been written and most likely read, and released where it has not.
 * @returns how many records it read
 * @throws LabError, ShareGroupError or kafkajs's error if the topic is missing or Kafka refuses
 */
export async function consumeShared(
  session: Session,
  options: ConsumeOptions,
  watcher: Watcher,
): Promise<number> {
  const { group } = options;
  await requireShareGroups(session);
  await requireTopic(session.admin, options.topic);
  const [known] = await describeGroups(session.brokers, [group]);
  const present = new Set((known?.members ?? []).map(({ member }) => member));
  const claim = options.name === undefined ? claimName(group, present) : undefined;
  const kafka = session.client(claim?.name ?? (options.name as string));
  try {
    // As with consumer groups here, a new one begins at the beginning.
    if (!known) await setGroupConfigs(kafka, group, { 'share.auto.offset.reset': 'earliest' });
    await watcher.joining(claim?.name ?? (options.name as string));
    const consumer = shareConsumer(kafka, { groupId: group, ...ONE });
    if (options.recorder) watch(consumer, options.recorder);
    return await consumeAs(consumer, session, { options, watcher });
  } finally {
    claim?.release();
  }
}

async function requireShareGroups({ brokers }: Session): Promise<void> {
  if (await hasShareGroups(brokers)) return;
  throw new LabError('BROKER_REFUSED', {
    what: 'This Kafka has no share groups.',
    why: 'They came with Kafka 4.2.',
    fix: 'To share partitions in the place of records, use --group instead of --share.',
  });
}

async function consumeAs(
  consumer: ShareConsumer,
  session: Session,
  { options, watcher }: { options: ConsumeOptions; watcher: Watcher },
): Promise<number> {
  const enough = new AbortController();
  const done = AbortSignal.any([session.ended, enough.signal]);
  const showing = new Showing(watcher, options.count, done, () => enough.abort());
  consumer.on('assigned', ({ assignment }) => showing.assign(assignment[options.topic] ?? []));
  const crashed = new Promise<never>((_, reject) =>
    consumer.on('crashed', ({ error }) => reject(error)),
  );
  crashed.catch(() => undefined);
  const run = async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [options.topic] });
    await consumer.run({ autoAcknowledge: false, eachMessage: (one) => showing.show(one) });
  };
  try {
    await unlessAborted(Promise.all([run(), crashed]), done, () => {});
    await showing.settle();
  } finally {
    await consumer.disconnect();
  }
  return showing.records;
}

/** Shows records, and accepts them once somebody has read them. */
class Showing {
  records = 0;
  #unread: EachSharedMessagePayload['acknowledge'][] = [];
  #settling: Promise<void> | undefined;
  /** One line after the other, also where an assignment comes between records. */
  #reported: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly watcher: Watcher,
    private readonly count: number | undefined,
    private readonly done: AbortSignal,
    private readonly enough: () => void,
  ) {}

  assign(partitions: number[]): void {
    if (partitions.length === 0) return; // comes with each start, before there are some
    this.#reported = this.#reported.then(() => this.watcher.assigned(partitions));
  }

  async show({ topic, partition, message, deliveryCount, acknowledge }: EachSharedMessagePayload) {
    if (this.done.aborted) return;
    await this.#reported;
    const { key, value } = message;
    const record = { topic, partition, offset: Number(message.offset), key, value, deliveryCount };
    if (!(await this.watcher.record(record))) return;
    this.records++;
    this.#unread.push(acknowledge);
    if (this.records === this.count) this.enough();
    else void this.settle();
  }

  /** Accepts what has been written and read; what has not, is released when the consumer stops. Never throws. */
  async settle(): Promise<void> {
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    await this.#settling;
  }

  async #settleAll(): Promise<void> {
    while (this.#unread.length > 0) {
      const unread = this.#unread.splice(0);
      if (!(await this.watcher.hasBeenRead())) return;
      await Promise.allSettled(unread.map((acknowledge) => acknowledge('accept')));
    }
  }
}
