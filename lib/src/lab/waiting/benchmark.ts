import { host } from '../../host.js';
import { type Ledger, now, type Rate, recordsInDoubt } from '../../ledger/index.js';
import type { LogSize } from '../../requests/log-size.js';
import { pause } from '../../waiting.js';
import { count } from '../../words.js';
import type { Topic } from '../resources/topics.js';
import type { Logs } from './logs.js';
import { type WaitOptions, within } from './wait.js';

/** One way of writing, to be compared with others. */
export interface Setting {
  /** Writes into the topic that this setting has to itself: the same, in every round. */
  run: (topic: Topic) => Promise<unknown>;
  /** How many partitions that topic has, 1 when not given. */
  partitions?: number;
  /** What one pays for this setting, in a few words. */
  givesUp?: string;
}

/** What a setting did, in a round of it: the median of their times, and what one has in the log on average. */
export interface SettingRate extends Rate, LogSize {
  topic: Topic;
  givesUp: string;
}

export interface BenchmarkOptions extends WaitOptions {
  /** How often each setting is run: 5. */
  rounds?: number;
}

interface Parts {
  ledger: Ledger;
  logs: Pick<Logs, 'size'>;
  create: (name: string, partitions: number | undefined) => Promise<Topic>;
}

/** How often a log is asked that does not have all that was sent, in milliseconds. */
const ASKED_EVERY_MS = 50;

/**
 * Runs each setting once in each round, in turn, and then asks the brokers what they have of it: the time is told by the clock, the
 * rest by the log.
 * @throws LabError TIMED_OUT, INTERRUPTED when the cell is interrupted, or what a setting throws
 */
export async function benchmark<Name extends string>(
  parts: Parts,
  settings: Record<Name, Setting>,
  { rounds = 5, timeout = 60_000 }: BenchmarkOptions = {},
): Promise<Record<Name, SettingRate>> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, host().signal()]);
  let progress = 'no round is over';
  const told = (round: number) => {
    progress = `${round} of ${count(rounds, 'round')} over`;
  };
  const measured = async () => {
    const all = await timed(parts, settings, { rounds, signal, told });
    const rates = all.map(async (one) => [one.setting, await rateOf(parts, one, signal)] as const);
    return Object.fromEntries(await Promise.all(rates)) as Record<Name, SettingRate>;
  };
  const what = `a benchmark of ${count(Object.keys(settings).length, 'setting')}`;
  return within(measured(), { what, progress: () => progress }, { timeout }).finally(() =>
    ended.abort(),
  );
}

interface Timed {
  setting: string;
  topic: Topic;
  givesUp: string;
  /** Of each round, in milliseconds. */
  times: number[];
}

interface Rounds {
  rounds: number;
  signal: AbortSignal;
  told: (round: number) => void;
}

async function timed(
  { create }: Parts,
  settings: Record<string, Setting>,
  { rounds, signal, told }: Rounds,
): Promise<Timed[]> {
  const all: (Timed & Pick<Setting, 'run'>)[] = [];
  for (const [setting, { run, partitions, givesUp = '' }] of Object.entries(settings)) {
    const topic = await create(topicName(setting), partitions);
    all.push({ setting, topic, run, givesUp, times: [] });
  }
  for (let round = 0; round < rounds; told(++round))
    for (const { topic, run, times } of all) {
      signal.throwIfAborted();
      const start = now();
      await run(topic);
      times.push(now() - start);
    }
  return all;
}

async function rateOf(parts: Parts, timed: Timed, signal: AbortSignal): Promise<SettingRate> {
  const { topic, givesUp, times } = timed;
  const size = await arrived(parts, topic.name, signal);
  return {
    ...{ topic, givesUp, milliseconds: median(times) },
    records: size.records / times.length,
    batches: size.batches / times.length,
    bytes: size.bytes / times.length,
  };
}

/** What a log holds once all that was sent is in it: without an acknowledgement, it may still be on its way. */
async function arrived(
  { ledger, logs }: Parts,
  topic: string,
  signal: AbortSignal,
): Promise<LogSize> {
  const sent = () => ledger.trail('produced', { topic }).total + recordsInDoubt(ledger, topic);
  for (;;) {
    const size = await logs.size(topic);
    if (size.records >= sent()) return size;
    await pause(ASKED_EVERY_MS, signal);
    signal.throwIfAborted();
  }
}

/** Letters and digits, with dashes between them: "acks: 0" is "acks-0". */
export const topicName = (setting: string): string =>
  setting
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase() || 'setting';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1].map((i) => sorted[i] ?? NaN);
  return ((low as number) + (high as number)) / 2;
}
