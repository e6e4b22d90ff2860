import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDir } from '../../lib/src/paths.ts';

/** The file of the embedded Kafka with the records of a topic's partition 0 from its first offset on. */
export const logFileOf = (topic: string): string =>
  join(stateDir('data', 'kafka'), 'log', `${topic}-0`, `${'0'.repeat(20)}.log`);

/**
 * Writes `bytes` into such a file while Kafka runs, at a place in the batch whose first offset is `from`; from its end if
 * `at` is negative.
 */
export function overwrite(topic: string, from: number, at: number, bytes: number[]): void {
  const file = readFileSync(logFileOf(topic));
  let start = 0;
  while (Number(file.readBigInt64BE(start)) !== from) start = endOf(file, start);
  file.set(bytes, at < 0 ? endOf(file, start) + at : start + at);
  writeFileSync(logFileOf(topic), file, { flag: 'r+' });
}

const endOf = (file: Buffer, start: number) => start + 12 + file.readInt32BE(start + 8);
