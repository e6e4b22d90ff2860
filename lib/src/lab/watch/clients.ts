import type { ConsumerConfig, Kafka, Producer } from 'kafkajs';
import type { Ledger } from '../../ledger/index.js';
import { disconnectWithin } from '../../waiting.js';
import type { Open } from '../closed.js';
import { stopWhenInterrupted } from '../waiting/interrupt.js';
import type { Logs } from '../waiting/logs.js';
import type { Ends } from '../waiting/transaction-facts.js';
import { recordCommitted } from './committed-offsets.js';
import { ExpectedErrors, logOnlyNews } from './handler-errors.js';
import { createResting } from './polls.js';
import { tellApart, type WatchedConsumer, watchConsumer } from './watch-consumer.js';
import { watchProducer } from './watch-producer.js';

/** The clients of one lab: watched, and disconnected when it ends or when their cell is run again. */
export class Clients {
  readonly expectedErrors = new ExpectedErrors();
  private readonly consumers = new Map<WatchedConsumer, Kafka>();
  private readonly producers = new Set<Producer>();
  private readonly watched = new WeakSet<Kafka>();

  constructor(
    private readonly ledger: Ledger,
    private readonly open: Open,
    private readonly asked: { logs: Logs; ends: Ends },
  ) {}

  /** Makes the genuine object tell the ledger what its producers and consumers do. */
  watch<K extends Kafka>(kafka: K): K {
    if (this.watched.has(kafka)) return kafka;
    this.watched.add(kafka);
    logOnlyNews(kafka);
    const createProducer = kafka.producer.bind(kafka);
    const createConsumer = kafka.consumer.bind(kafka);
    const createAdmin = kafka.admin.bind(kafka);
    kafka.admin = (config) => this.open.guard(createAdmin(config));
    kafka.producer = (config = {}) => {
      const producer = watchProducer(createProducer, config, this.ledger, this.asked.ends);
      this.producers.add(producer);
      return this.open.guard(producer);
    };
    kafka.consumer = (config) => {
      const create = (config: ConsumerConfig) => createResting(createConsumer, config);
      const watched = watchConsumer(create, config, this.ledger, this.expectedErrors);
      watched.onConnected = () => this.settle(watched, kafka);
      watched.onSilentCommit = () => void this.askCommitted(watched, createAdmin);
      this.consumers.set(watched, kafka);
      stopWhenInterrupted(watched.consumer, () => this.retire(watched));
      return this.open.guard(watched.consumer);
    };
    return kafka;
  }

  /** Consumers first, so that they leave their groups; then producers. Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers.keys()].map((watched) => this.retire(watched)));
    await Promise.all([...this.producers].map((producer) => disconnectWithin(producer)));
    this.producers.clear();
    await this.asked.logs.disconnect();
  }

  /** A client id that comes again belongs to a cell that was run again: its earlier consumers go. */
  private async settle(watched: WatchedConsumer, kafka: Kafka): Promise<void> {
    const sameName = [...this.consumers].filter(
      ([other]) => other !== watched && other.name === watched.name,
    );
    const earlier = sameName.filter(([, owner]) => owner !== kafka).map(([other]) => other);
    await Promise.all(earlier.map((other) => this.retire(other)));
    const own = sameName.filter(([, owner]) => owner === kafka);
    tellApart(
      watched,
      own.map(([other]) => other),
    );
  }

  /** Never throws: where the broker does not answer, the ledger has what it had. */
  private async askCommitted(
    { groupId: group, name: member }: WatchedConsumer,
    createAdmin: Kafka['admin'],
  ): Promise<void> {
    const admin = createAdmin();
    try {
      await admin.connect();
      await recordCommitted(admin, this.ledger, { group, member });
    } catch {
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }

  private async retire(watched: WatchedConsumer): Promise<void> {
    this.consumers.delete(watched);
    await disconnectWithin(watched.consumer);
  }
}
