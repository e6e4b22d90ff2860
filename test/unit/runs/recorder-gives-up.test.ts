import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRun, recordRun } from '../../../lib/src/runs/index.ts';
import { folderForTest } from '../../support/folder.ts';

const MOST = 2000;
/** How many bytes the disk takes at a time, and in all. */
const disk = vi.hoisted(() => ({ piece: Infinity, left: Infinity }));

vi.mock(import('../../../lib/src/runs/format.ts'), async (original) => ({
  ...(await original()),
  MOST_BYTES: 2000 as never,
}));
vi.mock(import('node:fs'), async (original) => {
  const real = await original();
  const writeSync = (file: number, bytes: Buffer, from: number) => {
    if (disk.left === 0) throw new Error('ENOSPC: no space left on device, write');
    const written = Math.min(bytes.length - from, disk.piece, disk.left);
    disk.left -= written;
    return real.writeSync(file, bytes, from, written);
  };
  return { ...real, writeSync: writeSync as never };
});

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
let file: string;
beforeEach(() => {
  file = join(folderForTest(), 'run.jsonl');
  Object.assign(disk, { piece: Infinity, left: Infinity });
});
afterEach(() => vi.clearAllMocks());

/** Records so many facts, and writes each, as after 100 ms. */
function recorded(facts: number): void {
  vi.useFakeTimers();
  const run = recordRun(file);
  for (let offset = 0; offset < facts; offset++) {
    run.record({
      ...{ kind: 'produced', time: 1000 + offset, group: '', member: 'a' },
      ...{ topic: 'orders', partition: 0, offset, key: null },
    });
    vi.advanceTimersByTime(100);
  }
  run.close();
  vi.useRealTimers();
}

test('what the disk takes in pieces is written whole', () => {
  disk.piece = 7;
  recorded(3);
  expect(openRun(file).records('produced')).toHaveLength(3);
  expect(warned).not.toHaveBeenCalled();
});

test('a file that is as large as may be is left as it is, with one warning, and nothing fails', () => {
  recorded(100);
  expect(warned).toHaveBeenCalledOnce();
  expect(warned.mock.lastCall?.[0]).toMatch(/has reached .* MB: from here on nothing is recorded/);
  expect(statSync(file).size).toBeLessThanOrEqual(MOST);
  const { length } = openRun(file).records('produced');
  expect(length).toBeGreaterThan(10);
  expect(length).toBeLessThan(100);
});

test('on a full disk what was written before stays whole, with one warning, and nothing fails', () => {
  disk.left = 600;
  recorded(20);
  expect(warned).toHaveBeenCalledOnce();
  expect(warned.mock.lastCall?.[0]).toContain('no space left on device');
  expect(readFileSync(file, 'utf8')).toMatch(/\n$/);
  expect(openRun(file).records('produced').length).toBeGreaterThan(1);
});
