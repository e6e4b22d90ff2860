import { idleness } from '../analysis/ownership.js';
import type { Ledger } from '../store/ledger.js';
import { groupJobs } from './group-jobs.js';
import type { Job, Presence, UnnamedJob, Work, WorkScope } from './job.js';
import { namer } from './names.js';
import { presence } from './presence.js';
import { queueWork } from './queue-work.js';
import { shareJobs } from './share-jobs.js';

/**
 * Who worked on what when: the same of a consumer group, of a share group (which of both, its facts say) and of an AMQP queue, whose
 * channels are watched.
 */
export function workOf(ledger: Ledger, of: WorkScope): Work {
  const work = unnamedWork(ledger, of);
  const nameOf = namer(ledger, of);
  return { ...work, jobs: work.jobs.map((job) => named(job, nameOf(job))) };
}

/** The same without the names of jobs, for `namer`. */
export function unnamedWork(ledger: Ledger, of: WorkScope): Work<UnnamedJob> {
  if ('queue' in of) return queueWork(ledger, of.queue);
  const { topic, group } = of;
  const scope = { topic, group };
  const acquired = ledger.trail('acquired', scope);
  const isShared = acquired.total > 0;
  const present = presence(ledger, group);
  return {
    kind: isShared ? 'share group' : 'consumer group',
    jobs: isShared ? shareJobs(ledger, scope, present) : groupJobs(ledger, scope, present),
    present,
    idle: isShared ? [] : idleWorkers(ledger, group),
    isCut: (isShared ? acquired : ledger.trail('delivered', scope)).forgotten > 0,
  };
}

function named({ key: _, ...job }: UnnamedJob, name: string): Job {
  return { ...job, name };
}

function idleWorkers(ledger: Ledger, group: string): Presence[] {
  return idleness(ledger, group).map(({ member: worker, from, to }) => ({ worker, from, to }));
}

/** How many workers had a job at the same time, at most. */
export function busyAtOnce(jobs: readonly UnnamedJob[]): number {
  const moves = jobs.flatMap(({ worker, from, to = Infinity }) => [
    { worker, time: from, by: 1 },
    { worker, time: to, by: -1 },
  ]);
  // What ended when something else began was not at the same time.
  moves.sort((a, b) => a.time - b.time || a.by - b.by);
  const held = new Map<string, number>();
  let [busy, most] = [0, 0];
  for (const { worker, by } of moves) {
    const before = held.get(worker) ?? 0;
    held.set(worker, before + by);
    if (before === 0 && by > 0) busy++;
    if (before === 1 && by < 0) busy--;
    most = Math.max(most, busy);
  }
  return most;
}
