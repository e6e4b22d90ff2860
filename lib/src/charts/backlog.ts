import { drain, type Ledger, type Trail } from '../ledger/index.js';
import { type Chart, chart, pickable, toldApart } from './chart.js';
import { colours, MOST_COLOURS } from './palette.js';
import { laneName } from './record.js';
import { brief, called, count, leftOut, seconds, sentence, shortNames, telling } from './words.js';

/** In all lines together. */
const MOST_POINTS = 150;

/** One line of the chart: what a group left of a topic, or of one partition of it. Times in order, in milliseconds. */
interface Line {
  name: string;
  /** When the group read its first record. */
  start: number | undefined;
  produced: number[];
  processed: number[];
}

/**
 * How fast groups drain the same topic, each from its own first record: records left over time, a line a group.
 * Give the slowest group first: the others are compared with it.
 */
export function backlog(
  ledger: Ledger,
  { topic, groups }: { topic: string; groups: string[] },
): Chart {
  const produced = times(ledger.trail('produced', { topic }));
  const nameOf = shortNames(groups);
  const all = groups.map((group) => ({
    name: nameOf(group),
    start: firstFrom(ledger.trail('delivered', { group, topic }), 0),
    produced,
    processed: times(ledger.trail('processed', { group, topic })),
  }));
  const lines = telling(all, MOST_COLOURS, tookOf);
  const notes = leftOut(lines.length, all.length, 'group', 'those that took longest');
  return chart(
    drained(ledger, topic, groups, notes),
    drawing(`Draining topic ${called(topic)}`, 'group', lines),
    notes,
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
  const produced = timesByPartition(ledger.trail('produced', { topic }), from);
  const processed = timesByPartition(ledger.trail('processed', { group, topic }), from);
  const start = firstFrom(ledger.trail('delivered', { group, topic }), from);
  const all = [...produced.keys()]
    .sort((a, b) => a - b)
    .map((partition) => ({
      name: laneName(partition),
      start,
      produced: produced.get(partition) ?? [],
      processed: processed.get(partition) ?? [],
    }));
  const title = `What group ${called(group)} has left of topic ${called(topic)}`;
  const lines = telling(all, MOST_COLOURS, burdenOf);
  const notes = leftOut(lines.length, all.length, 'partition', 'those with the most records left');
  return chart(waitingSentence(group, all, notes), drawing(title, 'partition', lines), notes);
}

/** How long a group took, in milliseconds: for ever, while it has something left. */
function tookOf({ start = 0, produced, processed }: Line): number {
  return produced.length > processed.length ? Infinity : (processed.at(-1) ?? start) - start;
}

/** Partitions with records left first, then those that took longest. */
function burdenOf(line: Line): number {
  const left = line.produced.length - line.processed.length;
  const { start = 0, processed } = line;
  return left > 0 ? left : -1 / (1 + Math.max(0, (processed.at(-1) ?? start) - start));
}

function drawing(title: string, kind: string, lines: readonly Line[]): Record<string, unknown> {
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
      y: {
        field: 'left',
        type: 'quantitative',
        title: 'records left',
        axis: { tickMinStep: 1 },
      },
      color: toldApart('name', kind, colours(names)),
      shape: toldApart('name', kind, { domain: names }),
      opacity,
      tooltip: [
        { field: 'name', title: kind },
        { field: 'time', title: 'seconds', format: '.2f' },
        { field: 'left', title: 'records left' },
      ],
    },
  };
}

/** One pass through what happened: a frame of a live chart has 100,000 records to go through. */
function points({ name, start, produced, processed }: Line, most: number): object[] {
  if (start === undefined) return [];
  let made = 0;
  while (made < produced.length && (produced[made] as number) <= start) made++;
  const changes = produced.length - made + processed.length;
  const step = Math.max(1, Math.ceil(changes / most));
  const found = [{ name, time: 0, left: made }];
  for (let i = 0, done = 0; i < changes; i++) {
    const isMade =
      done === processed.length || (produced[made] ?? Infinity) <= (processed[done] as number);
    const time = (isMade ? produced[made++] : processed[done++]) as number;
    if (i % step < step - 1 && i < changes - 1) continue;
    found.push({ name, time: Math.round(time - start) / 1000, left: Math.max(0, made - done) });
  }
  return found;
}

function times(trail: Trail): number[] {
  return Array.from({ length: trail.length }, (_, i) => trail.time(i));
}

function timesByPartition(trail: Trail, from: number): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let i = 0; i < trail.length; i++) {
    const time = trail.time(i);
    if (time < from) continue;
    const own = found.get(trail.partition(i));
    if (own) own.push(time);
    else found.set(trail.partition(i), [time]);
  }
  return found;
}

function firstFrom(trail: Trail, from: number): number | undefined {
  for (let i = 0; i < trail.length; i++) if (trail.time(i) >= from) return trail.time(i);
  return undefined;
}

function waitingSentence(group: string, lines: Line[], notes: string[]): string {
  return sentence({
    of: lines,
    weight: burdenOf,
    word: ({ name, start = 0, produced, processed }) => {
      const last = processed.at(-1);
      const left = produced.length - processed.length;
      if (last === undefined || left > 0) return `${name} has ${count(left, 'record')} left`;
      return `${name} was done after ${seconds(last - start)}`;
    },
    say: (words) => `Group ${called(group)}: ${words.join(', ')}.`,
    notes,
  });
}

/** So many members of a group are named; of more, the first of them by their share. */
const MOST_SHARES = 6;
const FIRST_SHARES = 2;

function drained(ledger: Ledger, topic: string, groups: string[], notes: string[]): string {
  const nameOf = shortNames(groups);
  const drains = groups.map((group) => ({
    name: brief(nameOf(group)),
    ...drain(ledger, group, topic),
  }));
  const word = ({ name, records, duration, members }: (typeof drains)[number]) => {
    const most = members.length > MOST_SHARES ? FIRST_SHARES : MOST_SHARES;
    const named = telling(members, most, (share) => share.records);
    const shares = named.map((share) => `${brief(share.member)} ${share.records}`);
    if (named.length < members.length) shares.push(`${members.length - named.length} more`);
    return `${name} processed ${records} records in ${seconds(duration)} (${shares.join(', ') || 'no member yet'})`;
  };
  const [first, last] = [drains[0], drains.at(-1)];
  const isComparable = first && last && first !== last && first.duration > 0 && last.duration > 0;
  const ratio = isComparable
    ? ` ${last.name} was ${(first.duration / last.duration).toFixed(2)} times as fast; total / largest share is ${last.bound.toFixed(2)}.`
    : '';
  return sentence({
    of: drains,
    weight: ({ duration }) => duration,
    word,
    say: (words) => `${words.join('; ')}.${ratio}`,
    notes,
  });
}
