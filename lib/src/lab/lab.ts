import type { Channel } from 'amqplib';
import { Kafka } from 'kafkajs';
import type { Connection } from '../broker/index.js';
import { ClassBoard } from '../class-board/class-board.js';
import { Experiment, type Ledger } from '../ledger/index.js';
import { type Shown, saveRun } from '../runs/index.js';
import { ShareConsumer } from '../share-groups/index.js';
import { type About, about } from './about.js';
import { classKafka } from './class-kafka.js';
import { logForCells, logToFile } from './client-log.js';
import type { Parts } from './parts.js';
import { type PlatformaticConnection, platformaticConnection } from './platformatic/connection.js';
import type { PlatformaticConsumer, PlatformaticProducer } from './platformatic/shapes.js';
import { saveRecorded } from './recorded.js';
import type { Queue } from './resources/queues.js';
import { type Stream, type StreamOptions, steadily } from './resources/stream.js';
import type { Topic, TopicOptions } from './resources/topics.js';
import { UnreliableNetwork } from './resources/unreliable-network.js';
import type { ProgramOptions } from './service/program-options.js';
import type { Service } from './service/service.js';
import type { ServiceOptions } from './service/service-options.js';
import { type QuickConsumer, quick } from './settings.js';
import {
  type BenchmarkOptions,
  benchmark,
  type Setting,
  type SettingRate,
} from './waiting/benchmark.js';
import { type CompactionOptions, compaction } from './waiting/compaction.js';
import { onInterrupt } from './waiting/interrupt.js';
import { type Measured, type Measurement, measure } from './waiting/measure.js';
import { retentionRound } from './waiting/retention.js';
import type { WaitOptions } from './waiting/wait.js';
import { expireOffsets } from './watch/expire-offsets.js';
import { watchAdmin } from './watch/watch-admin.js';
import { WithBrokers } from './with-brokers.js';

/** What to spread into `new Kafka({ clientId, ...lab.connection })`. */
export interface LabConnection extends Connection {
  logCreator: typeof logForCells;
}

/** One notebook's handle on the lab. Made by `openLab`. */
export class Lab extends WithBrokers {
  /** Where Kafka is, for `new Kafka({ clientId: 'a', ...lab.connection })`. */
  readonly connection: LabConnection;
  /** The same for `new Consumer({ clientId: 'a', groupId, ...lab.platformatic })` of @platformatic/kafka. */
  readonly platformatic: PlatformaticConnection;
  /** Consumer settings that make a lesson quick, for `kafka.consumer({ groupId, ...lab.quick })`. */
  readonly quick: QuickConsumer = quick;
  /** The name of this run: topics and groups end with it. */
  readonly run: string;
  private closing: Promise<void> | undefined;
  private board: Promise<ClassBoard> | undefined;
  private readonly freshGroups = new Map<string, number>();

  constructor(parts: Parts) {
    super(parts);
    const { connection } = parts.lease;
    this.connection = { ...connection, logCreator: logForCells };
    this.platformatic = platformaticConnection(connection);
    this.run = `${parts.run.notebook}.${parts.run.id}`;
  }

  /** What is running: versions, address, names. */
  about(): About {
    return about(this.parts.lease, this.run);
  }

  /** Creates a topic that belongs to this run. When its cell is run again, it gets a fresh one. */
  async topic(name: string, options?: TopicOptions): Promise<Topic> {
    this.open.require();
    const topic = await this.parts.topics.create(name, options);
    if ('act' in this.parts.lease) this.parts.copies.follow(topic);
    return topic;
  }

  /**
   * Creates a queue that belongs to this run, for contrast: on the AMQP broker that AMQP_URL names, else on one that is
   * started for this notebook (a second or two, once). When its cell is run again, it gets a fresh one.
   * @throws LabError BAD_INPUT, QUEUE_UNREACHABLE, NOT_SET_UP, QUEUE_FAILED, TIMED_OUT, INTERRUPTED
   */
  async queue(name: string): Promise<Queue> {
    this.open.require();
    return this.parts.queues.create(name);
  }

  /**
   * Runs an experiment, and meanwhile asks the brokers how much a queue and a topic hold. Pass what it returns to
   * `charts.depth`, and its `done` to `live`.
   */
  measure(what: Measured, experiment: () => Promise<unknown>): Measurement {
    this.open.require();
    return measure(this.connection, what, experiment);
  }

  /**
   * Times how producers are set: runs each setting in turn, on a topic of its own, in several rounds, so that a machine that is busy
   * is so for all of them. Pass what it returns to `charts.rates`.
   * @throws LabError TIMED_OUT after 60 s, INTERRUPTED, or what a setting throws
   */
  async benchmark<Name extends string>(
    settings: Record<Name, Setting>,
    options: BenchmarkOptions = {},
  ): Promise<Record<Name, SettingRate>> {
    this.open.require();
    const { ledger, logs } = this;
    const create = (name: string, partitions = 1) => this.topic(name, { partitions });
    return benchmark({ ledger, logs, create }, settings, options);
  }

  /**
   * The ledger from here on: the records that are produced from now on, and what becomes of them. For a cell whose figures
   * and charts are to be about its own run, even when it is run again.
   */
  experiment(): Ledger {
    return new Experiment(this.ledger);
  }

  /**
   * Saves what happened so far to a file, readable by its owner only: `openRun(file)` is a ledger for every chart and analysis, where
   * there is no Kafka, too. With `of` it is that of an experiment. Values, keys, client ids and the learner's prefix have
   * stand-ins, but for those that are asked for: `{ keys: true, clientIds: true }`.
   * @throws LabError BAD_INPUT if another file than a run is there, SYSTEM_REFUSED
   */
  saveRun(file: string, { of = this.ledger, ...shown }: Shown & { of?: Ledger } = {}): void {
    saveRun(of, file, shown, { prefix: this.parts.lease.prefix });
  }

  /**
   * The id of a consumer group that belongs to this run, such as `shipping.05-scaling.k3f`. With `fresh` it is one that has
   * never read anything, also when its cell is run again.
   */
  group(name: string, { fresh = false }: { fresh?: boolean } = {}): string {
    const again = fresh ? (this.freshGroups.get(name) ?? 0) + 1 : 1;
    this.freshGroups.set(name, again);
    return this.parts.run.scoped(again === 1 ? name : `${name}-${again}`);
  }

  /**
   * A transactional id that belongs to this run, such as `payments.05-scaling.k3f`: the first transaction of a producer with it
   * aborts what the one that had it before has left open. For `kafka.producer({ transactionalId, idempotent: true,
   * maxInFlightRequests: 1 })`.
   */
  transactionalId(name: string): string {
    return this.parts.run.scoped(name);
  }

  /**
   * Records in the ledger what a genuine client does: the producers, consumers and admin clients of kafkajs's Kafka object, or a
   * consumer or producer of @platformatic/kafka, a share consumer, or a channel of amqplib, whose consumers are told apart by their
   * `consumerTag`. Returns the same object.
   */
  watch<C extends Kafka | ShareConsumer | PlatformaticConsumer | PlatformaticProducer | Channel>(
    client: C,
  ): C {
    this.open.require();
    const { channels, clients, platformatic, shares, topics } = this.parts;
    if (client instanceof ShareConsumer) return shares.watch(client);
    if ('prefetch' in client) {
      channels.watch(client);
      return client;
    }
    if ('groupId' in client) {
      platformatic.watch(client);
      return client;
    }
    if ('beginTransaction' in client) {
      platformatic.watchProducer(client);
      return client;
    }
    watchAdmin(clients.watch(client), {
      ledger: this.ledger,
      onGrown: (topic, partitions) => topics.grow(topic, partitions),
    });
    return client;
  }

  /**
   * Says that handlers of a group are going to throw errors whose message contains a text, as part of an experiment: the ledger has
   * them, and kafkajs does with them what it does, but they fail no cell. All others do.
   */
  expectError(group: string, text: string): void {
    this.open.require();
    this.parts.clients.expectedErrors.add(group, text);
  }

  /**
   * Starts a service: a process of its own that consumes orders, one at a time, and can really crash. Resolves when it has
   * joined its group. One that runs under the same name is stopped first. With `standsAt` it stops at the order at which it is to
   * be killed: `await service.standing()`, then `await service.crash()`. With `to` it writes an invoice for each order to another
   * topic, with `transactionalId` in a transaction with its bookmark.
   * @throws LabError CONSUMER_CRASHED, TIMED_OUT after 20 s, INTERRUPTED, or BAD_INPUT
   */
  async service(name: string, options: ServiceOptions): Promise<Service> {
    this.open.require();
    return this.parts.services.start(name, options);
  }

  /**
   * Starts a program of your own: the cell that begins with `/** @module NAME *\/`, as a process that can really crash. Its function
   * `start` is called with `{ connection, ...given }`. Resolves when it has joined its group. One that runs under the same name is
   * stopped first.
   * @throws LabError CONSUMER_CRASHED, TIMED_OUT after 20 s, INTERRUPTED, or BAD_INPUT
   */
  async program(name: string, options: ProgramOptions): Promise<Service> {
    this.open.require();
    return this.parts.services.startProgram(name, options);
  }

  /**
   * A network on which a broker's answer can get lost, for `new Kafka({ clientId, ...lab.connection, socketFactory })`: after
   * `network.loseNextAnswer('Produce')` the broker gets the next such request whole, and the client an error in place of the answer.
   */
  unreliableNetwork(): UnreliableNetwork {
    this.open.require();
    return new UnreliableNetwork();
  }

  /** Calls `step(0)`, `step(1)`, … at a steady rate while the cells go on. Ends with the lab, or with an interrupt of its cell. */
  steadily(options: StreamOptions, step: (n: number) => unknown): Stream {
    this.open.require();
    const stream = steadily(options, step);
    this.streams.add(stream);
    void stream.done.then(onInterrupt(() => stream.stop()));
    return stream;
  }

  /**
   * Waits until all streams have ended and the broker has then applied retention to its logs once. The ledger is told where they
   * begin now.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilRetention(options: WaitOptions = {}): Promise<void> {
    this.open.require();
    await this.streamsDone(options);
    await retentionRound(this.connection, this.parts.topics, options);
    await Promise.all(this.ledger.topics.map((topic) => this.logs.ask(topic)));
  }

  /**
   * Waits until compaction has removed the records of a topic that are obsolete now: each that was produced here before another of
   * its key, and with `tombstones` those without a value, too. Somebody has to go on writing: the segment that is written to is
   * never compacted, and only a later record closes it.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilCompacted(topic: Topic, options: CompactionOptions = {}): Promise<void> {
    this.open.require();
    const { ledger, logs } = this;
    await compaction({ ledger, logs }, topic, options);
  }

  /**
   * Lets the bookmarks of a group without members expire now, not after `offsets.retention.minutes`: commits them anew, to be
   * kept for a millisecond, and waits until the broker has deleted them. A Kafka that is yours, by address, looks only every ten
   * minutes: there the group is deleted, which leaves the same.
   * @throws LabError BAD_INPUT if it has members, TIMED_OUT after 20 s, or INTERRUPTED
   */
  async expireOffsets(group: string, topic: Topic, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    const { origin } = this.parts.lease;
    const of = { group, topic: topic.name, ledger: this.ledger, origin };
    await expireOffsets(this.connection, of, options);
  }

  /**
   * Who of a class is how far: of those who share it, with KAFKA_LAB_CLASS=on, as far as whoever asks may read their topics. For
   * `charts.classBoard(board)`, and `live` with `until: board.watch({ minutes: 90 })`.
   * @throws kafkajs's error if the brokers do not answer
   */
  async classBoard(): Promise<ClassBoard> {
    this.open.require();
    const config = classKafka(this.parts.lease) ?? this.parts.lease.connection;
    await (await this.board?.catch(() => undefined))?.close();
    this.board = ClassBoard.open(new Kafka({ clientId: 'lab', ...config, logCreator: logToFile }));
    return this.board;
  }

  /**
   * Stops streams and services, disconnects all clients, and releases the broker. What happened can still be looked at; what
   * needs the broker fails with LAB_CLOSED from then on. A second call does nothing.
   */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    await Promise.all([...this.streams].map((stream) => stream.stop()));
    try {
      saveRecorded(this.parts);
    } finally {
      await this.endAll();
    }
  }

  private async endAll(): Promise<void> {
    const { open, onClose, ...parts } = this.parts;
    const { services, clients, copies, platformatic, shares, groups, queues } = parts;
    const all = [services, clients, copies, platformatic, shares, groups, queues];
    await Promise.all(all.map((each) => each.close()));
    await (await this.board?.catch(() => undefined))?.close();
    open.end();
    await onClose();
  }
}
