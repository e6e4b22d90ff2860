import type { LogEntry } from 'kafkajs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readableLog } from '../../../lib/src/lab/client-log.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function failing(error: Error, extra = {}): LogEntry {
  const log = { logger: 'kafkajs', message: 'Error when calling eachMessage', ...extra };
  const where = { topic: 'orders', partition: 0, offset: '7', stack: error.stack, error };
  return {
    ...{ namespace: 'Runner', level: 1, label: 'ERROR' },
    log: { timestamp: '2026-01-01T00:00:00.000Z', ...where, ...log },
  };
}

test('what a handler throws is a line to read, once, with how often it came', () => {
  const lines: string[] = [];
  const log = readableLog((line) => lines.push(line));
  for (let retryCount = 0; retryCount < 6; retryCount++) {
    log(failing(new Error('no "paper"\u001b[31m'), { retryCount }));
  }
  const sentence =
    'ERROR [Runner] Error when calling eachMessage (topic orders, partition 0, offset 7, error Error: no "paper"\\u001b[31m)';
  expect(lines).toHaveLength(1);
  expect(lines[0]?.split('\n')[0]).toBe(`2026-01-01T00:00:00.000Z ${sentence}`);
  expect(lines[0]).toMatch(/\n +at .*client-log\.test/);
  vi.advanceTimersByTime(10_000);
  expect(lines[1]?.slice(25)).toBe(`${sentence} (5 more in 10 s)\n`);
  log(failing(new Error('no ink')));
  expect(lines).toHaveLength(3);
});
