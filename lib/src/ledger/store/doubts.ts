import type { DoubtFact } from './facts.js';

/** Of so many records in doubt it is known when they were sent, by whom, and with which key; beyond that, how many there are. */
const MOST_KEPT = 10_000;

type Sent = Pick<DoubtFact, 'time' | 'member' | 'key'>;

interface Part {
  /** In the order in which they were sent. */
  sent: Sent[];
  /** How many came after those, of which no more than the newest is kept. */
  more: number;
  newest: Sent;
}

/** Records that were sent, and of which nobody knows whether and where the broker has them: until somebody reads them. */
export class Doubts {
  private readonly topics = new Map<string, Map<number, Part>>();
  private kept = 0;

  add({ topic, partition, time, member, key }: DoubtFact): void {
    const parts = this.topics.get(topic) ?? new Map<number, Part>();
    this.topics.set(topic, parts);
    const newest = { time, member, key };
    const part = parts.get(partition) ?? { sent: [], more: 0, newest };
    parts.set(partition, part);
    part.newest = newest;
    if (this.kept < MOST_KEPT && part.more === 0) {
      part.sent.push(newest);
      this.kept++;
    } else part.more++;
  }

  get isEmpty(): boolean {
    return this.topics.size === 0;
  }

  /** How many there are in each partition of a topic. */
  of(topic: string): Map<number, number> {
    const parts = [...(this.topics.get(topic) ?? [])].sort(([a], [b]) => a - b);
    return new Map(parts.map(([partition, { sent, more }]) => [partition, sent.length + more]));
  }

  /** A record with this key was read that nobody knew of: it is the first that was sent so. Undefined where none was. */
  take(topic: string, partition: number, key: string | null): Sent | undefined {
    const part = this.topics.get(topic)?.get(partition);
    if (!part) return undefined;
    const at = part.sent.findIndex((one) => one.key === key);
    const found = at >= 0 ? part.sent.splice(at, 1)[0] : part.more > 0 ? part.newest : undefined;
    if (at >= 0) this.kept--;
    else if (found) part.more--;
    if (part.sent.length + part.more === 0) this.drop(topic, partition);
    return found;
  }

  private drop(topic: string, partition: number): void {
    const parts = this.topics.get(topic);
    parts?.delete(partition);
    if (parts?.size === 0) this.topics.delete(topic);
  }
}
