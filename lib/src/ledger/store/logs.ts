import { KnownLog } from '../logs/known-log.js';
import { endAt, type LogSources, LogView } from '../logs/log-view.js';
import type { PartitionLog } from '../logs/partition-log.js';
import type { LogFact } from './facts.js';
import type { Trails } from './trails.js';

/** What is known of the logs of all partitions: what brokers have told, and what follows from acknowledgements. */
export class Logs {
  private readonly topics = new Map<string, Map<number, KnownLog>>();

  constructor(private readonly trails: Trails) {}

  take(fact: LogFact): void {
    this.forWriting(fact.topic, fact.partition).take(fact);
  }

  forWriting(topic: string, partition: number): KnownLog {
    const logs = this.topics.get(topic) ?? new Map<number, KnownLog>();
    this.topics.set(topic, logs);
    const log = logs.get(partition) ?? new KnownLog();
    logs.set(partition, log);
    return log;
  }

  /** What brokers have told, of all partitions. */
  *[Symbol.iterator](): Generator<{ topic: string; partition: number; log: KnownLog }> {
    for (const [topic, logs] of this.topics)
      for (const [partition, log] of logs) yield { topic, partition, log };
  }

  /** Of which topics something is known. */
  get topicNames(): string[] {
    const kinds = ['produced', 'pending', 'aborted', 'deleted'] as const;
    const told = kinds.flatMap((kind) => this.trails.of(kind).map(({ topic }) => topic));
    return [...new Set([...told, ...this.topics.keys()])];
  }

  known(topic: string, partition: number): KnownLog | undefined {
    return this.topics.get(topic)?.get(partition);
  }

  /** How many answers of brokers are kept about a topic. */
  answers(topic: string): number {
    return [...(this.topics.get(topic)?.values() ?? [])].reduce(
      (n, { told }) => n + told.length,
      0,
    );
  }

  /** By partition, in order; of one that is empty, and always was, nothing. */
  of(topic: string): Map<number, PartitionLog> {
    const sources = this.sourcesOf(topic);
    const known = this.topics.get(topic);
    const partitions = new Set(sources.acknowledged.flatMap((trail) => trail.partitions()));
    for (const [partition, { told }] of known ?? []) if (told.hadRecords) partitions.add(partition);
    return new Map(
      [...partitions]
        .sort((a, b) => a - b)
        .map((partition) => [partition, new LogView(partition, sources, known?.get(partition))]),
    );
  }

  /** One of them, without a look at the others. */
  at(topic: string, partition: number): PartitionLog | undefined {
    const sources = this.sourcesOf(topic);
    const known = this.known(topic, partition);
    const isAcknowledged = sources.acknowledged.some(
      (trail) => trail.offsets(partition).distinct > 0,
    );
    const isThere = isAcknowledged || known?.told.hadRecords;
    return isThere ? new LogView(partition, sources, known) : undefined;
  }

  private sourcesOf(topic: string): LogSources {
    const kinds = ['produced', 'pending', 'aborted'] as const;
    return {
      acknowledged: kinds.map((kind) => this.trails.get(kind, '', topic)),
      deleted: this.trails.get('deleted', '', topic),
      lost: this.trails.get('lost', '', topic),
    };
  }

  /** Gives up what was told before this time: where the log stood then is kept. Returns how much. */
  forgetBefore(time: number): number {
    let dropped = 0;
    for (const [topic, logs] of this.topics) {
      const { acknowledged } = this.sourcesOf(topic);
      for (const [partition, { told }] of logs) {
        const newest = told.before(time);
        if (!newest) continue;
        const end = endAt(acknowledged, told, partition, time);
        dropped += told.forget({ ...newest, time, end });
      }
    }
    return dropped;
  }
}
