import { existsSync } from 'node:fs';
import { quoted } from '../../shell.js';

/** Why a Kafka ended, in words that name what a person can mend. */
export interface Cause {
  why: string;
  fix: string;
}

/** What a person can do about the machine, each the begin of a sentence; also for what the lab itself cannot do. */
export const HELP = {
  space: 'Free some space there',
  files: 'In the terminal from which you start the lab, run: ulimit -n 4096',
  writable: 'Make it writable, or name another folder in KAFKA_LAB_STATE',
  owner: (dir: string) => `Make the folder yours, with: sudo chown -R "$(id -un)" ${quoted(dir)}`,
};

const START_AGAIN = 'then start again. Topics and notebooks stay as they are.';

/** By what Java and Kafka log, the first that fits. Each is about the machine: the data is not touched. */
const MACHINE: readonly [pattern: RegExp, cause: (dir: string) => Cause][] = [
  [
    /No space left on device|Disk quota exceeded/i,
    (dir) => ({ why: `The disk of ${dir} is full.`, fix: `${HELP.space}, ${START_AGAIN}` }),
  ],
  [
    /Too many open files/i,
    () => ({
      why: 'Kafka is not allowed to open as many files as it needs.',
      fix: `${HELP.files}, ${START_AGAIN}`,
    }),
  ],
  [
    /OutOfMemoryError|insufficient memory|Cannot allocate memory|Could not reserve enough space/i,
    () => ({
      why: 'There was not enough memory for Kafka, which needs about 300 MB.',
      fix: `Close other programs or raise the limit on memory or processes, ${START_AGAIN}`,
    }),
  ],
  [
    /Read-only file system/i,
    (dir) => ({
      why: `The file system of ${dir} cannot be written to.`,
      fix: `${HELP.writable}, ${START_AGAIN}`,
    }),
  ],
  [
    /AccessDeniedException|\(Permission denied\)/i,
    (dir) => ({
      why: `A file in ${dir} belongs to another user, or cannot be written to.`,
      fix: `${HELP.owner(dir)}, ${START_AGAIN}`,
    }),
  ],
  [
    /Failed to acquire lock on file/i,
    (dir) => ({
      why: `Another Kafka is using ${dir}.`,
      fix: 'Run: npx --no kafka-lab stop, then start again.',
    }),
  ],
  [
    /Could not find or load main class|ClassNotFoundException|NoClassDefFoundError|UnsupportedClassVersionError/,
    () => ({
      why: "Kafka's jars are incomplete, or their path has a ':', which Java takes for a separator.",
      fix: "Run: npm run setup. If the lab's path has a ':', move it to one without.",
    }),
  ],
];

/** What Kafka logs when it has read data that it cannot accept. */
const DAMAGED =
  /InconsistentClusterId|InconsistentNodeId|meta\.properties|CorruptRecordException|KafkaStorageException|InvalidRecordException|corrupt/i;

/**
 * What the log of a Kafka that ended says of the reason. That its data is damaged is concluded last, and only where the
 * log says so; even then the advice keeps the data.
 */
export function causeOfEnd(log: string, dir: string): Cause | undefined {
  const found = MACHINE.find(([pattern]) => pattern.test(log));
  if (found) return found[1](dir);
  return DAMAGED.test(log) ? damaged(dir) : undefined;
}

/** Nothing is deleted: whoever wants to look at the topics later still can. */
export function damaged(dir: string): Cause {
  return {
    why: `The data in ${dir} is damaged.`,
    fix: `Move it away, with: ${moveAway(dir)}, then start again with an empty Kafka. The notebooks stay as they are.`,
  };
}

/** The command for that. A folder that was moved before stays what it is. */
export function moveAway(dir: string): string {
  let free = `${dir}.damaged`;
  for (let n = 2; existsSync(free); n += 1) free = `${dir}.damaged-${n}`;
  return `mv ${quoted(dir)} ${quoted(free)}`;
}
