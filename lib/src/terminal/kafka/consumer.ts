import { setImmediate as breathe } from 'node:timers/promises';
import type { Consumer, ConsumerCrashEvent, EachBatchPayload } from 'kafkajs';
import { LabError } from '../../errors.js';
import { isUnknownTopic } from '../../lab/kafkajs/kafka-error.js';
import { quick } from '../../lab/settings.js';
import { watch as watchClient } from '../../lab/watch.js';
import type { Recorder } from '../../ledger/index.js';
import type { GroupMember } from '../../requests/group-requests.js';
import { describeGroups } from '../../requests/groups.js';
import { disconnectWithin, unlessAborted } from '../../waiting.js';
import { isConnectionError } from './errors.js';
import { claimName } from './member-name.js';
import type { LogRecord } from './record.js';
import type { Session } from './session.js';
import { requireTopic } from './topics.js';

export interface ConsumeOptions {
  topic: string;
  group: string;
  /** The client id; chosen if it is not given. */
  name: string | undefined;
  /** Stops after so many records. */
  count: number | undefined;
  /** Told what the consumer does. */
  recorder?: Recorder;
}

/** Notified of what happens, in order. */
export interface Watcher {
  joining(member: string): Promise<unknown>;
  assigned(partitions: number[]): Promise<unknown>;
  /** @returns whether it was written */
  record(record: LogRecord): Promise<boolean>;
  /** @returns whether somebody has read what was written so far */
  hasBeenRead(): Promise<boolean>;
}

/** Signals are handled between records, not within: often enough, even where writing a line is slow. */
const BREATH = 50;
/** What was written is resolved after so many records, and at the end of a batch. */
const RESOLVE = 1000;

/**
 * Reads a topic as a member of a group until the session ends or `count` is reached, and leaves the group.
 * @returns how many records it read
 * @throws LabError or kafkajs's error if the topic is missing or the consumer crashed
 */
export async function consume(
  session: Session,
  options: ConsumeOptions,
  watcher: Watcher,
): Promise<number> {
  await requireTopic(session.admin, options.topic);
  const members = (await describeGroups(session.brokers, [options.group]))[0]?.members ?? [];
  requireSameTopic(options, members);
  const present = new Set(members.map(({ member }) => member));
  const claim = options.name === undefined ? claimName(options.group, present) : undefined;
  try {
    return await consumeAs(claim?.name ?? (options.name as string), session, options, watcher);
  } finally {
    claim?.release();
  }
}

/** kafkajs hands out the topics of whichever member leads the group: those of the others would be read by nobody. */
function requireSameTopic({ topic, group }: ConsumeOptions, members: GroupMember[]): void {
  const read = new Set(members.flatMap(({ assignment }) => Object.keys(assignment)));
  if (read.size === 0 || read.has(topic)) return;
  throw new LabError('BAD_INPUT', {
    what: `Group ${group} is reading ${[...read].join(', ')} now.`,
    why: 'The members of a group have to read the same topics.',
    fix: 'Choose another --group, or stop its members first.',
  });
}

async function consumeAs(
  name: string,
  session: Session,
  options: ConsumeOptions,
  watcher: Watcher,
): Promise<number> {
  await watcher.joining(name);
  const kafka = session.client(name);
  if (options.recorder) watchClient(kafka, options.recorder);
  const consumer = kafka.consumer({ groupId: options.group, ...quick });
  const enough = new AbortController();
  const done = AbortSignal.any([session.ended, enough.signal]);
  const reading = new Reading(watcher, options, done, () => enough.abort());
  const crashed = watch(consumer, (assignment) => reading.assign(assignment[options.topic] ?? []));
  const run = async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
    await consumer.run({ eachBatchAutoResolve: false, eachBatch: (batch) => reading.read(batch) });
  };
  const running = run();
  try {
    await unlessAborted(Promise.all([running, crashed]), done, () => {});
  } finally {
    // kafkajs cannot stop a consumer that is just joining.
    await disconnectWithin({
      disconnect: () => running.catch(() => undefined).then(() => consumer.disconnect()),
    });
  }
  return reading.records;
}

class Reading {
  records = 0;
  #owned: string | undefined;
  /** One line after the other, also where an assignment comes between records. */
  #reported: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly watcher: Watcher,
    private readonly options: ConsumeOptions,
    private readonly done: AbortSignal,
    private readonly enough: () => void,
  ) {}

  /** Reports an assignment, unless it is the one before. */
  assign(partitions: number[]): void {
    const sorted = [...partitions].sort((a, b) => a - b);
    if (this.#owned === sorted.join()) return;
    this.#owned = sorted.join();
    this.#reported = this.#reported.then(() => this.watcher.assigned(sorted));
  }

  /** What was not written, or perhaps not read, stays unresolved, so that it is not committed. */
  async read(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const { topic, partition } = batch;
    let written: string | undefined;
    const resolve = async () => {
      if (written !== undefined && (await this.watcher.hasBeenRead())) resolveOffset(written);
      written = undefined;
    };
    for (const { offset, key, value } of batch.messages) {
      if (this.done.aborted || !isRunning() || isStale()) break;
      await this.#reported;
      const record = { topic, partition, offset: Number(offset), key, value };
      if (!(await this.watcher.record(record))) return;
      written = offset;
      this.records++;
      if (this.records === this.options.count) this.enough();
      if (this.records % BREATH === 0) await breathe();
      if (this.records % RESOLVE === 0) await resolve();
      await heartbeat();
    }
    await resolve();
  }
}

type Assignment = Record<string, number[]>;

/** Rejects when the consumer has given up. */
function watch(consumer: Consumer, onAssigned: (assignment: Assignment) => void): Promise<never> {
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    onAssigned(payload.memberAssignment as Assignment),
  );
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }: ConsumerCrashEvent) => {
      // Some things kafkajs mends by starting again; for a Kafka or topic that has gone it would look without end.
      if (!restart || isConnectionError(error) || isUnknownTopic(error)) reject(error);
    });
  });
  crashed.catch(() => undefined);
  return crashed;
}
