import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Reader } from '../../../lib/src/lab/platformatic/reader.ts';
import type { PlatformaticConsumer } from '../../../lib/src/lab/platformatic/shapes.ts';
import {
  recordCommits,
  recordMembership,
} from '../../../lib/src/lab/platformatic/watch-consumer.ts';
import { recordDeliveries } from '../../../lib/src/lab/platformatic/watch-stream.ts';
import { Ledger, ownership } from '../../../lib/src/ledger/index.ts';

const record = (offset: number, partition = 0) => ({
  ...{ key: `k${offset}`, topic: 't', partition, offset: BigInt(offset) },
});

function streamOf(...records: object[]) {
  const ledger = new Ledger();
  const reader = new Reader('g', 'a');
  const stream = Readable.from(records);
  recordDeliveries(stream, reader, ledger);
  const offsets = (kind: 'delivered' | 'processed' | 'failed') =>
    ledger.records(kind).map(({ offset }) => offset);
  return { ledger, reader, stream, offsets };
}

test('in a loop a record is processed when the next one is asked for', async () => {
  const { stream, reader, offsets } = streamOf(record(0), record(1), record(5));
  const seen: unknown[] = [];
  for await (const _ of stream) {
    seen.push([offsets('delivered'), offsets('processed')]);
    const free = reader.free();
    expect(await Promise.race([free.then(() => 'free'), Promise.resolve('busy')])).toBe('busy');
  }
  expect(seen).toEqual([
    [[0], []],
    [[0, 1], [0]],
    [
      [0, 1, 5],
      [0, 1],
    ],
  ]);
  expect(offsets('processed')).toEqual([0, 1, 5]);
  await reader.free();
});

test('of a loop that ends early, the last record is delivered and no more is known', async () => {
  const { stream, reader, offsets } = streamOf(record(0), record(1), record(2));
  for await (const { offset } of stream) if (offset === 1n) break;
  expect([offsets('delivered'), offsets('processed')]).toEqual([[0, 1], [0]]);
  await reader.free();
});

test('a listener has processed a record when it returns', async () => {
  const { stream, offsets } = streamOf(record(0), record(1));
  const seen: number[][] = [];
  stream.on('data', () => seen.push(offsets('processed')));
  await new Promise((resolve) => stream.once('end', resolve));
  expect(seen).toEqual([[], [0]]);
  expect(offsets('processed')).toEqual([0, 1]);
});

test('a reader that closes gets nothing more, and no error of what it could not fetch', async () => {
  const { stream, reader, offsets } = streamOf(record(0), record(1));
  for await (const _ of stream) {
    reader.isClosing = true;
    stream.destroy(new Error('closed'));
  }
  expect([offsets('delivered'), offsets('processed')]).toEqual([[0], [0]]);
});

type Fake = PlatformaticConsumer & EventEmitter & { memberId: string | null };

function consumer() {
  const ledger = new Ledger();
  const fake = Object.assign(new EventEmitter(), {
    ...{ clientId: 'a', groupId: 'g', memberId: 'm', generationId: 0, assignments: null },
    commit: async ({ offsets }: { offsets: unknown[] }) => {
      if (offsets.length === 0) throw new Error('none');
    },
  }) as unknown as Fake;
  const reader = new Reader('g', 'a');
  recordMembership(fake, ledger);
  recordCommits(fake, reader, ledger);
  const facts = () =>
    ledger.members({ group: 'g' }).map(({ kind, assignment }) => [kind, assignment]);
  return { ledger, fake, reader, facts };
}

const of = (...partitions: number[]) => [{ topic: 't', partitions }];

test('what a member keeps, it owns on; what it gives up ends', () => {
  const { ledger, fake } = consumer();
  fake.emit('consumer:group:join');
  fake.assignments = of(0, 1, 2);
  fake.assignments = of(0, 2);
  fake.assignments = of(0, 2, 3);
  const spans = ownership(ledger, 'g');
  expect(spans.map(({ partition, to }) => [partition, to === undefined])).toEqual([
    [0, true],
    [1, false],
    [2, true],
    [3, true],
  ]);
});

test('a member that has joined without partitions is there; one that leaves, or is unknown, owns nothing', () => {
  const { ledger, fake, facts } = consumer();
  fake.emit('consumer:group:join');
  fake.assignments = of(0);
  fake.emit('consumer:heartbeat:error', {
    error: { findBy: (_: string, id: string) => id === 'UNKNOWN_MEMBER_ID' },
  });
  expect(ownership(ledger, 'g').every(({ to }) => to !== undefined)).toBe(true);
  fake.assignments = of(1);
  fake.emit('consumer:group:leave');
  fake.memberId = null;
  fake.assignments = [];
  expect(facts()).toEqual([
    ['joined', {}],
    ['joined', { t: [0] }],
    ['rebalancing', undefined],
    ['joined', { t: [1] }],
    ['left', undefined],
  ]);
});

test('commits are recorded once the broker has them, whoever asked for them and in whatever way', async () => {
  const { ledger, fake } = consumer();
  const offsets = [{ topic: 't', partition: 3, offset: 7n, leaderEpoch: 0 }];
  await fake.commit({ offsets });
  await expect(fake.commit({ offsets: [] })).rejects.toThrow('none');
  expect(ledger.commits()).toMatchObject([{ group: 'g', member: 'a', partition: 3, offset: 7 }]);
});
