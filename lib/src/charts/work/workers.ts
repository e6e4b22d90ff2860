import {
  type Work as AnyWork,
  byName,
  type Ledger,
  namer,
  type UnnamedJob,
  unnamedWork,
  type WorkScope,
} from '../../ledger/index.js';
import { axisOf, type Chart, chart, mostRows, WIDTH } from '../drawing/chart.js';
import { weightBy } from '../drawing/palette.js';
import { nothingYet } from '../drawing/rows.js';
import { called, leftOut, telling } from '../drawing/words.js';
import { toBar, toLine } from './bars.js';
import { lanesSpec } from './lanes-spec.js';
import { described, newestOnly } from './text.js';
import { rowOf, rowsOf, type Tracked, tracked } from './tracks.js';

type Work = AnyWork<UnnamedJob>;

export type WorkersOptions = WorkScope & {
  /** Leaves out what ended before, in milliseconds since 1970. */
  from?: number;
};

/** A lane that can be read has so many pixels. */
const LEAST_OF_LANE = 20;

/** So many jobs fit into a notebook. */
const MOST_JOBS = 80;

/**
 * Who works on what when: a lane for each worker of a consumer group, a share group or a queue, with its jobs, from when it got each to
 * when it had it no more. A worker that has several at once has several rows. A thin line says that it is there.
 */
export function workers(ledger: Ledger, options: WorkersOptions): Chart {
  const work = since(unnamedWork(ledger, options), options.from ?? 0);
  const title = `Who works on what: ${work.kind} ${called('queue' in options ? options.queue : options.group)}`;
  const all = workersOf(work);
  if (all.length === 0)
    return chart(described(ledger, work, options, []), nothingYet(title, 'nobody has come yet'));
  const weight = weightBy(work.jobs, ({ worker }) => worker);
  const lanes = telling(all, mostRows(LEAST_OF_LANE), weight);
  const { drawn, notes } = select(work, lanes, all.length);
  const drawing = lanesSpec(title, {
    rows: rowsOf(lanes, drawn),
    jobs: drawn.map(({ job }) => job),
    since: options.from === undefined ? 'seconds since the first job' : 'seconds',
    ...marks(work, lanes, drawn, { from: options.from ?? 0, nameOf: namer(ledger, options) }),
  });
  const left = [...newestOnly(ledger, work, options), ...notes];
  return chart(described(ledger, work, options, notes), drawing, left);
}

function since(work: Work, from: number): Work {
  const isAfter = ({ to }: { to: number | undefined }) => (to ?? Infinity) >= from;
  return {
    ...work,
    jobs: work.jobs.filter(isAfter),
    present: work.present.filter(isAfter),
    idle: work.idle.filter(isAfter),
  };
}

/** In the order in which they came; of those of whom nobody has told that, in that of their names. */
function workersOf({ present, jobs }: Work): string[] {
  const told = new Set(present.map(({ worker }) => worker));
  const others = new Set(jobs.map(({ worker }) => worker));
  return [...told, ...[...others].filter((one) => !told.has(one)).sort(byName)];
}

/** The jobs that are drawn, and what to say of the others. */
function select({ jobs }: Work, lanes: readonly string[], all: number) {
  const own = jobs.filter(({ worker }) => lanes.includes(worker));
  const placed = tracked(own, Math.floor(mostRows(LEAST_OF_LANE) / lanes.length));
  const drawn = placed.slice(-MOST_JOBS);
  const which =
    placed.length < own.length ? 'as many as a worker has room for at once' : 'the newest';
  const notes = [
    ...leftOut(lanes.length, all, 'worker', 'those that had most'),
    ...leftOut(drawn.length, own.length, 'job', which),
  ];
  return { drawn, notes };
}

interface Naming {
  from: number;
  nameOf(job: UnnamedJob): string;
}

function marks(
  work: Work,
  lanes: readonly string[],
  drawn: readonly Tracked[],
  { from, nameOf }: Naming,
) {
  const width = WIDTH - axisOf(lanes);
  const window = { ...windowOf(work, drawn, from), width };
  const isSeen = ({ worker, to }: { worker: string; to: number | undefined }) =>
    lanes.includes(worker) && (to ?? Infinity) > window.start;
  const lane = (worker: string) => rowOf(lanes, worker, 0);
  const present = work.present.filter(isSeen);
  const idle = work.idle.filter(isSeen);
  return {
    width,
    bars: drawn.map(({ job, track }) =>
      toBar(job, { row: rowOf(lanes, job.worker, track), name: nameOf(job) }, window),
    ),
    lines: [
      ...present.map((one) => toLine(one, lane(one.worker), window)),
      ...idle.map((one) => toLine(one, lane(one.worker), window, 'owns no partition')),
    ],
  };
}

/** By this share of its time the picture goes on after the last fact: a job that has just begun is to be seen, too. */
const AFTER_LAST = 0.03;

function windowOf({ present }: Work, drawn: readonly Tracked[], from: number) {
  const jobs = drawn.map(({ job }) => job);
  const begins = (jobs.length > 0 ? jobs : present).map((one) => one.from);
  const start = Math.max(from, Math.min(...begins));
  const moves = [...jobs, ...present].flatMap((one) => [one.from, one.to ?? one.from]);
  const last = Math.max(start + 1, ...moves);
  return { start, end: last + (last - start) * AFTER_LAST };
}
