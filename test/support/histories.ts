import { expect } from 'vitest';
import type { Lab } from '../../lib/src/lab/index.ts';
import { account, lagNow, positions, tally } from '../../lib/src/ledger/index.ts';
import { describeGroup, endOffsets, openTransactions, startOffsets } from './kafka-tools.ts';

/** What one says of a partition, the ledger or Kafka's own tools. */
interface Said {
  start: number;
  end: number;
  committed: number | undefined;
  lag: number;
}

/** A row of the table: one partition, or the whole topic. */
export type Row = Record<string, unknown>;

/** What was seen of each kind of history. */
export const table: Row[] = [];

/**
 * Compares what the ledger says of a topic and a group with what Kafka's own tools say: where the logs begin and end, the bookmarks, the
 * lag, the open transactions. Returns the ledger's counts.
 */
export async function agreed(lab: Lab, kind: string, topic: string, group: string) {
  const brokers = lab.connection.brokers;
  const [starts, ends, rows] = await Promise.all([
    startOffsets(brokers, topic),
    endOffsets(brokers, topic),
    describeGroup(brokers, group),
  ]);
  const told = new Map<number, Said>();
  for (const { partition, committed, lag } of rows.filter((row) => row.topic === topic)) {
    const place = { start: starts[partition] as number, end: ends[partition] as number };
    const bookmark = Number.isNaN(committed) ? undefined : committed;
    told.set(partition, { ...place, committed: bookmark, lag });
  }
  const logs = lab.ledger.log(topic);
  const said = new Map<number, Said>();
  for (const { partition, start, end, committed, lag } of positions(lab.ledger, group, topic))
    if (told.has(partition)) said.set(partition, { start, end, committed, lag });
  const { missing, repeated, byMember, ...counts } = tally(lab.ledger, group, topic);
  for (const [partition, witness] of told) {
    const stable = logs.get(partition)?.stable;
    table.push({ kind, partition, stable, ledger: said.get(partition), tools: witness });
  }
  const { lost, expired, compacted, deleted, skipped } = account(lab.ledger, group, topic);
  const all = { ...counts, missing: missing.length, repeated: repeated.length };
  const gone = { lost, expired, compacted, deleted, skipped: skipped.length };
  table.push({ kind, counts: { ...all, ...gone }, lag: lagNow(lab.ledger, group, topic) });
  expect(told.size).toBeGreaterThan(0);
  expect(said).toEqual(told);
  const open = await Promise.all(
    [...told.keys()].map((one) => openTransactions(brokers, topic, one)),
  );
  for (const [i, partition] of [...told.keys()].entries()) {
    const log = logs.get(partition);
    expect(log?.stable).toBe(Math.min(log?.end ?? NaN, ...(open[i] ?? [])));
  }
  return { ...all, ...gone };
}
