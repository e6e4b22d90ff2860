/** Of so many records in doubt it is known when they were sent, by whom, and with which key; beyond that, how many there are. */
const MOST_KEPT = 10_000;

/** A record that was sent, and of which nobody knows whether the broker has it. */
export interface Sent {
  time: number;
  member: string;
  key: string | null;
  /** It was sent again, and acknowledged then: without it nothing is missing. */
  again?: true;
}

/** When one was sent, and whether its place is known to be empty. */
interface KeptDoubt {
  topic: string;
  partition: number;
  time: number;
  isRefused: boolean;
}

const NOBODYS: Sent = { time: 0, member: '', key: null };

interface Part {
  /** In the order in which they were sent. */
  sent: Sent[];
  /** Those of them whose place is known to be empty. */
  refused: Set<Sent>;
  /** How many came after those, of which no more than the newest is kept. */
  more: number;
  newest: Sent;
}

/** Records that were sent, and of which nobody knows whether and where the broker has them: until somebody reads them. */
export class Doubts {
  private readonly byTopic = new Map<string, Map<number, Part>>();
  private kept = 0;

  add({
    topic,
    partition,
    time,
    member,
    key,
    again,
  }: Sent & { topic: string; partition: number }): void {
    const newest = { time, member, key, ...(again && { again }) };
    const part = this.forWriting(topic, partition, newest);
    part.newest = newest;
    if (this.kept < MOST_KEPT && part.more === 0) {
      part.sent.push(newest);
      this.kept++;
    } else part.more++;
  }

  private forWriting(topic: string, partition: number, newest: Sent): Part {
    const parts = this.byTopic.get(topic) ?? new Map<number, Part>();
    this.byTopic.set(topic, parts);
    const part = parts.get(partition) ?? { sent: [], refused: new Set(), more: 0, newest };
    parts.set(partition, part);
    return part;
  }

  /** Those of which it is known when they were sent, in that order; without those that count for nothing. */
  *each(): Generator<KeptDoubt> {
    for (const [topic, parts] of this.byTopic)
      for (const [partition, { sent, refused }] of parts)
        for (const one of sent) {
          const isRefused = refused.has(one);
          if (!(isRefused && one.again)) yield { topic, partition, time: one.time, isRefused };
        }
  }

  /** How many there are beyond those. */
  *more(): Generator<{ topic: string; partition: number; count: number }> {
    for (const [topic, parts] of this.byTopic)
      for (const [partition, { more: count }] of parts)
        if (count > 0) yield { topic, partition, count };
  }

  /** Takes one that another ledger kept: whose it was, and with which key, does not count any more. */
  takeKept({ topic, partition, time, isRefused }: KeptDoubt): void {
    const sent = { ...NOBODYS, time };
    const part = this.forWriting(topic, partition, sent);
    part.sent.push(sent);
    if (isRefused) part.refused.add(sent);
  }

  takeMore(topic: string, partition: number, count: number): void {
    this.forWriting(topic, partition, NOBODYS).more += count;
  }

  /** The topics that have some. */
  topics(): string[] {
    return [...this.byTopic.keys()];
  }

  /** How many there are in each partition of a topic. */
  of(topic: string): Map<number, number> {
    return this.count(topic, ({ sent, refused, more }) => sent.length - refused.size + more);
  }

  /** How many turned out never to have been appended; but for those that were sent again. */
  refused(topic: string): Map<number, number> {
    return this.count(topic, ({ refused }) => [...refused].filter(({ again }) => !again).length);
  }

  /** When those were sent of which that is known; and whether they turned out never to have been appended. */
  sent(topic: string): { partition: number; time: number; isRefused: boolean }[] {
    return [...(this.byTopic.get(topic) ?? [])].flatMap(([partition, { sent, refused }]) =>
      sent
        .filter((one) => !(one.again && refused.has(one)))
        .map((one) => ({ partition, time: one.time, isRefused: refused.has(one) })),
    );
  }

  /** A record with this key was read that nobody knew of: it is the first that was sent so. Undefined where none was. */
  take(topic: string, partition: number, key: string | null): Sent | undefined {
    const part = this.byTopic.get(topic)?.get(partition);
    if (!part) return undefined;
    const isMeant = (one: Sent) => one.key === key;
    const doubtful = part.sent.findIndex((one) => isMeant(one) && !part.refused.has(one));
    // What was read is there, whatever was concluded before.
    const at = doubtful >= 0 ? doubtful : part.sent.findIndex(isMeant);
    const found = at >= 0 ? part.sent.splice(at, 1)[0] : part.more > 0 ? part.newest : undefined;
    if (found) part.refused.delete(found);
    if (at >= 0) this.kept--;
    else if (found) part.more--;
    if (part.sent.length + part.more === 0) this.drop(topic, partition);
    return found;
  }

  /** Looks at each of a partition that is in doubt: one whose place `isEmpty` was never appended. */
  settle(topic: string, partition: number, isEmpty: (sent: Sent) => boolean): void {
    const part = this.byTopic.get(topic)?.get(partition);
    for (const one of part?.sent ?? [])
      if (!part?.refused.has(one) && isEmpty(one)) part?.refused.add(one);
  }

  private count(topic: string, many: (part: Part) => number): Map<number, number> {
    const parts = [...(this.byTopic.get(topic) ?? [])].sort(([a], [b]) => a - b);
    const counts = parts.map(([partition, part]): [number, number] => [partition, many(part)]);
    return new Map(counts.filter(([, count]) => count > 0));
  }

  private drop(topic: string, partition: number): void {
    const parts = this.byTopic.get(topic);
    parts?.delete(partition);
    if (parts?.size === 0) this.byTopic.delete(topic);
  }
}
