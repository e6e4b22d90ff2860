import { account, byName, type Ledger, type Trail } from '../ledger/index.js';
import { count } from '../words.js';
import { caveats } from './drawing/caveats.js';
import { type Chart, chart, INK, pickable, toldApart } from './drawing/chart.js';
import { cast, weightBy } from './drawing/palette.js';
import { laneName, RECORD_TOOLTIP, RECORD_WORDS } from './drawing/record.js';
import { brief, called, newestOnly, noted } from './drawing/words.js';
import { compared, drawn, type Pair } from './order-points.js';

export interface OrderOptions {
  topic: string;
  group: string;
  /** The key whose records are joined by a line: that with the most records out of order, if there is one. */
  highlight?: string;
}

/**
 * In which order records were produced (to the right) and processed (upwards). A straight line is one order; where it is not,
 * the marks of each partition still rise. The records of one key are joined: where that line falls, a later one came first.
 */
export function order(ledger: Ledger, { topic, group, highlight }: OrderOptions): Chart {
  const trails = {
    produced: ledger.trail('produced', { topic }),
    processed: ledger.trail('processed', { topic, group }),
  };
  const { outOfOrder } = account(ledger, group, topic);
  const key = highlight ?? mostOften(outOfOrder.map((late) => late.key));
  const found = compared(trails);
  const { points, joined, notes } = drawn(ledger, trails, found, key);
  const lanes = trails.produced.partitions().map(laneName);
  const { of, ...scale } = cast(lanes, { weight: weightBy(points, ({ lane }) => lane) });
  const values = points.map((point) => ({ ...point, lane: of(point.lane) }));
  const drawing = {
    title: `The order of topic ${called(topic)}, and of group ${called(group)}`,
    height: 260,
    data: { values },
    transform: RECORD_WORDS,
    layer: [...(joined > 0 ? [LINE] : []), marks(scale, joined > 0)],
  };
  const ofKey = outOfOrder.filter((late) => late.key === key).length;
  const line = key === undefined ? [] : [joinedSentence(brief(key), joined, ofKey)];
  const text = told(trails.processed, found, outOfOrder.length);
  return chart(noted(text, [...line, ...caveats(ledger, topic), ...notes]), drawing, [
    ...(key !== undefined && joined > 0 ? [lineIs(key, ofKey)] : []),
    ...newestOnly(trails.processed),
    ...notes,
  ]);
}

/** Of names that occur equally often the first. */
function mostOften(names: readonly string[]): string | undefined {
  const timesOf = weightBy(names, (name) => name);
  return [...new Set(names)].sort((a, b) => timesOf(b) - timesOf(a) || byName(a, b))[0];
}

/** Places are whole numbers, also where there are few. */
const place = (field: string, order: string) => ({
  ...{ field, type: 'quantitative', title: `place in the order of ${order}, from 0` },
  axis: { tickMinStep: 1, format: 'd' },
});
const X = place('produced', 'production');
const Y = place('processed', 'processing');

const LINE = {
  transform: [{ filter: 'datum.joined' }],
  mark: { type: 'line', color: INK, strokeWidth: 1.5 },
  encoding: { x: X, y: Y },
};

/** Where the records of a key are joined, those of others are pale and small. */
function marks(scale: { domain: string[]; range: string[] }, isJoined: boolean): object {
  const { params, opacity } = pickable('lane');
  const ifJoined = (value: number, other: number) => ({
    condition: { test: 'datum.joined', value },
    value: other,
  });
  return {
    params,
    mark: { type: 'point', filled: true, size: 50 },
    encoding: {
      ...{ x: X, y: Y },
      color: toldApart('lane', 'partition', scale),
      shape: toldApart('lane', 'partition', { domain: scale.domain }),
      opacity,
      ...(isJoined ? { fillOpacity: ifJoined(1, 0.3), size: ifJoined(80, 30) } : {}),
      tooltip: [
        ...RECORD_TOOLTIP,
        { field: 'produced', title: 'place in production' },
        { field: 'processed', title: 'place in processing' },
      ],
    },
  };
}

/** A subtitle holds seventy letters. */
const MOST_OF_JOINED = 20;

function lineIs(key: string, late: number): string {
  const falls = late > 0 ? ', falling where a later record came first' : '';
  return `line: ${brief(key, MOST_OF_JOINED)}${falls}`;
}

function joinedSentence(key: string, joined: number, late: number): string {
  if (joined === 0) return `No record of ${key} is among them.`;
  return `Of ${count(joined, 'record')} of ${key}, which a line joins, ${late} came after a later one.`;
}

function told(
  processed: Trail,
  { pairs, late }: { pairs: Pair[]; late: number },
  keyed: number,
): string {
  const { total } = processed;
  const group = called(processed.group);
  if (total === 0) return `Group ${group} has processed nothing yet.`;
  const known = pairs.length < total ? `of the ${pairs.length} whose order is known ` : '';
  const behind =
    late === 0
      ? 'all in the order of production'
      : `${late} after one that was produced later, ${keyed || 'none'} of them within its key`;
  return `Group ${group} processed ${count(total, 'record')}: ${known}${behind}.`;
}
