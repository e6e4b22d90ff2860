import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';

/** A file of a partition's log. Offsets from `from` up to, and without, `to`. */
export interface LogFile {
  partition: number;
  from: number;
  to: number;
  bytes: number;
  /** `active` is written to. */
  state: 'active' | 'closed';
}

/** The segments of a topic as they lie in Kafka's folder now, oldest first. Those about to be removed are no longer named so. */
export function logFiles(logDir: string, topic: string): LogFile[] {
  const partitions = readdirSync(logDir).flatMap((folder) => {
    const partition = folder.slice(topic.length + 1);
    return folder.startsWith(`${topic}-`) && /^\d+$/.test(partition) ? Number(partition) : [];
  });
  return partitions
    .sort((a, b) => a - b)
    .flatMap((partition) => filesOf(join(logDir, `${topic}-${partition}`), partition));
}

function filesOf(folder: string, partition: number): LogFile[] {
  const names = unlessGone(() => readdirSync(folder)) ?? [];
  const starts = names.filter((name) => /^\d{20}\.log$/.test(name)).sort();
  return starts.flatMap((name, i) => {
    const path = join(folder, name);
    const from = Number(name.slice(0, 20));
    const next = starts[i + 1];
    const bytes = unlessGone(() => statSync(path).size);
    const to = next ? Number(next.slice(0, 20)) : unlessGone(() => endOf(path, from));
    if (bytes === undefined || to === undefined) return [];
    return { partition, from, to, bytes, state: next ? 'closed' : 'active' };
  });
}

/** Of a batch's header: its first offset, how many bytes follow the length, the last offset less the first. */
const HEADER = { bytes: 61, length: 8, untilLength: 12, lastOffsetDelta: 23 };

/** The offset after the last whole batch of a file: what is being written just now does not count. */
function endOf(path: string, from: number): number {
  const file = openSync(path, 'r');
  const header = Buffer.alloc(HEADER.bytes);
  let end = from;
  try {
    for (let at = 0; readSync(file, header, 0, HEADER.bytes, at) === HEADER.bytes; ) {
      const first = Number(header.readBigInt64BE(0));
      const size = HEADER.untilLength + header.readInt32BE(HEADER.length);
      const records = header.readInt32BE(HEADER.lastOffsetDelta) + 1;
      if (size < HEADER.bytes || first < end || records < 1) throw damaged(path, end);
      at += size;
      if (at > statSync(path).size) break;
      end = first + records;
    }
  } finally {
    closeSync(file);
  }
  return end;
}

function damaged(path: string, offset: number): LabError {
  return new LabError('BROKER_FAILED', {
    what: `The log is damaged from offset ${offset} on, in ${path}.`,
    why: 'What is there is no batch of records: a disk is failing, or a program has written into the file.',
    fix: 'Run the notebook again from the top: it starts a new Kafka of its own.',
  });
}

/** Retention removes files whenever it likes. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
