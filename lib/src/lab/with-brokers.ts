import type { OwnBroker } from '../broker/index.js';
import { describeGroup, type GroupRow } from '../broker/tools/describe-group.js';
import { describeProducers, type ProducerRow } from '../broker/tools/describe-producers.js';
import { describeShareGroup, type ShareGroupRow } from '../broker/tools/describe-share-group.js';
import { describeTopic, type PartitionRow } from '../broker/tools/describe-topic.js';
import { LabError } from '../errors.js';
import type { Loss } from '../ledger/index.js';
import type { LogSize } from '../requests/log-size.js';
import type { Parts } from './parts.js';
import type { Broker } from './replication/brokers.js';
import type { Replications } from './replication/replication.js';
import { type Segment, Segments } from './resources/segments.js';
import type { Topic } from './resources/topics.js';
import { type WaitOptions, within } from './waiting/wait.js';
import { Waits } from './waiting/waits.js';

/** What a cell can ask brokers and Kafka's own tools, and do to brokers. */
export abstract class WithBrokers extends Waits {
  private readonly seenSegments = new Segments((topic) => this.ownBroker().logFiles(topic));

  constructor(protected readonly parts: Parts) {
    const { ledger, topics, open, logs, groups } = parts;
    super(ledger, (topic) => topics.partitionsOf(topic), open, logs, groups);
  }

  /**
   * What the log of a topic holds, as its brokers have it: records, the batches in which they came, and bytes with all headers.
   * @throws LabError TIMED_OUT after 20 s, INTERRUPTED
   */
  async logSize(topic: Topic, options: WaitOptions = {}): Promise<LogSize> {
    this.open.require();
    return within(
      this.logs.size(topic.name),
      { what: `the log of ${topic.name} to be read` },
      options,
    );
  }

  /**
   * What Kafka's own tool, `kafka-consumer-groups --describe`, says of a group: a row for each partition that it has committed
   * or owns, none where Kafka knows no such group. It takes a second.
   * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT after 30 s, INTERRUPTED
   */
  async describeGroup(group: string): Promise<GroupRow[]> {
    this.open.require();
    return describeGroup(this.parts.lease.connection, group);
  }

  /** The same of a share group, by `kafka-share-groups --describe`. */
  async describeShareGroup(group: string): Promise<ShareGroupRow[]> {
    this.open.require();
    return describeShareGroup(this.parts.lease.connection, group);
  }

  /**
   * What Kafka's own tool, `kafka-topics --describe`, says of a topic: who leads each partition, who has a copy, who is in sync,
   * and who could lead though it is not. It takes a second.
   * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT after 30 s, INTERRUPTED
   */
  async describeTopic(topic: Topic): Promise<PartitionRow[]> {
    this.open.require();
    return describeTopic(this.parts.lease.connection, topic.name);
  }

  /**
   * What Kafka's own tool, `kafka-transactions describe-producers`, says of a partition: its transactional and idempotent
   * producers, and where the open transaction of each begins. It takes a second.
   * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT after 30 s, INTERRUPTED
   */
  async describeProducers(topic: Topic, partition = 0): Promise<ProducerRow[]> {
    this.open.require();
    return describeProducers(this.parts.lease.connection, { topic: topic.name, partition });
  }

  /**
   * One broker of the notebook's own cluster, to be killed, stopped, started, paused or resumed; they are numbered from 1.
   * It can be of use only where the lab was opened with `{ brokers: 3 }`.
   */
  broker(id: number): Broker {
    this.open.require();
    return this.parts.copies.broker(id);
  }

  /**
   * Who leads each partition of a topic now, which brokers have a copy, and which of them are in sync: as the brokers themselves
   * answer. From then on the ledger has every change, for `charts.replicas`; with `{ brokers: 3 }` it has all from the start.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async replicas(topic: Topic, options: WaitOptions = {}): Promise<Replications> {
    this.open.require();
    return this.parts.copies.of(topic, options);
  }

  /**
   * Waits until each partition of a topic has a leader that is neither killed nor paused: after the death of one, another has to
   * be elected.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilLed(topic: Topic, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    await this.parts.copies.untilLed(topic, options);
  }

  /**
   * Waits until so many brokers are in sync with each partition of a topic, no more and no less, and alive.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async untilInSync(topic: Topic, brokers: number, options: WaitOptions = {}): Promise<void> {
    this.open.require();
    await this.parts.copies.untilInSync(topic, brokers, options);
  }

  /**
   * The records of a topic that were acknowledged to a watched producer and are lost: read back from the leader of each partition,
   * its log ends before them or has another record there. Writes one record to each partition, to see all that is before it.
   * @throws LabError TIMED_OUT after 20 s, or INTERRUPTED
   */
  async lostRecords(topic: Topic): Promise<Loss[]> {
    this.open.require();
    return this.parts.copies.lost(topic);
  }

  /**
   * Stops the notebook's own broker and starts it again: the same data, the same address. Clients reconnect by themselves.
   * @throws LabError BAD_INPUT unless the lab was opened with `{ ownBroker: true }`, BROKER_FAILED
   */
  async restartBroker(): Promise<void> {
    await this.ownBroker().restart();
  }

  /**
   * The segments of a topic: the files of its log in the folder of the notebook's own broker, and those that an earlier call
   * found and that have been deleted since. Sizes in bytes.
   * @throws LabError BAD_INPUT unless the lab was opened with `{ ownBroker: true }`
   */
  segments(topic: Topic): Segment[] {
    return this.seenSegments.of(topic.name);
  }

  private ownBroker(): OwnBroker {
    this.open.require();
    const { lease, run } = this.parts;
    if ('restart' in lease) return lease;
    throw new LabError('BAD_INPUT', {
      what: 'This broker cannot be restarted from here, and its files cannot be read here.',
      why: 'Other notebooks use it, too.',
      fix: `Open the lab with a broker of its own: openLab('${run.notebook}', { ownBroker: true }).`,
    });
  }
}
