import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causeOfEnd, moveAway } from '../../../lib/src/broker/embedded/cause.ts';
import { quoted } from '../../../lib/src/shell.ts';

const DIR = '/home/ann/lab/.lab/data/kafka';
const logged = (line: string) => `2026-01-01 ERROR kafka.Kafka$ - Exiting Kafka\n${line}\n`;

describe('what the log of a Kafka that ended says of the reason', () => {
  test.each<[line: string, why: RegExp, fix: RegExp]>([
    ['java.io.IOException: No space left on device', /disk of .* is full/, /Free some space/],
    ['java.io.IOException: Disk quota exceeded', /disk of .* is full/, /Free some space/],
    ['java.io.IOException: Too many open files', /open as many files/, /ulimit -n 4096/],
    ['java.lang.OutOfMemoryError: Java heap space', /not enough memory/, /Close other programs/],
    ['There is insufficient memory for the Java Runtime', /not enough memory/, /raise the limit/],
    [
      'java.nio.file.FileSystemException: a: Read-only file system',
      /cannot be written/,
      /KAFKA_LAB_STATE/,
    ],
    ['java.nio.file.AccessDeniedException: a', /belongs to another user/, /chown/],
    ['java.io.FileNotFoundException: a (Permission denied)', /belongs to another user/, /chown/],
    ['KafkaException: Failed to acquire lock on file .lock', /Another Kafka/, /kafka-lab stop/],
    ['Error: Could not find or load main class kafka.Kafka', /':'/, /npm run setup/],
    ['org.apache.kafka.common.errors.CorruptRecordException: a', /is damaged/, /^Move it away/],
  ])('%s', (line, why, fix) => {
    const cause = causeOfEnd(logged(line), DIR);
    expect(cause?.why).toMatch(why);
    expect(cause?.fix).toMatch(fix);
  });

  test('a disk that filled up damages nothing, whatever else Kafka says of its log', () => {
    const log =
      'KafkaStorageException: a\ncorrupt index\njava.io.IOException: No space left on device';
    expect(causeOfEnd(log, DIR)?.fix).toMatch(/Topics and notebooks stay/);
  });

  test('what nothing is known of gets no advice about data', () => {
    expect(causeOfEnd(logged('java.lang.IllegalStateException: a'), DIR)).toBeUndefined();
  });

  test('a folder that was moved away before is not moved into, nor over', () => {
    const dir = join(mkdtempSync(join(tmpdir(), "cause $HOME `x` 'y' ")), 'kafka');
    const command = (end: string) => `mv ${quoted(dir)} ${quoted(`${dir}.damaged${end}`)}`;
    expect(moveAway(dir)).toBe(command(''));
    for (const next of ['-2', '-3']) {
      mkdirSync(dir);
      execFileSync('sh', ['-c', moveAway(dir)]);
      expect(moveAway(dir)).toBe(command(next));
    }
    rmSync(dirname(dir), { recursive: true });
  });

  test('no advice deletes anything', () => {
    for (const line of [
      'No space left on device',
      'CorruptRecordException',
      'AccessDeniedException',
    ])
      expect(causeOfEnd(line, DIR)?.fix).not.toMatch(/delete|rm /i);
  });
});
