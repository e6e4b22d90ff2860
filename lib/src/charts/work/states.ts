import type { JobEnd, UnnamedJob } from '../../ledger/index.js';
import { type Scale, toldApart } from '../drawing/chart.js';
import { colours, NOBODY } from '../drawing/palette.js';

/** What a worker still has. */
const AT_WORK = 'at work';

/** How a job ended, or that it has not. */
export const stateOf = ({ end }: UnnamedJob): JobEnd | typeof AT_WORK => end ?? AT_WORK;

const [WORKS, BACK, DONE, REJECTED, EXPIRED] = colours(['a', 'b', 'c', 'd', 'e']).range as [
  ...[string, string, string, string, string],
];

/** In the order of a legend. What means the same in a queue and in groups of both kinds has one colour. */
const COLOURS: Record<JobEnd | typeof AT_WORK, string> = {
  [AT_WORK]: WORKS,
  ...{ acknowledged: DONE, accepted: DONE, processed: DONE },
  ...{ requeued: BACK, released: BACK, failed: BACK },
  rejected: REJECTED,
  'lock expired': EXPIRED,
  unfinished: NOBODY,
};

/** Names and colours of those that occur. */
export function statesIn(jobs: readonly UnnamedJob[]): Scale {
  const seen = new Set(jobs.map(stateOf));
  const domain = (Object.keys(COLOURS) as (keyof typeof COLOURS)[]).filter((one) => seen.has(one));
  return { domain, range: domain.map((one) => COLOURS[one]) };
}

/** Colour by how a job ended. */
export const coloured = (jobs: readonly UnnamedJob[], axes: number) =>
  toldApart('state', 'delivery', statesIn(jobs), axes);

/** "7 accepted, 2 released", in the order of the legend. */
export function statesTold(jobs: readonly UnnamedJob[]): string {
  const many = (state: string) => jobs.filter((job) => stateOf(job) === state).length;
  return statesIn(jobs)
    .domain.map((state) => `${many(state)} ${state}`)
    .join(', ');
}
