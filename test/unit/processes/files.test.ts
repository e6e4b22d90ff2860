import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { clusterIdOf, format, newClusterId } from '../../../lib/src/broker/embedded/format.ts';
import { freePort } from '../../../lib/src/broker/embedded/ports.ts';
import { parseMetadata } from '../../../lib/src/broker/wire/requests.ts';
import { errorLines } from '../../../lib/src/log.ts';
import { leftDrafts } from '../../../lib/src/processes/files.ts';
import { lockHolder, takeLock } from '../../../lib/src/processes/lock.ts';
import {
  isAlive,
  processStart,
  signalProcess,
  thisProcess,
} from '../../../lib/src/processes/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-unit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let path: string;
let count = 0;
beforeEach(() => {
  path = join(folder, String((count += 1)), 'lock');
});

test('a lock has one owner, and is free again after it', () => {
  const lock = takeLock(path)!;
  expect(lock.owned()).toBe(true);
  expect(lockHolder(path)?.pid).toBe(process.pid);
  expect(takeLock(path)).toBeUndefined();
  lock.release();
  expect(existsSync(path)).toBe(false);
  expect(takeLock(path)).toBeDefined();
});

test.each([
  ['a dead process', JSON.stringify({ pid: 2 ** 22 + 1, start: '1', nonce: 'x' })],
  [
    'a living process with another start time',
    JSON.stringify({ pid: process.pid, start: 'earlier', nonce: 'x' }),
  ],
  ['nobody, cut off in writing', '{"pid":'],
])('the lock of %s is taken over, and nothing else stays', (_, content) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  expect(takeLock(path)?.owned()).toBe(true);
  expect(readdirSync(join(path, '..'))).toEqual(['lock']);
});

test('an owner whose lock was replaced knows, and does not remove the other', () => {
  const lock = takeLock(path)!;
  writeFileSync(path, JSON.stringify({ ...thisProcess(), nonce: 'other' }));
  expect(lock.owned()).toBe(false);
  lock.release();
  expect(existsSync(path)).toBe(true);
});

test('a process is told from another with its number', () => {
  expect(isAlive(thisProcess())).toBe(true);
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
  // Were the start time not looked at, this would end the test run.
  expect(signalProcess({ pid: process.pid, start: 'earlier' }, 'SIGKILL')).toBe(false);
});

test('a folder counts as formatted only when it is wholly so', () => {
  const clusterId = newClusterId();
  expect(clusterIdOf(path)).toBeUndefined();
  format(path, { nodeId: 1, clusterId });
  expect(clusterIdOf(path)).toBe(clusterId);
  const meta = join(path, 'meta.properties');
  writeFileSync(meta, readFileSync(meta, 'utf8').slice(0, 40));
  expect(clusterIdOf(path)).toBeUndefined();
});

test('a port that is taken is stepped around, one that is free is kept', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await freePort(port)).not.toBe(port);
  server.close();
});

test('what is no answer of a Kafka is not taken for one', () => {
  expect(parseMetadata(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))).toBeUndefined();
  expect(parseMetadata(Buffer.alloc(4))).toBeUndefined();
});

test('of a log, the errors are told, else its last lines, without stacks', () => {
  const log = 'INFO a\n[x] ERROR broken\njava.io.IOException: full\n\tat java.base/x\nINFO b\n';
  expect(errorLines(log)).toBe('[x] ERROR broken | java.io.IOException: full');
  expect(errorLines('one\ntwo\nthree\nfour\n', 2)).toBe('three | four');
});

test('what a writer left that was killed in the middle is told from what another is writing', () => {
  const place = mkdtempSync(join(folder, 'run-'));
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const names = [`kafka.json.${gone}.tmp`, `kafka.json.${process.pid}.tmp`, 'kafka.json'];
  for (const name of names) writeFileSync(join(place, name), '');
  expect(leftDrafts(place)).toEqual([join(place, names[0] as string)]);
  expect(leftDrafts(join(place, 'none'))).toEqual([]);
});
