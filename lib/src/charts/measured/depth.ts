import type { Depths, Ledger, Trail } from '../../ledger/index.js';
import { count } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, LETTER, pickable, toldApart } from '../drawing/chart.js';
import { rimmed } from '../drawing/lines.js';
import { colours, MOST_COLOURS } from '../drawing/palette.js';
import { brief, called, leftOut, sentence, shortNames, telling } from '../drawing/words.js';

/** In a line: more would not be seen. */
const MOST_POINTS = 80;

interface Point {
  name: string;
  time: number;
  amount: number;
}

/** What was measured: a queue's depth, and the records that a topic keeps, with the groups that read it. */
interface DepthOptions {
  depths: Pick<Depths, 'queue' | 'topic' | 'samples'>;
  groups?: string[];
}

/**
 * A queue and a topic side by side over time: the messages that the queue holds; the records that the topic holds, and as
 * thin lines how many of them each group has processed. As their brokers answered, both on one scale.
 */
export function depth(ledger: Ledger, { depths, groups = [] }: DepthOptions): Chart {
  const { queue, topic, samples } = depths;
  const start = samples[0]?.time ?? 0;
  const end = samples.at(-1)?.time ?? 0;
  const since = (time: number) => Math.round(time - start) / 1000;
  const waiting = samples.map(({ time, queued }) => at(since(time), queued, IN_QUEUE));
  const kept = samples.map(({ time, start, end }) => at(since(time), end - start, IN_LOG));
  const nameOf = shortNames(groups);
  const readName = (group: string) => `read by ${nameOf(group)}`;
  const lines = groups.map((group) => ({
    group,
    points: readBy(ledger, { topic, group, name: readName(group), start, end }, since),
  }));
  // Queue and log take a colour each.
  const drawn = telling(lines, MOST_COLOURS - 2, behind);
  const notes = leftOut(drawn.length, lines.length, 'group', 'those that have read least');
  const read = drawn.map(({ points }) => points);
  const all = [...waiting, ...kept, ...read.flat()];
  const frame = {
    names: [IN_QUEUE, IN_LOG, ...drawn.map(({ group }) => readName(group))],
    most: Math.max(1, ...all.map(({ amount }) => amount)),
    last: Math.max(0.1, since(end)),
  };
  // The panels share their legend: what it picks is asked of the first.
  const { params } = pickable('name');
  const drawing = {
    title: `Queue ${called(queue)} and topic ${called(topic)}, side by side`,
    ...{ width: undefined, autosize: undefined },
    hconcat: [
      panel({ title: 'the queue: messages', areas: waiting, lines: [], params }, frame),
      panel({ title: 'the log: records', areas: kept, lines: read, params: [] }, frame),
    ],
  };
  const text = describe(depths, lines, [...notes, ...caveats(ledger, topic)]);
  return chart(text, drawing, notes);
}

interface Line {
  group: string;
  points: Point[];
}

const amountOf = ({ points }: Line) => points.at(-1)?.amount ?? 0;
const behind = (line: Line) => -amountOf(line);

const IN_QUEUE = 'in the queue';
const IN_LOG = 'in the log';

function at(time: number, amount: number, name: string): Point {
  return { name, time, amount };
}

interface Reading {
  topic: string;
  group: string;
  /** Of its line. */
  name: string;
  start: number;
  end: number;
}

/** How many different records a group has processed, over the time that was measured. */
function readBy(
  ledger: Ledger,
  { topic, group, name, start, end }: Reading,
  since: (time: number) => number,
): Point[] {
  const trail = ledger.trail('processed', { topic, group });
  const places = new Set<string>();
  const before = readBefore(trail);
  const points: Point[] = [];
  const mark = (time: number) => points.push(at(since(time), before + places.size, name));
  for (let i = 0; i < trail.length && trail.time(i) <= end; i++) {
    if (points.length === 0 && trail.time(i) >= start) mark(start);
    places.add(`${trail.partition(i)} ${trail.offset(i)}`);
    if (trail.time(i) >= start) mark(trail.time(i));
  }
  if (points.length === 0) mark(start);
  mark(end);
  return points;
}

/** How many different records were processed before those whose detail is kept. */
function readBefore(trail: Trail): number {
  if (trail.forgotten === 0) return 0;
  const kept = new Set<string>();
  for (let i = 0; i < trail.length; i++) kept.add(`${trail.partition(i)} ${trail.offset(i)}`);
  return trail.distinct - kept.size;
}

interface Frame {
  names: string[];
  most: number;
  last: number;
}

interface Panel {
  title: string;
  areas: Point[];
  lines: Point[][];
  params: object[];
}

/** Both panels have the same axes, so that they can be compared by eye. */
function panel({ title, areas, lines, params }: Panel, { names, most, last }: Frame): object {
  return {
    width: Math.min(266, Math.floor(299 - LETTER * most.toLocaleString('en').length)),
    height: 200,
    encoding: {
      x: {
        field: 'time',
        type: 'quantitative',
        title: 'seconds',
        scale: { domain: [0, last], nice: false },
        axis: { tickCount: 6, labelOverlap: true },
      },
      y: {
        field: 'amount',
        type: 'quantitative',
        title,
        scale: { domain: [0, most] },
        axis: { tickMinStep: 1 },
      },
      color: toldApart('name', null, colours(names)),
      opacity: pickable('name').opacity,
      tooltip: [
        { field: 'name', title: 'what' },
        { field: 'time', title: 'seconds', format: '.2f' },
        { field: 'amount', title: 'how many' },
      ],
    },
    layer: [
      {
        params,
        data: { values: thinned(areas) },
        mark: {
          type: 'area',
          interpolate: 'step-after',
          fillOpacity: 0.3,
          line: { strokeWidth: 2.5 },
        },
      },
      {
        data: { values: lines.flatMap(thinned) },
        mark: {
          ...{ type: 'line', interpolate: 'step-after', strokeDash: [5, 3] },
          ...rimmed('name', lines.length),
        },
      },
    ],
  };
}

/** Every so many points, and the last. */
function thinned(points: Point[]): Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

function describe(
  { queue, topic, samples }: DepthOptions['depths'],
  lines: Line[],
  notes: string[],
): string {
  const now = samples.at(-1) ?? { queued: 0, start: 0, end: 0 };
  const peak = Math.max(0, ...samples.map(({ queued }) => queued));
  const nameOf = shortNames(lines.map(({ group }) => group));
  return sentence({
    items: lines,
    weight: behind,
    word: (line) => `${brief(nameOf(line.group))} has read ${amountOf(line)}`,
    say: (words) =>
      `Queue ${called(queue)} held ${count(peak, 'message')} at most, and holds ${now.queued} at the end. ` +
      `Topic ${called(topic)} holds ${count(now.end - now.start, 'record')} at the end, ` +
      `offsets ${now.start} up to, and without, ${now.end}${words.length > 0 ? `; ${words.join(', ')}` : ''}.`,
    notes,
  });
}
