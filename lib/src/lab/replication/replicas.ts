import type { Kafka } from 'kafkajs';
import { type Ledger, now } from '../../ledger/index.js';
import { Brokers } from '../../requests/brokers.js';
import { topicLeaders } from '../../requests/metadata-request.js';
import { disconnectWithin, pause } from '../../waiting.js';
import { ReplicaNews } from './replica-news.js';

/** How often each broker is asked, in ms, while something happens; the longer nothing does, the less often. */
const QUICK_MS = 40;
const SLOW_MS = 1000;
const SLOWER_BY = 1 / 100;

/**
 * Asks all brokers again and again who leads the partitions of topics and who is in sync, and records what is new. Each is asked
 * by itself: one that stands still keeps nobody waiting.
 */
export class Replicas {
  readonly #brokers: Brokers;
  readonly #topics = new Set<string>();
  readonly #news = new Map<string, ReplicaNews>();
  readonly #end = new AbortController();
  #asking: Promise<unknown> | undefined;
  #changed = now();

  /** @param kafka has short time limits, and repeats nothing */
  constructor(
    kafka: Kafka,
    private readonly ledger: Ledger,
  ) {
    this.#brokers = new Brokers(kafka);
  }

  /** From now on, until the end. Never throws. */
  follow(topic: string): void {
    this.#topics.add(topic);
    this.hurry();
    this.#asking ??= this.#askAll().catch(() => undefined);
  }

  /** Something is about to happen: looks closely again. */
  hurry(): void {
    this.#changed = now();
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.#asking;
    await disconnectWithin(this.#brokers);
  }

  /** All brokers that answer when it begins: each is asked until the end, also while it is gone. */
  async #askAll(): Promise<void> {
    const ids = await this.#ids();
    await Promise.all(ids.map((id) => this.#askOne(id)));
  }

  /** Of whoever answers first; none if that is nobody until the end. */
  async #ids(): Promise<number[]> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const ids = await this.#brokers.ids().catch(() => undefined);
      if (ids) return ids;
      await pause(QUICK_MS, signal);
    }
    return [];
  }

  async #askOne(id: number): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.#look(id).catch(() => undefined); // it is gone, or stands still
      const quiet = (now() - this.#changed) * SLOWER_BY;
      await pause(Math.min(SLOW_MS, Math.max(QUICK_MS, quiet)), signal);
    }
  }

  async #look(from: number): Promise<void> {
    const broker = await this.#brokers.one(from);
    const answers = await broker.ask(topicLeaders([...this.#topics]));
    const time = now();
    for (const { topic, partitions } of answers)
      for (const { partitionId: partition, ...told } of partitions)
        this.#take({ ...told, from, time, topic, partition });
  }

  #take(answer: Parameters<ReplicaNews['take']>[0]): void {
    const { from: _, ...fact } = answer;
    const place = `${fact.topic}/${fact.partition}`;
    const news = this.#news.get(place) ?? new ReplicaNews();
    this.#news.set(place, news);
    if (!news.take(answer)) return;
    this.#changed = answer.time;
    this.ledger.record({ kind: 'replicas', ...fact });
  }
}
