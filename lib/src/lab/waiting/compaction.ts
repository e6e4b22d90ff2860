import { host } from '../../host.js';
import { type Ledger, logFates, type Version, versions } from '../../ledger/index.js';
import { pause } from '../../waiting.js';
import { count } from '../../words.js';
import type { Topic } from '../resources/topics.js';
import type { Logs } from './logs.js';
import { type WaitOptions, within } from './wait.js';

/** How often the log is read again, in milliseconds. */
const READ_EVERY_MS = 100;

export interface CompactionOptions extends WaitOptions {
  /** Whether to wait until the tombstones are gone, too: false. */
  tombstones?: boolean;
}

/**
 * Waits until compaction has removed those records of a topic of which the ledger knows a later one of the same key: seen by
 * reading the log again and again, so that it holds for any Kafka.
 * @throws LabError TIMED_OUT, or INTERRUPTED when the cell is interrupted
 */
export async function compaction(
  { ledger, logs }: { ledger: Ledger; logs: Logs },
  { name: topic }: Topic,
  { tombstones = false, ...options }: CompactionOptions,
): Promise<void> {
  const isDue = (version: Version) => !version.isNewest || (tombstones && version.isTombstone);
  const due = versions(ledger, topic).filter(isDue);
  const left = () => {
    const fateOf = logFates(ledger, topic);
    return due.filter(({ partition, offset }) => fateOf(partition, offset) === 'produced').length;
  };
  const written = () => ledger.trail('produced', { topic }).total;
  const before = written();
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, host().signal()]);
  const readAgain = async () => {
    for (await logs.read(topic); left() > 0 && !signal.aborted; await logs.read(topic))
      await pause(READ_EVERY_MS, signal);
  };
  const wait = {
    what: `compaction to remove what is obsolete in ${topic}`,
    progress: () =>
      `${left()} of ${count(due.length, 'such record')} left, and ${written() - before} written meanwhile: ` +
      'the segment that is written to is never compacted, and closes only when a later record comes',
  };
  await within(readAgain(), wait, options).finally(() => ended.abort());
}
