import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendLog, cutLog, openLog, readLog, sizeOf } from '../../lib/src/log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-lab-log-'));
  path = join(folder, 'kafkajs.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;

test('however much is appended, a log stays small, and its end is kept', () => {
  const line = `${'x'.repeat(MIB - 1)}\n`;
  for (let n = 0; n < 20; n++) appendLog(path, line);
  appendLog(path, 'the last\n');
  expect(sizeOf(path) + sizeOf(`${path}.1`)).toBeLessThan(13 * MIB);
  expect(sizeOf(path) + sizeOf(`${path}.1`)).toBeGreaterThan(5 * MIB);
  expect(readLog(path)).toMatch(/the last\n$/);
  expect(readdirSync(folder).sort()).toEqual(['kafkajs.log', 'kafkajs.log.1']);
});

test('a process that holds a log open writes on in the same file', async () => {
  const { file } = openLog(path);
  const script = 'process.stdin.on("data", (text) => process.stdout.write(text))';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', file, 'inherit'] });
  closeSync(file);
  child.stdin?.write('a'.repeat(2000));
  await expect.poll(() => sizeOf(path)).toBe(2000);
  cutLog(path, 1000);
  expect([sizeOf(path), sizeOf(`${path}.1`)]).toEqual([0, 2000]);
  child.stdin?.end('b'.repeat(10));
  await once(child, 'close');
  expect(readFileSync(path, 'utf8')).toBe('b'.repeat(10));
  expect(readLog(path, 2000)).toBe('b'.repeat(10));
});

test('several processes append to one log: it is cut once, and no line is torn', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../lib/dist/log.js'));
  const script = `const { appendLog } = require(${module});
    for (let n = 0; n < 3000; n++) appendLog(process.argv[1], 'x'.repeat(999) + '\\n');`;
  const writers = [1, 2, 3].map(() => spawn(process.execPath, ['-e', script, path]));
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'close'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  // 9 MB in all: it was cut once, and what was cut off is there.
  expect(sizeOf(`${path}.1`)).toBeGreaterThan(5 * MIB);
  for (const part of [path, `${path}.1`]) {
    expect(readFileSync(part, 'utf8')).toMatch(/^(x{999}\n)+$/);
  }
});

test('a draft of a process that was killed meanwhile does not keep a log from being cut', () => {
  writeFileSync(path, 'a'.repeat(2000));
  writeFileSync(`${path}.cut`, 'a');
  cutLog(path, 1000);
  expect(sizeOf(path)).toBe(2000); // another process may be at it
  rmSync(`${path}.cut`);
  cutLog(path, 1000);
  expect(sizeOf(path)).toBe(0);
});
