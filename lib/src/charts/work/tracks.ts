import type { UnnamedJob } from '../../ledger/index.js';
import { brief } from '../drawing/words.js';

/** So many jobs that a worker has at once are told apart. */
const MOST_TRACKS = 5;

/**
 * Puts the jobs of each worker into as few tracks as they need, since a worker may have several at once; those that find none of its
 * tracks free are left out. With many workers each has fewer.
 */
export function tracked(jobs: readonly UnnamedJob[], room: number): Tracked[] {
  const most = Math.min(MOST_TRACKS, Math.max(1, room));
  const free = new Map<string, number[]>();
  return jobs.flatMap((job) => {
    const ends = free.get(job.worker) ?? [];
    free.set(job.worker, ends);
    const open = ends.findIndex((end) => end <= job.from);
    const track = open < 0 ? ends.length : open;
    if (track >= most) return [];
    ends[track] = job.to ?? Infinity;
    return [{ job, track }];
  });
}

export interface Tracked {
  job: UnnamedJob;
  track: number;
}

/** The name of a row: that of a lane by its number, since a worker may be called anything. */
export const rowOf = (lanes: readonly string[], worker: string, track: number): string =>
  `${lanes.indexOf(worker)}.${track}`;

/** The rows of all lanes, in order, and how each is called: the first by its worker, others not at all. */
export function rowsOf(lanes: readonly string[], drawn: readonly Tracked[]) {
  return lanes.flatMap((worker) => {
    const own = drawn.filter(({ job }) => job.worker === worker);
    const tracks = Math.max(0, ...own.map(({ track }) => track)) + 1;
    return Array.from({ length: tracks }, (_, track) => ({
      row: rowOf(lanes, worker, track),
      name: track === 0 ? brief(worker) : '',
    }));
  });
}
