import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../errors.js';
import { errorLines, readLog } from '../../log.js';
import { leftDrafts, readJson } from '../../processes/files.js';
import type { Exit } from '../../processes/guarded.js';
import { takeLock } from '../../processes/lock.js';
import {
  isAlive,
  type ProcessId,
  processCommand,
  signalProcess,
  untilGone,
} from '../../processes/processes.js';
import { causeOfEnd } from '../embedded/cause.js';
import { files } from './protocol.js';

/** The Kafka on the lab's data that is running now, if any: never a process that only has its number. */
export function recordedKafka(): ProcessId | undefined {
  return recordedKafkas()[0];
}

/** The same of all nodes of a cluster. */
function recordedKafkas(): ProcessId[] {
  return records().flatMap((path) => {
    const { pid, start } = readJson<ProcessId>(path) ?? {};
    if (pid === undefined || start === undefined || !isAlive({ pid, start })) return [];
    const command = processCommand(pid);
    const isOurs = [files.data(), files.clusterData()].some((data) => command.includes(data));
    return command.includes('kafka.Kafka') && isOurs ? [{ pid, start }] : [];
  });
}

/** The files that say which processes are Kafka's. */
export function records(): string[] {
  const folder = dirname(files.kafka());
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^kafka(-\d+)?\.json$/.test(name));
  return names.map((name) => join(folder, name));
}

/**
 * Ends a Kafka that has outlived its supervisor and its guard, and removes their files. Returns whether there was one.
 * @throws LabError BROKER_FAILED if it cannot be ended
 */
export async function endLeftover(): Promise<boolean> {
  const kafkas = recordedKafkas();
  for (const kafka of kafkas) signalProcess(kafka, 'SIGKILL'); // by now it has no one who could wait for a clean end
  for (const kafka of kafkas) {
    if (await untilGone(kafka, 5000)) continue;
    throw new LabError('BROKER_FAILED', {
      what: `An earlier Kafka (process ${kafka.pid}) is still running and cannot be ended.`,
      fix: `Run: kill -9 ${kafka.pid}`,
    });
  }
  remove(...records(), ...drafts());
  return kafkas.length > 0;
}

/** A guard ends its Kafka at once; on a machine with much to do that takes seconds. In ms. */
const GUARD_LIMIT = 20_000;
/** For one who does not know that anybody ends. */
const LOOK_LIMIT = 3000;

/**
 * Removes what a supervisor that was killed could not: its files. Its Kafka is its guard's to end. Never rejects.
 * @param killed the supervisor, by one who saw its end: it may count as alive for a moment more, and its Kafka for longer
 */
export async function clearUp(killed?: ProcessId): Promise<void> {
  try {
    const limit = killed ? GUARD_LIMIT : LOOK_LIMIT;
    const ending = [...(killed ? [killed] : []), ...recordedKafkas()];
    const gone = await Promise.all(ending.map((one) => untilGone(one, limit)));
    if (gone.includes(false)) return; // the next supervisor ends it
    // It ended in order: to take its lock again would only be in the next one's way.
    if (![...left(), files.lock()].some(existsSync)) return;
    const lock = takeLock(files.lock());
    if (!lock) return; // there is a next one already
    remove(...left());
    lock.release();
  } catch {
    // They only say something about a process that is gone: whoever reads them sees that.
  }
}

/** What a supervisor leaves, but for its lock. */
const left = () => [...records(), files.address(), ...drafts()];
const drafts = () => leftDrafts(dirname(files.kafka()));

function remove(...paths: string[]): void {
  for (const path of paths) rmSync(path, { force: true });
}

/** The error for those who use a Kafka that has ended by itself. */
export function lostKafka({ code, signal }: Exit): LabError {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const log = code ? readLog(files.kafkaLog()) : '';
  const cause = causeOfEnd(log, files.data());
  const errors = errorLines(log, 1);
  const end = `Its log is ${files.kafkaLog()}.${errors ? ` It ends with: ${errors}` : ''}`;
  return new LabError('BROKER_LOST', {
    what: `Kafka ${how}.`,
    why: cause ? `${cause.why} ${end}` : end,
    fix:
      cause?.fix ?? 'Run the notebook again from the top: Kafka is started again, with its topics.',
  });
}
