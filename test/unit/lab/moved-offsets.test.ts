import fc from 'fast-check';
import type { Admin, Kafka } from 'kafkajs';
import { expect, test } from 'vitest';
import { watchAdmin } from '../../../lib/src/lab/watch/watch-admin.ts';
import {
  isDrained,
  lagNow,
  lagOverTime,
  lagSamples,
  positions,
} from '../../../lib/src/ledger/index.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { at, History } from '../../support/history.ts';

const step = fc.record({
  does: fc.constantFrom('produce', 'produce', 'commit', 'move', 'forget', 'delete'),
  partition: fc.nat(1),
  to: fc.nat(20),
});

/** What Kafka has of a partition. */
interface Log {
  start: number;
  end: number;
  committed: number | undefined;
}

test('lag is what Kafka has, wherever offsets are moved, taken away, or records deleted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const history = new History();
      const { ledger, group, topic } = history;
      const logs: Log[] = [0, 1].map(() => ({ start: 0, end: 0, committed: undefined }));
      const lags: number[] = [];
      for (const [i, { does, partition, to }] of steps.entries()) {
        const log = logs[partition] as Log;
        const offset = Math.min(to, log.end);
        if (does === 'produce') history.record(i, 'produced', 'shop', partition, log.end++);
        else if (log.end === 0) continue;
        else if (does === 'delete') {
          log.start = Math.max(log.start, offset);
          const of = { kind: 'deleted', time: at(i), group: '', member: 'admin' } as const;
          ledger.record({ ...of, topic, partition, offset: log.start });
        } else {
          log.committed = does === 'forget' ? undefined : offset;
          history.commit(i, does, partition, log.committed ?? -1);
        }
        const of = ({ start, end, committed = start }: Log) => Math.max(0, end - committed);
        lags.push(logs.map(of).reduce((sum, lag) => sum + lag, 0));
      }
      const found = positions(ledger, group, topic);
      expect(found).toMatchObject(logs.filter(({ end }) => end > 0));
      expect(lagNow(ledger, group, topic)).toBe(lags.at(-1) ?? 0);
      expect(found.reduce((sum, { lag }) => sum + lag, 0)).toBe(lags.at(-1) ?? 0);
      expect(lagOverTime(ledger, group, topic).map(({ lag }) => lag)).toEqual(lags);
      const span = { from: at(0), to: at(steps.length), slots: 40 };
      expect(lagSamples(ledger, group, topic, span).at(-1)?.lag ?? 0).toBe(lags.at(-1) ?? 0);
    }),
  );
});

test('deleted records are neither drawn nor waited for, and sentences say so', () => {
  const history = new History();
  const { ledger, group, topic } = history;
  for (let offset = 0; offset < 6; offset++) history.record(0, 'produced', 'shop', 0, offset);
  for (let offset = 4; offset < 6; offset++)
    for (const kind of ['delivered', 'processed'] as const) history.record(1, kind, 'a', 0, offset);
  expect(isDrained(ledger, group, topic)).toBe(false);
  const of = { kind: 'deleted', time: at(2), group: '', member: 'admin', topic } as const;
  ledger.record({ ...of, partition: 0, offset: 4 });
  expect(isDrained(ledger, group, topic)).toBe(true);
  const { log, copies, waiting, backlog, ledger: table } = chartsOf(ledger, { topic, group });
  expect(waiting.text).toContain('partition 0 was done after');
  for (const { spec } of [waiting, backlog]) {
    const { values } = spec['data'] as { values: { left: number }[] };
    expect(values.map(({ left }) => left)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  }
  expect(log.text).toContain('Topic orders holds 2 records;');
  for (const { text } of [log, copies, table])
    expect(text).toContain('4 records of the topic are deleted.');
  for (const { spec } of [log, copies, table]) {
    const { values } = spec['data'] as { values: { offset: number }[] };
    expect(Math.min(...values.map(({ offset }) => offset))).toBe(4);
  }
});

test('what is deleted in part is told, and its failure passed on', async () => {
  const history = new History().commit(1, 'a', 0, 5);
  const { ledger, topic } = history;
  ledger.record({
    ...{ kind: 'committed', time: at(1), member: 'b', topic, partition: 0, offset: 7 },
    group: 'busy',
  });
  const failed = new Error('busy is not empty');
  const inner = {
    ...{ on: () => {}, events: {} },
    deleteGroups: () => Promise.reject(failed),
    fetchOffsets: async ({ groupId }: { groupId: string }) =>
      groupId === 'busy' ? [{ topic, partitions: [{ partition: 0, offset: '7' }] }] : [],
  } as unknown as Admin;
  const kafka = { admin: () => inner } as unknown as Kafka;
  const watched = watchAdmin(kafka, { ledger, onGrown: () => {} }).admin();
  await expect(watched.deleteGroups([history.group, 'busy'])).rejects.toBe(failed);
  expect(ledger.trail('committed', { group: history.group, topic }).newest(0)).toBe(undefined);
  expect(ledger.trail('committed', { group: 'busy', topic }).newest(0)).toBe(7);
});
