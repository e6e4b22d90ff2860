import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isReachable } from '../../broker/index.js';
import { LabError } from '../../errors.js';

/** A command that is done sooner asks nobody. With the 2 s of a probe, what is waited for is said within 3 s. */
const FIRST_PROBE_MS = 1000;
const NEXT_PROBE_MS = 3000;
const GIVE_UP_MS = 15_000;
/** A probe that failed while this process got no processor for so long says nothing about Kafka: a quarter of its 2 s. */
const STANDSTILL_MS = 500;
const LOOK_MS = 50;

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
    const answers = await whetherItAnswers(connection);
    if (answers) {
      if (once) return forever();
      silentSince = undefined;
    } else if (answers === false) {
      const where = connection.brokers.join(', ');
      if (silentSince === undefined) console.error(`Waiting for Kafka at ${where} to answer.`);
      silentSince ??= asked;
      if (performance.now() - silentSince > GIVE_UP_MS) throw silent(where);
    }
  }
}

/** Undefined where it was this process that had no time. Node's monitorEventLoopDelay misses a standstill before its first look. */
async function whetherItAnswers(connection: Connection): Promise<boolean | undefined> {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const looking = setInterval(look, LOOK_MS);
  const answers = await isReachable(connection);
  clearInterval(looking);
  look();
  return answers || longest < STANDSTILL_MS ? answers : undefined;
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
