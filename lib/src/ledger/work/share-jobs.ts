import { deliveries } from '../fates/deliveries.js';
import type { Ledger } from '../store/ledger.js';
import type { Presence, UnnamedJob } from './job.js';
import { goneAfter } from './presence.js';

/** The deliveries of a share group. What a member had when it left or crashed, the broker has released. */
export function shareJobs(
  ledger: Ledger,
  of: { topic: string; group: string },
  present: readonly Presence[],
): UnnamedJob[] {
  return deliveries(ledger, of.group, of.topic).map(
    ({ member: worker, partition, offset, count, from, to, end }) => {
      const gone = to === undefined ? goneAfter(present, worker, from) : Infinity;
      return gone === Infinity
        ? { worker, partition, offset, count, from, to, end }
        : { worker, partition, offset, count, from, to: gone, end: 'released' };
    },
  );
}
