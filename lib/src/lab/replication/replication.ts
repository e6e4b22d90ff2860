import type { Kafka } from 'kafkajs';
import { type Ledger, type Loss, now, type ReplicaFact, replicaSpans } from '../../ledger/index.js';
import { list } from '../../words.js';
import type { Topic } from '../resources/topics.js';
import { until, type WaitOptions } from '../waiting/wait.js';
import { type Broker, brokerOf, type Owner } from './brokers.js';
import { lostRecords } from './lost-records.js';
import { Replicas } from './replicas.js';

/** Who leads a partition now, which brokers have a copy, and which of them are in sync. */
export interface Replication
  extends Pick<ReplicaFact, 'partition' | 'leader' | 'replicas' | 'inSync'> {
  /** Those in sync that do not lead. */
  followers: number[];
}

/** A topic has one partition at least. */
export type Replications = [Replication, ...Replication[]];

interface Parts extends Pick<Owner, 'lease' | 'notebook'> {
  ledger: Ledger;
  kafka: Kafka;
  /** With short time limits, and without retries. */
  impatient: Kafka;
}

/** The copies of topics on the brokers of a cluster, and what a notebook does to these. */
export class Copies {
  private readonly replicas: Replicas;

  constructor(private readonly parts: Parts) {
    this.replicas = new Replicas(parts.impatient, parts.ledger);
  }

  /** From now on the ledger has who leads the partitions of a topic, and who is in sync. */
  follow(topic: Topic): void {
    this.replicas.follow(topic.name);
  }

  broker(id: number): Broker {
    const { ledger, lease, notebook } = this.parts;
    const record: Owner['record'] = (fact) => ledger.record(fact);
    return brokerOf({ lease, notebook, begins: () => this.replicas.hurry(), record }, id);
  }

  /** A broker's process has ended though nobody asked for that: the ledger has it as killed. */
  ended(broker: number | undefined): void {
    if (broker === undefined) return;
    this.replicas.hurry();
    this.parts.ledger.record({ kind: 'broker', time: now(), broker, event: 'killed' });
  }

  /** What the brokers answered last of each partition, in order. */
  async of(topic: Topic, options?: WaitOptions): Promise<Replications> {
    this.follow(topic);
    await this.until(topic, `the brokers to tell who leads ${topic.name}`, () => true, options);
    return this.newest(topic).map(({ partition, leader, replicas, inSync }) => {
      const followers = inSync.filter((id) => id !== leader);
      return { partition, leader, followers, replicas, inSync };
    }) as Replications;
  }

  /** Waits until each partition has a leader that is alive. */
  async untilLed(topic: Topic, options?: WaitOptions): Promise<void> {
    this.follow(topic);
    const what = `each partition of ${topic.name} to have a leader that is alive`;
    const isLed = ({ partition }: ReplicaFact) =>
      this.states(topic).some((span) => span.partition === partition && span.state === 'leads');
    await this.until(topic, what, isLed, options);
  }

  /** Waits until so many brokers are in sync with each partition, and alive. */
  async untilInSync(topic: Topic, brokers: number, options?: WaitOptions): Promise<void> {
    this.follow(topic);
    const what = `${brokers} brokers to be in sync with each partition of ${topic.name}`;
    const isSo = ({ partition, inSync }: ReplicaFact) => {
      const alive = this.states(topic).filter(
        (span) => span.partition === partition && ['leads', 'in sync'].includes(span.state),
      );
      return inSync.length === brokers && alive.length === brokers;
    };
    await this.until(topic, what, isSo, options);
  }

  lost(topic: Topic): Promise<Loss[]> {
    const { kafka, ledger } = this.parts;
    return lostRecords(kafka, ledger, topic.name);
  }

  async close(): Promise<void> {
    await this.replicas.end();
  }

  private async until(
    topic: Topic,
    what: string,
    isSo: (newest: ReplicaFact) => boolean,
    options?: WaitOptions,
  ): Promise<void> {
    this.replicas.hurry();
    const isDone = () => {
      const newest = this.newest(topic);
      return newest.length >= topic.partitions && newest.every(isSo);
    };
    const progress = () => this.newest(topic).map(told).join('; ') || 'no answer';
    await until(this.parts.ledger, { what, isDone, progress }, options);
  }

  private newest(topic: Topic): ReplicaFact[] {
    const facts = this.parts.ledger.replicas(topic.name);
    const newest = new Map(facts.map((fact) => [fact.partition, fact]));
    return [...newest.values()].sort((a, b) => a.partition - b.partition);
  }

  private states(topic: Topic) {
    return replicaSpans(this.parts.ledger, topic.name).filter(({ to }) => to === undefined);
  }
}

function told({ partition, leader, inSync }: ReplicaFact): string {
  const leads = leader < 0 ? 'nobody leads' : `broker ${leader} leads`;
  return `${leads} partition ${partition}, in sync are ${list(inSync)}`;
}
