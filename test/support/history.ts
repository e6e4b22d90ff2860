import {
  type BrokerFact,
  Ledger,
  type MemberFact,
  type RecordKind,
  type Value,
} from '../../lib/src/ledger/index.ts';

/** A ledger written by hand, for tests: times are in seconds from 1,000 s on. */
export class History {
  constructor(
    readonly group = 'shipping.05-scaling.abc',
    readonly topic = 'orders.05-scaling.abc',
    readonly ledger = new Ledger(),
  ) {}

  member(seconds: number, kind: MemberFact['kind'], member: string, partitions?: number[]): this {
    const assignment = partitions && { assignment: { [this.topic]: partitions } };
    this.ledger.record({ kind, time: at(seconds), group: this.group, member, ...assignment });
    return this;
  }

  commit(seconds: number, member: string, partition: number, offset: number): this {
    const { group, topic } = this;
    this.ledger.record({
      kind: 'committed',
      time: at(seconds),
      group,
      member,
      topic,
      partition,
      offset,
    });
    return this;
  }

  record(
    seconds: number,
    kind: RecordKind,
    member: string,
    partition: number,
    offset: number,
    key = `customer-${offset % 7}`,
    value: Value = `order ${partition}-${offset}`,
  ): this {
    const isAppended = kind === 'produced' || kind === 'pending' || kind === 'aborted';
    const group = isAppended ? '' : this.group;
    const place = { topic: this.topic, partition, offset, key };
    if (kind === 'produced') this.ledger.values(this.topic, partition).add(offset, value);
    this.ledger.record({ kind, time: at(seconds), group, member, ...place });
    return this;
  }

  /** What the brokers answer of partition 0 of three copies. */
  replicas(seconds: number, epoch: number, leader: number, inSync: number[]): this {
    const { topic } = this;
    const place = { topic, partition: 0, replicas: [1, 2, 3] };
    this.ledger.record({ kind: 'replicas', time: at(seconds), ...place, epoch, leader, inSync });
    return this;
  }

  broker(seconds: number, broker: number, event: BrokerFact['event']): this {
    this.ledger.record({ kind: 'broker', time: at(seconds), broker, event });
    return this;
  }
}

export function at(seconds: number): number {
  return (1000 + seconds) * 1000;
}

/** Experiment 1 in short: `a` owns three partitions, `b` joins, the split is 2 + 1; 30 records. */
export function scalingHistory(): History {
  const history = new History();
  for (let offset = 0; offset < 10; offset++) {
    for (const partition of [0, 1, 2]) history.record(0, 'produced', 'shop', partition, offset);
  }
  history.member(0.5, 'joined', 'a', [0, 1, 2]);
  for (let offset = 0; offset < 4; offset++) both(history, 1 + offset * 0.1, 'a', 1, offset);
  history
    .member(2, 'rebalancing', 'a')
    .member(2.2, 'joined', 'b', [1])
    .member(2.21, 'joined', 'a', [0, 2]);
  for (let offset = 4; offset < 10; offset++) both(history, 2.3 + offset * 0.1, 'b', 1, offset);
  for (let offset = 0; offset < 10; offset++) {
    both(history, 2.3 + offset * 0.1, 'a', 0, offset);
    both(history, 3.3 + offset * 0.1, 'a', 2, offset);
  }
  return history;
}

function both(
  history: History,
  seconds: number,
  member: string,
  partition: number,
  offset: number,
) {
  history.record(seconds, 'delivered', member, partition, offset);
  history.record(seconds + 0.05, 'processed', member, partition, offset);
}

/** A record every quarter of a second; the group is away from second 1 to second 4, then catches up: 20 records. */
export function outageHistory(): History {
  const history = new History();
  for (let offset = 0; offset < 20; offset++)
    history.record(offset / 4, 'produced', 'shop', 0, offset);
  history.member(0, 'joined', 'a', [0]);
  for (let offset = 0; offset < 4; offset++) {
    both(history, offset / 4 + 0.05, 'a', 0, offset);
    if (offset < 2) history.commit(offset / 4 + 0.1, 'a', 0, offset + 1);
  }
  history.member(1, 'crashed', 'a').member(4, 'joined', 'a', [0]);
  for (let offset = 2; offset < 20; offset++) {
    both(history, Math.max(4.1, offset / 4 + 0.05), 'a', 0, offset);
    history.commit(Math.max(4.2, offset / 4 + 0.1), 'a', 0, offset + 1);
  }
  return history;
}

/**
 * Two partitions of twelve records, read to the end by `a`; then an admin client moves both bookmarks back, and `b` reads on from there.
 * In partition 0 it seeks back once more. A bookmark was moved forward past two records that nobody has processed.
 */
export function replayHistory(): History {
  const history = new History();
  for (let offset = 0; offset < 12; offset++)
    for (const partition of [0, 1]) history.record(0, 'produced', 'shop', partition, offset);
  const read = (seconds: number, member: string, partition: number, from: number, to: number) => {
    for (let offset = from; offset < to; offset++)
      both(history, seconds + offset / 10, member, partition, offset);
    history.commit(seconds + to / 10, member, partition, to);
  };
  history.member(0.5, 'joined', 'a', [0, 1]);
  read(1, 'a', 0, 0, 12);
  read(1, 'a', 1, 2, 10);
  history.member(3, 'left', 'a').commit(3.1, 'admin', 0, 7).commit(3.1, 'admin', 1, 6);
  history.member(3.5, 'joined', 'b', [0, 1]);
  read(4, 'b', 0, 7, 12);
  read(4, 'b', 1, 6, 8);
  history.commit(6, 'b', 0, 10);
  read(6.5, 'b', 0, 10, 11);
  return history;
}

/** Two partitions and three members, of which `c` is idle; then a third partition, which gives it work and moves two keys of three. */
export function growthHistory(): History {
  const history = new History();
  const homes = [
    [0, 1, 1],
    [2, 1, 0],
  ];
  history
    .member(0, 'joined', 'a', [0])
    .member(0, 'joined', 'b', [1])
    .member(0.1, 'joined', 'c', []);
  const ends = [0, 0, 0];
  for (let n = 0; n < 18; n++) {
    const partition = homes[n < 9 ? 0 : 1]?.[n % 3] as number;
    const offset = ends[partition] as number;
    ends[partition] = offset + 1;
    history.record(n / 10, 'produced', 'shop', partition, offset, `customer-${n % 3}`);
  }
  for (const member of ['a', 'b', 'c']) history.member(1, 'rebalancing', member);
  for (const [i, member] of ['a', 'b', 'c'].entries()) history.member(1.2, 'joined', member, [i]);
  return history.member(2, 'joining', 'd');
}

/** Profiles, of which compaction has removed the older ones up to offset 8; the tombstone of `cem` is still there. */
export function compactedHistory(): History {
  const history = new History('reader.14-compaction.abc', 'profiles.14-compaction.abc');
  const keys = ['ann', 'bob', 'cem', 'ann', 'bob', 'cem', 'ann', 'cem', 'eve', 'eve', 'eve', 'eve'];
  for (const [offset, key] of keys.entries()) {
    const value = offset === 7 ? null : `${key} ${offset}`;
    history.record(offset / 10, 'produced', 'shop', 0, offset, key, value);
  }
  const compacted = [
    { from: 0, to: 4 },
    { from: 5, to: 6 },
    { from: 8, to: 9 },
  ];
  const read = { from: 0, to: 12, markers: [], aborted: [], compacted };
  const told = { time: at(2), start: 0, stable: 12, end: 12, read };
  const { topic, ledger } = history;
  ledger.record({ kind: 'log', group: '', member: 'lab', topic, partition: 0, ...told });
  return history;
}

/** bob's third order fails, rests in a second topic, fails again there and ends in a third; his fourth overtakes it. */
export function deadLetterHistory() {
  const ledger = new Ledger();
  const [orders, retry, dead] = ['orders', 'retry', 'dead-letters'].map(
    (name) => new History(`${name}-readers.13.abc`, `${name}.13-poison-messages.abc`, ledger),
  ) as [History, History, History];
  const offsets = [0, 1, 2, 3];
  for (const offset of offsets) orders.record(offset / 10, 'produced', 'shop', 1, offset, 'bob');
  orders.record(0.35, 'produced', 'shop', 0, 0, 'ann');
  const handle = (of: History, seconds: number, partition: number, offset: number) => {
    of.record(seconds, 'delivered', 'a', partition, offset, 'bob');
    of.record(seconds + 0.01, 'processed', 'a', partition, offset, 'bob');
  };
  retry.record(0.605, 'produced', 'shop', 0, 0, 'bob');
  retry.record(1.605, 'produced', 'shop', 0, 1, 'bob');
  dead.record(2.605, 'produced', 'shop', 0, 0, 'bob');
  for (const offset of offsets) handle(orders, 0.4 + offset / 10, 1, offset);
  handle(retry, 1.6, 0, 0);
  retry.record(2.5, 'delivered', 'a', 0, 1, 'bob').record(2.51, 'failed', 'a', 0, 1, 'bob');
  handle(retry, 2.6, 0, 1);
  const all = [orders, retry, dead];
  const topics = all.map(({ topic }) => topic);
  return { ledger, options: { topics, groups: all.map(({ group }) => group), key: 'bob' } };
}

/**
 * Two partitions after transactions. 0: what expired (0, 1), four records, a committed transaction (6, 7, marker 8), an aborted one (9, 10,
 * marker 11), one that is open (12, 13). 1: compacted but for offsets 2 and 5. One record was refused. `a` has read what it can.
 */
export function transactionsHistory(): History {
  const history = new History('payments.12-transactions.abc', 'orders.12-transactions.abc');
  const { ledger, topic } = history;
  const append = (kind: RecordKind, partition: number, offsets: number[]) => {
    for (const offset of offsets) history.record(offset / 10, kind, 'shop', partition, offset);
  };
  append('produced', 0, [0, 1, 2, 3, 4, 5]);
  append('produced', 1, [0, 1, 2, 3, 4, 5]);
  append('pending', 0, [6, 7, 9, 10, 12, 13]);
  append('produced', 0, [6, 7]);
  append('aborted', 0, [9, 10]);
  const log = { kind: 'log', time: at(2), group: '', member: 'lab', topic } as const;
  const ranges = (...offsets: number[]) => offsets.map((from) => ({ from, to: from + 1 }));
  ledger.record({
    ...{ ...log, partition: 0, start: 2, stable: 12, end: 14 },
    read: {
      from: 2,
      to: 12,
      markers: ranges(8, 11),
      aborted: [{ from: 9, to: 11 }],
      compacted: [],
    },
  });
  ledger.record({
    ...{ ...log, partition: 1, start: 0, stable: 6, end: 6 },
    read: { from: 0, to: 6, markers: [], aborted: [], compacted: ranges(0, 1, 3, 4) },
  });
  const place = {
    time: at(2),
    group: '',
    member: 'shop',
    topic,
    partition: 0,
    key: 'late',
  } as const;
  ledger.record({ kind: 'refused', ...place });
  history.member(2, 'joined', 'a', [0, 1]);
  for (const offset of [2, 3, 4, 5, 6, 7]) both(history, 2.1, 'a', 0, offset);
  for (const offset of [2, 5]) both(history, 2.2, 'a', 1, offset);
  return history.commit(2.5, 'a', 0, 8).commit(2.5, 'a', 1, 6);
}

/** A value that takes the most room in a chart. */
const QUOTES = '"'.repeat(200);

/** A group that keeps up: so many records over three partitions, a millisecond each, all read and committed by `a`. */
export function longHistory(records: number, ledger = new Ledger()): History {
  const history = new History(undefined, undefined, ledger);
  history.member(0, 'joined', 'a', [0, 1, 2]);
  for (let i = 0; i < records; i++) {
    const [partition, offset] = [i % 3, Math.floor(i / 3)];
    history.record(i / 1000, 'produced', 'shop', partition, offset, undefined, QUOTES);
    both(history, i / 1000, 'a', partition, offset);
    history.commit(i / 1000 + 0.06, 'a', partition, offset + 1);
  }
  return history;
}

/** How many there are of what, and what their names begin with. */
export interface Crowd {
  partitions: number;
  members: number;
  groups: number;
  name: string;
}

/**
 * Two records in each partition, read by `members` of one group, one of whom owns nothing; the other groups have read one in three. Members
 * leave in turn, so that partitions change hands.
 */
export function crowdHistory({ partitions, members, groups, name }: Crowd) {
  const group = `${name}-0`;
  const history = new History(group, name);
  const { ledger, topic } = history;
  const names = Array.from({ length: members }, (_, i) => `${name}-member-${i}`);
  for (let partition = 0; partition < partitions; partition++) {
    for (let offset = 0; offset < 4; offset++) {
      const key = `${name}-key-${(partition + offset) % (partitions * 2)}`;
      history.record(offset + partition / 1000, 'produced', 'shop', partition, offset, key);
    }
  }
  names.forEach((member, i) => {
    const own = Array.from({ length: partitions }, (_, p) => p).filter((p) => p % members === i);
    history.member(4 + i / 100, 'joined', member, i === 0 ? [] : own);
    for (const partition of own) {
      for (let offset = 0; offset < (partition % 3) + 1; offset++) {
        both(history, 5 + offset + partition / 1000, member, partition, offset);
        history.commit(5.1 + offset + partition / 1000, member, partition, offset + 1);
      }
    }
    if (i % 2 > 0) history.member(8 + i / 100, 'left', member);
  });
  const others = Array.from({ length: groups - 1 }, (_, i) => `${name}-${i + 1}`);
  for (const [i, of] of others.entries()) {
    const other = new History(of, topic, ledger);
    other.member(4, 'joined', names[0] as string, [0]);
    for (let partition = i % 3; partition < Math.min(partitions, 12); partition += 3) {
      both(other, 6 + partition / 10, names[0] as string, partition, 0);
      other.commit(6.1 + partition / 10, names[0] as string, partition, 1);
    }
  }
  return { ledger, topic, group, groups: [group, ...others] };
}

/**
 * Three copies of one partition, a record every tenth of a second. The followers stand still from second 1.5 on; the leader
 * acknowledges alone, and is killed at second 2.5: what it alone had is lost. Broker 2 leads after 3 more seconds; what was sent
 * meanwhile was refused, but for one record in doubt.
 */
export function replicationHistory(): History {
  const history = new History();
  history.replicas(0, 0, 1, [1, 2, 3]);
  for (let n = 0; n < 14; n++) history.record(0.1 + n / 10, 'produced', 'shop', 0, n);
  history.broker(1.5, 2, 'paused').broker(1.5, 3, 'paused');
  for (let n = 14; n < 20; n++) history.record(0.2 + n / 10, 'produced', 'shop', 0, n);
  history.broker(2.5, 1, 'killed').broker(2.8, 2, 'resumed').broker(2.8, 3, 'resumed');
  const sent = {
    group: '' as const,
    member: 'shop',
    topic: history.topic,
    partition: 0,
    key: null,
  };
  history.ledger.record({ kind: 'in doubt', time: at(2.6), ...sent });
  for (const seconds of [3.4, 4.4])
    history.ledger.record({ kind: 'refused', time: at(seconds), ...sent });
  history.replicas(5.5, 1, 2, [2, 3]);
  for (let n = 14; n < 20; n++)
    history.ledger.record({ kind: 'lost', time: at(6), ...sent, offset: n });
  for (let n = 14; n < 24; n++) history.record(4.3 + n / 10, 'produced', 'shop', 0, n);
  return history.broker(7, 1, 'started').replicas(7.4, 1, 2, [1, 2, 3]);
}
