import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketsOf } from '../../lib/src/doctor/listeners.ts';
import type { Lab } from '../../lib/src/lab/index.ts';
import { isSoWithin } from '../../lib/src/waiting.ts';
import { listenersOf } from './listeners.ts';

/** The process of one broker of a lab's own cluster, by where its data is. */
export function processOf({ run }: Lab, broker: number): number | undefined {
  const state = process.env['KAFKA_LAB_STATE'] as string;
  const file = join(state, 'own', run, 'run', `kafka-${broker}.json`);
  const { pid } = JSON.parse(readFileSync(file, 'utf8'));
  return existsSync(`/proc/${pid}`) ? pid : undefined;
}

/** Longer than a leader lets a fetch wait for records: 500 ms. */
const ANSWERED_MS = 2000;
/** It is seldom between two fetches, so hardly ever more than once in a row. */
const MOST_STOPS = 10;

/**
 * Has a follower stand still with none of its fetches waiting at the leader: that one would bring it the next record. It is so once
 * there is an answer of the leader's that it has not read. Stopped between two fetches it has none, and stops once more.
 */
export async function standStill(lab: Lab, follower: number, leader: number): Promise<void> {
  const broker = lab.broker(follower);
  const ports = listenersOf(processOf(lab, leader)!).map(({ port }) => port);
  for (let stop = 1; stop <= MOST_STOPS; stop++) {
    await broker.pause();
    const isAnswered = () => hasUnread(processOf(lab, follower)!, ports);
    if (await isSoWithin(isAnswered, ANSWERED_MS)) return;
    await broker.resume();
  }
  throw new Error(
    `Broker ${follower} was stopped ${MOST_STOPS} times, never with an answer unread.`,
  );
}

/** Whether a process has not read all that came to it from these ports. */
function hasUnread(pid: number, ports: number[]): boolean {
  const own = socketsOf(pid);
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows.some((row) => {
    const columns = row.trim().split(/\s+/);
    const after = (pair: string | undefined) => Number.parseInt(pair?.split(':')[1] ?? '', 16);
    const [port, unread] = [after(columns[2]), after(columns[4])];
    return unread > 0 && ports.includes(port) && own.includes(columns[9]!);
  });
}
