import type { Presence, UnnamedJob } from '../../ledger/index.js';
import { brief, MOST_OF_KEY, shown } from '../drawing/words.js';
import { stateOf } from './states.js';

/** A job in its lane, in seconds since the start of the chart. */
export interface Bar {
  row: string;
  worker: string;
  job: string;
  /** For the tooltip: the record's place, where there is one. */
  place: string;
  delivery: string;
  state: string;
  from: number;
  to: number;
  /** In words. */
  took: string;
  label: string;
}

/** When a worker was there. */
export interface Line {
  row: string;
  from: number;
  to: number;
  /** What it lacks meanwhile. */
  lacks: string;
}

/** What is drawn: from when to when, and on how many pixels. */
export interface Window {
  start: number;
  end: number;
  width: number;
}

/** A job of no time would not be seen: a bar takes this share of the width at least. */
const LEAST = 0.004;

export function toBar(
  job: UnnamedJob,
  { row, name }: { row: string; name: string },
  { start, end, width: pixels }: Window,
): Bar {
  const { partition, offset, count, from, to } = job;
  const [first, last] = [Math.max(from, start), Math.min(to ?? end, end)];
  const width = Math.max((last - first) / (end - start), LEAST);
  return {
    row,
    worker: brief(job.worker),
    job: shown(name),
    place: offset === undefined ? 'in a queue' : `partition ${partition}, offset ${offset}`,
    delivery: count === undefined ? 'not the first' : `number ${count}`,
    state: stateOf(job),
    from: seconds(first - start),
    to: seconds(first - start + width * (end - start)),
    took: to === undefined ? 'not over' : `${seconds(to - from)} s`,
    label: labelOf(name, width * pixels),
  };
}

export function toLine(
  { from, to }: Presence,
  row: string,
  { start, end, width }: Window,
  lacks = '',
): Line {
  const [first, last] = [Math.max(from, start), Math.min(to ?? end, end)];
  const fits = ((last - first) / (end - start)) * width > lacks.length * LETTER;
  return {
    ...{ row, from: seconds(first - start), to: seconds(last - start) },
    lacks: fits ? lacks : '',
  };
}

/** A letter of a label, and what it keeps from the ends of its bar, in pixels. */
const LETTER = 7;
const ASIDE = 8;
/** Of a longer name less says nothing. */
const LEAST_OF_LABEL = 5;

/** As much of a name as fits into so many pixels; the rest is in the tooltip. */
function labelOf(name: string, pixels: number): string {
  const most = Math.min(MOST_OF_KEY, Math.floor((pixels - ASIDE) / LETTER));
  return most < Math.min(LEAST_OF_LABEL, name.length) ? '' : shown(name, most);
}

/** What a label may be long, in pixels: where the lanes have become narrower than so many, it ends in dots. 0 is no limit. */
export const inItsBar = (width: number): string =>
  `width < ${width} ? max(1, scale('x', datum.to) - scale('x', datum.from) - ${ASIDE}) : 0`;

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
