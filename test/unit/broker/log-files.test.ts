import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logFiles } from '../../../lib/src/broker/embedded/log-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-lab-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A batch as Kafka writes it, as far as its header matters here. */
function batch(from: number, records: number): Buffer {
  const bytes = Buffer.alloc(100);
  bytes.writeBigInt64BE(BigInt(from), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(records - 1, 23);
  return bytes;
}

function write(partition: string, name: string, content: Buffer): void {
  mkdirSync(join(folder, partition), { recursive: true });
  writeFileSync(join(folder, partition, name), content);
}

const named = (offset: number) => `${String(offset).padStart(20, '0')}.log`;

test('files that retention has taken out are no segments, nor are indexes', () => {
  write('orders-0', `${named(0)}.deleted`, batch(0, 10));
  write('orders-0', named(10), batch(10, 10));
  write('orders-0', named(10).replace('.log', '.index'), Buffer.alloc(8));
  write('orders-0', named(20), Buffer.concat([batch(20, 3), batch(23, 4)]));
  expect(logFiles(folder, 'orders')).toEqual([
    { partition: 0, from: 10, to: 20, bytes: 100, state: 'closed' },
    { partition: 0, from: 20, to: 27, bytes: 200, state: 'active' },
  ]);
});

test('a batch that is being written does not count yet', () => {
  write('orders-0', named(0), Buffer.concat([batch(0, 3), batch(3, 4).subarray(0, 60)]));
  expect(logFiles(folder, 'orders')).toMatchObject([{ from: 0, to: 3 }]);
});

test.each([
  ['length', 8, 3],
  ['first offset', 0, -1],
  ['last offset', 23, -1],
])('a batch whose %s is damaged is named, with the offset that it should have', (_, at, value) => {
  const second = batch(3, 4);
  second.writeInt32BE(value, at);
  write('orders-0', named(0), Buffer.concat([batch(0, 3), second, batch(7, 1)]));
  expect(() => logFiles(folder, 'orders')).toThrow(/damaged from offset 3 on, in .*orders-0/);
});

test('topics whose names begin alike are kept apart; partitions come in order', () => {
  for (const partition of ['orders-10', 'orders-2', 'orders-new-0'])
    write(partition, named(0), Buffer.alloc(0));
  const empty = { from: 0, to: 0, bytes: 0, state: 'active' };
  expect(logFiles(folder, 'orders')).toEqual([
    { partition: 2, ...empty },
    { partition: 10, ...empty },
  ]);
});
