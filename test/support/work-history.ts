import { Ledger, type QueueFact, type ShareKind } from '../../lib/src/ledger/index.ts';
import { at, History } from './history.ts';

/** The same six jobs, a name each. */
export const JOBS = ['one', 'two', 'slow', 'shy', 'lost', 'bad'] as const;
type Job = (typeof JOBS)[number];
const WORKERS = ['ann', 'bob', 'cem', 'dora'];

interface Delivery {
  job: Job;
  worker: string;
  from: number;
  to?: number;
  end?: 'done' | 'back' | 'rejected' | 'expired';
}

/** Jobs by whoever is free: `shy` fails twice, `bad` is rejected, `lost` is never acknowledged and comes again, `slow` is not done. */
const SHARED: readonly Delivery[] = [
  { job: 'one', worker: 'ann', from: 0.5, to: 0.8, end: 'done' },
  { job: 'two', worker: 'bob', from: 0.5, to: 0.8, end: 'done' },
  { job: 'slow', worker: 'cem', from: 0.5 },
  { job: 'shy', worker: 'dora', from: 0.5, to: 0.6, end: 'back' },
  { job: 'shy', worker: 'dora', from: 0.7, to: 0.9, end: 'back' },
  { job: 'lost', worker: 'ann', from: 0.8, to: 2.8, end: 'expired' },
  { job: 'bad', worker: 'bob', from: 0.8, to: 1, end: 'rejected' },
  { job: 'shy', worker: 'dora', from: 1, to: 1.3, end: 'done' },
  { job: 'lost', worker: 'bob', from: 2.9, to: 3.1, end: 'done' },
];

/** A history in which a job that is never accepted reaches the limit of five deliveries is the share group's. */
export function shareHistory(): History {
  const history = new History('workers.17-queues.abc', 'jobs.17-queues.abc');
  produceJobs(history);
  for (const [i, worker] of WORKERS.entries()) history.member(0.1 + i / 10, 'joined', worker, [0]);
  const often = [1, 2, 3, 4, 5].map((n) => ({
    ...{ job: 'lost' as const, worker: WORKERS[n % 4] as string, end: 'expired' as const },
    ...{ from: n + 3, to: n + 3.9 },
  }));
  const lostOften = SHARED.filter(({ job }) => job !== 'lost');
  const counts = new Map<Job, number>();
  for (const delivery of [...lostOften, ...often].sort((a, b) => a.from - b.from)) {
    const deliveries = (counts.get(delivery.job) ?? 0) + 1;
    counts.set(delivery.job, deliveries);
    share(history, delivery, deliveries);
  }
  return history;
}

const SHARE_ENDS: Record<string, ShareKind> = {
  ...{ done: 'accepted', back: 'released', rejected: 'rejected', expired: 'lock expired' },
};

function share(history: History, { job, worker, from, to, end }: Delivery, deliveries: number) {
  const offset = JOBS.indexOf(job);
  const { group, topic, ledger } = history;
  const place = { group, topic, member: worker, partition: 0, offset, deliveries };
  ledger.record({ kind: 'acquired', time: at(from), ...place });
  history.record(from, 'delivered', worker, 0, offset, job);
  if (to !== undefined && end)
    ledger.record({ kind: SHARE_ENDS[end] as ShareKind, time: at(to), ...place });
}

/** The one member that owns the only partition does all jobs in turn: `shy` fails twice, `slow` holds the rest up; `ann` leaves in `lost`. */
export function oneOwnerHistory(): History {
  const history = new History('workers.17-queues.abc', 'jobs.17-queues.abc');
  produceJobs(history);
  for (const [i, worker] of WORKERS.entries())
    history.member(0.1, 'joined', worker, i === 0 ? [0] : []);
  let now = 0.5;
  const run = (job: Job, seconds: number, end: 'processed' | 'failed') => {
    const offset = JOBS.indexOf(job);
    history.record(now, 'delivered', 'ann', 0, offset, job);
    now += seconds;
    history.record(now, end, 'ann', 0, offset, job);
  };
  run('one', 0.3, 'processed');
  run('two', 0.3, 'processed');
  run('slow', 3, 'processed');
  run('shy', 0.2, 'failed');
  run('shy', 0.2, 'failed');
  run('shy', 0.3, 'processed');
  history.record(now, 'delivered', 'ann', 0, JOBS.indexOf('lost'), 'lost');
  history.member(now + 1, 'crashed', 'ann').member(now + 1.2, 'joined', 'bob', [0]);
  history.record(now + 1.3, 'delivered', 'bob', 0, JOBS.indexOf('lost'), 'lost');
  return history;
}

function produceJobs(history: History): void {
  for (const [offset, job] of JOBS.entries())
    history.record(0, 'produced', 'shop', 0, offset, job, `job ${job}`);
}

const QUEUE_ENDS: Record<string, QueueFact['event']> = {
  ...{ done: 'acknowledged', back: 'requeued', rejected: 'rejected', expired: 'requeued' },
};

/** The same jobs in a queue: what `ann` does not acknowledge is requeued when its channel ends. */
export function queueHistory(): { ledger: Ledger; queue: string } {
  const ledger = new Ledger();
  const queue = 'jobs.17-queues.abc';
  const tell = (seconds: number, member: string, fact: Partial<QueueFact>) =>
    ledger.record({
      ...{ kind: 'queue', time: at(seconds), queue, member },
      ...(fact as Pick<QueueFact, 'event'>),
    });
  for (const worker of WORKERS) tell(0.2, worker, { event: 'consuming' });
  const seen = new Set<Job>();
  for (const [i, { job, worker, from, to, end }] of SHARED.entries()) {
    const delivery = i + 1;
    const redelivered = seen.has(job);
    tell(from, worker, { event: 'delivered', delivery, message: job, redelivered });
    if (to !== undefined && end)
      tell(to, worker, { event: QUEUE_ENDS[end] as QueueFact['event'], delivery });
    seen.add(job);
  }
  tell(2.8, 'ann', { event: 'cancelled' });
  return { ledger, queue };
}
