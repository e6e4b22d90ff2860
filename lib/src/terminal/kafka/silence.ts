import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isReachable } from '../../broker/index.js';
import { LabError } from '../../errors.js';

/** A command that is done sooner asks nobody. With the 2 s of a probe, what is waited for is said within 3 s. */
const FIRST_PROBE_MS = 1000;
const NEXT_PROBE_MS = 3000;
const GIVE_UP_MS = 15_000;

/** Says on stderr, once, that it waits for the process which manages the lab's Kafka. */
export function sayWaiting(pid: number): void {
  console.error(`Waiting for the process of the lab that looks after Kafka (${pid}) to answer.`);
}

/**
 * Says on stderr when Kafka does not answer, and rejects once it has not for 15 s: kafkajs itself reports nothing for half a
 * minute. Never resolves.
 * @param once whether the first answer ends the watch: a command that goes on for hours tells by itself what it gets
 * @throws LabError TIMED_OUT
 */
export async function failWhenSilent(
  connection: Connection,
  { done, once }: { done: AbortSignal; once: boolean },
): Promise<never> {
  let silentSince: number | undefined;
  for (let wait = FIRST_PROBE_MS; ; wait = NEXT_PROBE_MS) {
    await sleep(wait, undefined, { signal: done, ref: false }).catch(forever);
    const asked = performance.now();
    if (await isReachable(connection)) {
      if (once) return forever();
      silentSince = undefined;
    } else {
      const where = connection.brokers.join(', ');
      if (silentSince === undefined) console.error(`Waiting for Kafka at ${where} to answer.`);
      silentSince ??= asked;
      if (performance.now() - silentSince > GIVE_UP_MS) throw silent(where);
    }
  }
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function silent(where: string): LabError {
  return new LabError('TIMED_OUT', {
    what: `Kafka at ${where} has not answered for ${GIVE_UP_MS / 1000} s.`,
    why: 'It is stopped, or it hangs.',
    fix: "If it is the lab's own, run: npx --no kafka-lab stop. Topics and offsets stay.",
  });
}
