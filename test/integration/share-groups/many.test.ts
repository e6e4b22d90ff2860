import { expect, test } from 'vitest';
import { shareGroupOffsets } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

const shares = new Shares();
const COUNT = 100_000;

test('100,000 records through four members, each accepted once', { timeout: 180_000 }, async ({
  annotate,
}) => {
  const { topic, group } = await shares.jobs([]);
  const accepted = new Uint8Array(COUNT);
  let done = 0;
  const members = await shares.members(['a', 'b', 'c', 'd'], { topic, group });
  for (const member of members)
    member.on('acknowledged', ({ message }) => {
      accepted[Number(message.offset)]! += 1;
      done++;
    });
  const began = performance.now();
  for (let from = 0; from < COUNT; from += 5000)
    await shares.produce(
      topic,
      Array.from({ length: 5000 }, (_, n) => `${from + n}`),
    );
  const produced = performance.now();
  await shares.until(() => done >= COUNT, 'all to be accepted', 120_000);
  const seconds = (to: number) => ((to - began) / 1000).toFixed(1);
  await annotate(
    `produced within ${seconds(produced)} s, accepted within ${seconds(performance.now())} s`,
  );
  expect(accepted.every((times) => times === 1)).toBe(true);
  expect(shares.deliveries).toHaveLength(COUNT);
  const byMember = ['a', 'b', 'c', 'd'].map(
    (name) => shares.deliveries.filter(({ member }) => member === name).length,
  );
  expect(Math.min(...byMember)).toBeGreaterThan(COUNT / 50);
  const rows = await shareGroupOffsets(shares.brokers, group);
  expect(rows).toEqual([expect.objectContaining({ topic, partition: 0, lag: 0 })]);
});
