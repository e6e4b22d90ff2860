import { drain, type Ledger, type RecordFact } from '../ledger/index.js';
import { type Chart, chart, pickable } from './chart.js';
import { colours } from './palette.js';
import { count, seconds, shortName } from './words.js';

/** In all lines together. */
const MOST_POINTS = 150;

/** One line of the chart: what a group left of a topic, or of one partition of it. */
interface Line {
  name: string;
  produced: RecordFact[];
  delivered: RecordFact[];
  processed: RecordFact[];
}

/**
 * How fast groups drain the same topic, each from its own first record: records left over time, a line a group.
 * Give the slowest group first: the others are compared with it.
 */
export function backlog(
  ledger: Ledger,
  { topic, groups }: { topic: string; groups: string[] },
): Chart {
  const lines = groups.map((group) => ({
    name: shortName(group),
    produced: ledger.records('produced', { topic }),
    delivered: ledger.records('delivered', { group, topic }),
    processed: ledger.records('processed', { group, topic }),
  }));
  return chart(
    sentence(ledger, topic, groups),
    drawing(`Draining topic ${shortName(topic)}`, 'group', lines),
  );
}

interface WaitingOptions {
  topic: string;
  group: string;
  /** Leaves out what happened before, in milliseconds since 1970. */
  from?: number;
}

/** What a group has left of each partition over time: a line a partition, from the group's first record on. */
export function waiting(ledger: Ledger, { topic, group, from = 0 }: WaitingOptions): Chart {
  const isLater = ({ time }: RecordFact) => time >= from;
  const produced = ledger.records('produced', { topic }).filter(isLater);
  const delivered = ledger.records('delivered', { group, topic }).filter(isLater);
  const processed = ledger.records('processed', { group, topic }).filter(isLater);
  const partitions = [...new Set(produced.map(({ partition }) => partition))].sort((a, b) => a - b);
  const lines = partitions.map((partition) => {
    const own = (fact: RecordFact) => fact.partition === partition;
    const name = `partition ${partition}`;
    return { name, produced: produced.filter(own), delivered, processed: processed.filter(own) };
  });
  const title = `What group ${shortName(group)} has left of topic ${shortName(topic)}`;
  return chart(waitingSentence(group, lines), drawing(title, 'partition', lines));
}

function drawing(title: string, kind: string, lines: Line[]): Record<string, unknown> {
  const names = lines.map(({ name }) => name);
  const { params, opacity } = pickable('name');
  return {
    title,
    params,
    height: 220,
    data: { values: lines.flatMap((line) => points(line, Math.ceil(MOST_POINTS / lines.length))) },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5, point: { size: 26 } },
    encoding: {
      x: { field: 'time', type: 'quantitative', title: 'seconds since the first record was read' },
      y: { field: 'left', type: 'quantitative', title: 'records left' },
      color: { field: 'name', type: 'nominal', title: kind, scale: colours(names) },
      shape: { field: 'name', type: 'nominal', title: kind, scale: { domain: names } },
      opacity,
      tooltip: [
        { field: 'name', title: kind },
        { field: 'time', title: 'seconds', format: '.2f' },
        { field: 'left', title: 'records left' },
      ],
    },
  };
}

function points({ name, produced, delivered, processed }: Line, most: number): object[] {
  const start = delivered[0]?.time;
  if (start === undefined) return [];
  const before = produced.filter(({ time }) => time <= start).length;
  const later = produced.slice(before);
  const changes = [
    ...later.map(({ time }) => ({ time, by: 1 })),
    ...processed.map(({ time }) => ({ time, by: -1 })),
  ];
  const step = Math.max(1, Math.ceil(changes.length / most));
  let left = before;
  const line = changes
    .sort((a, b) => a.time - b.time)
    .map(({ time, by }) => ({ time: (time - start) / 1000, left: (left += by) }))
    .filter((_, i) => i % step === step - 1 || i === changes.length - 1);
  return [{ time: 0, left: before }, ...line].map((point) => ({
    name,
    time: Math.round(point.time * 1000) / 1000,
    left: Math.max(0, point.left),
  }));
}

function waitingSentence(group: string, lines: Line[]): string {
  const start = lines[0]?.delivered[0]?.time ?? 0;
  const parts = lines.map(({ name, produced, processed }) => {
    const last = processed.at(-1);
    const left = produced.length - processed.length;
    if (!last || left > 0) return `${name} has ${count(left, 'record')} left`;
    return `${name} was done after ${seconds(last.time - start)}`;
  });
  return `Group ${shortName(group)}: ${parts.join(', ')}.`;
}

function sentence(ledger: Ledger, topic: string, groups: string[]): string {
  const drains = groups.map((group) => ({
    name: shortName(group),
    ...drain(ledger, group, topic),
  }));
  const parts = drains.map(({ name, records, duration, members }) => {
    const shares = members.map((share) => `${share.member} ${share.records}`).join(', ');
    return `${name} processed ${records} records in ${seconds(duration)} (${shares || 'no member yet'})`;
  });
  const [first, last] = [drains[0], drains.at(-1)];
  const isComparable = first && last && first !== last && first.duration > 0 && last.duration > 0;
  const ratio = isComparable
    ? ` ${last.name} was ${(first.duration / last.duration).toFixed(2)} times as fast; total / largest share is ${last.bound.toFixed(2)}.`
    : '';
  return `${parts.join('; ')}.${ratio}`;
}
