import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
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
  const { pid, start } = readJson<ProcessId>(files.kafka()) ?? {};
  if (pid === undefined || start === undefined || !isAlive({ pid, start })) return undefined;
  const command = processCommand(pid);
  return command.includes('kafka.Kafka') && command.includes(files.data())
    ? { pid, start }
    : undefined;
}

/**
 * Ends a Kafka that has outlived its supervisor and its guard, and removes their files. Returns whether there was one.
 * @throws LabError BROKER_FAILED if it cannot be ended
 */
export async function endLeftover(): Promise<boolean> {
  const kafka = recordedKafka();
  if (kafka) {
    signalProcess(kafka, 'SIGKILL'); // by now it has no one who could wait for a clean end
    if (!(await untilGone(kafka, 5000))) {
      throw new LabError('BROKER_FAILED', {
        what: `An earlier Kafka (process ${kafka.pid}) is still running and cannot be ended.`,
        fix: `Run: kill -9 ${kafka.pid}`,
      });
    }
  }
  remove(files.kafka(), ...drafts());
  return kafka !== undefined;
}

/** Removes what a supervisor that was killed could not: its files. Its Kafka is its guard's to end. Never rejects. */
export async function clearUp(): Promise<void> {
  try {
    const kafka = recordedKafka();
    if (kafka && !(await untilGone(kafka, 3000))) return; // the next supervisor ends it
    const lock = takeLock(files.lock());
    if (!lock) return; // there is a next one already
    remove(files.kafka(), files.address(), ...drafts());
    lock.release();
  } catch {
    // They only say something about a process that is gone: whoever reads them sees that.
  }
}

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
