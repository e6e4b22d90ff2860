import type { QueueFact } from '../store/facts.js';
import type { Ledger } from '../store/ledger.js';
import type { Presence, UnnamedJob, Work } from './job.js';

/** What consumers of a queue had, as their channels saw it. */
export function queueWork(ledger: Ledger, queue: string): Work<UnnamedJob> {
  const facts = ledger.queue(queue);
  const { hasForgottenQueues: isCut } = ledger;
  return { kind: 'queue', jobs: jobsOf(facts), present: presentOf(facts), idle: [], isCut };
}

function jobsOf(facts: readonly QueueFact[]): UnnamedJob[] {
  const byDelivery = new Map<number, UnnamedJob>();
  for (const { event, delivery = 0, member: worker, time, message = '', redelivered } of facts) {
    if (event === 'consuming' || event === 'cancelled') continue;
    const job = byDelivery.get(delivery);
    if (event === 'delivered') {
      const count = redelivered ? undefined : 1;
      const begun = { worker, key: message, count, from: time, to: undefined, end: undefined };
      byDelivery.set(delivery, begun);
    } else if (job && job.to === undefined) Object.assign(job, { to: time, end: event });
  }
  return [...byDelivery.values()];
}

function presentOf(facts: readonly QueueFact[]): Presence[] {
  const spans: Presence[] = [];
  for (const { event, member: worker, time } of facts) {
    if (event === 'consuming') spans.push({ worker, from: time, to: undefined });
    if (event !== 'cancelled') continue;
    const span = spans.find((one) => one.worker === worker && one.to === undefined);
    if (span) span.to = time;
  }
  return spans;
}
