import { createRequire } from 'node:module';
import type { Admin } from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ClassReader } from '../../../lib/src/class-board/reader.ts';
import { lessonRecord } from '../../../lib/src/class-board/records.ts';
import type { Broker, Brokers, KafkaRequest } from '../../../lib/src/requests/brokers.ts';
import { Writer } from '../../../lib/src/requests/encoding.ts';

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const Record = require('kafkajs/src/protocol/recordBatch/record/v0');

const TOPIC = 'ann.progress';
const LESSON = '05-scaling';
const MEGABYTE = 1024 * 1024;

/** A record that says how many checks were passed. */
const passed = (n: number) =>
  lessonRecord({
    ...{ name: LESSON, checks: { passed: n, total: 9 } },
    exercises: { solved: 0, total: 1 },
  });
/** One that is too large to say anything. */
const large = (n: number) => [LESSON, `${n}`.padEnd(MEGABYTE)] as const;

type Log = readonly (readonly [key: string, value: string])[];

/** A reader of one learner's log, one record in each batch, whose broker answers each Fetch with one batch, after so many ms. */
function readerOf(log: Log, takes = 0): ClassReader {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  const answers = (name: string, asked: Buffer) => {
    if (name === 'Fetch') now += takes;
    return name === 'Fetch' ? fetched(log, asked) : listed(log, asked);
  };
  const broker: Broker = {
    ...{ nodeId: 1, newest: () => 11 },
    ask: async <T>({ name, write }: KafkaRequest<T>) => {
      const asked = new Writer(false);
      write(asked);
      return (await answers(name, asked.buffer)) as T;
    },
  };
  const topics = [{ name: TOPIC, partitions: [{ partitionId: 0, leader: 1 }] }];
  const admin = { fetchTopicMetadata: async () => ({ topics }) } as unknown as Admin;
  return new ClassReader(admin, { all: async () => [broker] } as unknown as Brokers);
}

const place = { topic: TOPIC, partition: 0, error: 0 };

function listed(log: Log, asked: Buffer) {
  const isFirst = asked.readBigInt64BE(asked.length - 8) === -2n;
  return [{ ...place, offset: isFirst ? 0 : log.length }];
}

/** Behind the offset, a Fetch has 18 bytes. */
async function fetched(log: Log, asked: Buffer) {
  const offset = asked.readBigInt64BE(asked.length - 8 - 18);
  const [key, value] = log[Number(offset)] ?? [];
  if (key === undefined) return [{ ...place, start: 0, records: Buffer.alloc(0) }];
  const records = [Record({ offsetDelta: 0, key, value })];
  const { buffer } = await RecordBatch({ records, lastOffsetDelta: 0 });
  buffer.writeBigInt64BE(offset, 0);
  return [{ ...place, start: 0, records: buffer }];
}

test.each<[string, Log, number]>([
  ['time', [passed(1), passed(2), passed(3), passed(4)], 2000],
  ['room', [passed(1), passed(2), ...Array.from({ length: 5 }, (_, n) => large(n)), passed(4)], 0],
])(
  'what a look has no %s for is read by the next one: no newest record is passed over',
  async (_, log, takes) => {
    const reader = readerOf(log, takes);
    const seen: (number | undefined)[] = [];
    for (let look = 0; look < 3; look++) {
      await reader.look();
      seen.push(reader.learners[0]?.lessons.get(LESSON)?.checks.passed);
    }
    expect(seen).toEqual([2, 4, 4]);
  },
);
