import type { Ledger } from '../store/ledger.js';
import type { JobEnd, UnnamedJob, Work } from './job.js';
import { unnamedWork } from './work.js';

/** What became of a record in a group, delivery by delivery. */
export interface DeliveredRecord {
  partition: number;
  offset: number;
  /** How often it was delivered, those that the ledger does not know one by one included. */
  count: number;
  /** Those that the ledger knows, as they began. */
  jobs: [UnnamedJob, ...UnnamedJob[]];
  /** How the last of them ended; undefined while somebody has it. */
  end: JobEnd | undefined;
  /**
   * A share group's delivery limit is reached, and the last delivery ended without being accepted or rejected: nobody gets it any
   * more, and nobody was told.
   */
  isExhausted: boolean;
}

/** Kafka's `group.share.delivery.count.limit`, unless somebody has set it. */
export const DELIVERY_LIMIT = 5;

/** The records of a topic that were delivered to a group, by partition and offset. */
export function deliveredRecords(
  ledger: Ledger,
  of: { topic: string; group: string },
  limit = DELIVERY_LIMIT,
): { kind: Work['kind']; records: DeliveredRecord[] } {
  const { kind, jobs } = unnamedWork(ledger, of);
  const byPlace = new Map<string, [UnnamedJob, ...UnnamedJob[]]>();
  for (const job of jobs) {
    const key = `${job.partition} ${job.offset}`;
    const before = byPlace.get(key);
    if (before) before.push(job);
    else byPlace.set(key, [job]);
  }
  const records = [...byPlace.values()].map((own) => told(own, kind === 'share group', limit));
  records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  return { kind, records };
}

const GIVEN_BACK: readonly (JobEnd | undefined)[] = ['released', 'lock expired'];

function told(
  jobs: [UnnamedJob, ...UnnamedJob[]],
  isShared: boolean,
  limit: number,
): DeliveredRecord {
  const [{ partition = 0, offset = 0 }] = jobs;
  const last = jobs.reduce((newest, job) =>
    (job.count ?? 0) > (newest.count ?? 0) ? job : newest,
  );
  const { count = 1, end } = last;
  const isExhausted = isShared && count >= limit && GIVEN_BACK.includes(end);
  return { partition, offset, count, jobs, end, isExhausted };
}
