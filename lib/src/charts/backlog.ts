import { drain, type Ledger, reach } from '../ledger/index.js';
import { count } from '../words.js';
import {
  done,
  firstFrom,
  goneUnread,
  happened,
  NONE,
  type Times,
  times,
  timesByPartition,
  upTo,
  WHOLE,
} from './backlog-times.js';
import { caveats, nothing } from './drawing/caveats.js';
import { type Chart, chart, pickable, toldApart } from './drawing/chart.js';
import { FEW, rimmed, upwards } from './drawing/lines.js';
import { colours, MOST_COLOURS } from './drawing/palette.js';
import { laneName } from './drawing/record.js';
import {
  brief,
  called,
  forgottenStretch,
  leftOut,
  seconds,
  sentence,
  shortNames,
  telling,
} from './drawing/words.js';

/** In all lines together. */
const MOST_POINTS = 150;

/** One line of the chart: what a group left of a topic, or of one partition of it. Times in order, in milliseconds. */
interface Line {
  name: string;
  /** When the group read its first record. */
  start: number | undefined;
  /** From when on all times are known. */
  keptFrom: number;
  produced: Times;
  processed: Times;
  /** When the last was processed. */
  last: number | undefined;
}

const leftOf = ({ produced, processed }: Line) => happened(produced) - happened(processed);

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
  const trails = groups.map((group) => ledger.trail('processed', { group, topic }));
  const all = trails.map((processed) => ({
    name: nameOf(processed.group),
    start: ledger.trail('delivered', { group: processed.group, topic }).first,
    keptFrom: ledger.keptFrom,
    produced,
    processed: done(times(processed), [...goneUnread(ledger, processed, WHOLE).values()], ledger),
    last: processed.last,
  }));
  const lines = telling(all, MOST_COLOURS, tookOf);
  const first = Math.min(...all.map(({ start = Infinity }) => start));
  const notes = [
    ...leftOut(lines.length, all.length, 'group', 'those that took longest'),
    ...forgottenStretch(ledger, reach(ledger, trails, 0), first),
  ];
  return chart(
    drained(ledger, topic, groups, [...notes, ...caveats(ledger, topic)]),
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
  const trails = {
    produced: ledger.trail('produced', { topic }),
    delivered: ledger.trail('delivered', { group, topic }),
    processed: ledger.trail('processed', { group, topic }),
  };
  const back = reach(ledger, Object.values(trails), from);
  const produced = timesByPartition(trails.produced, back);
  const processed = timesByPartition(trails.processed, back);
  const start = back.isWhole ? trails.delivered.first : firstFrom(trails.delivered, back.from);
  const none = { before: 0, times: [] };
  const gone = goneUnread(ledger, trails.processed, back);
  const all = [...produced.keys()]
    .sort((a, b) => a - b)
    .map((partition) => ({
      name: laneName(partition),
      start,
      keptFrom: ledger.keptFrom,
      produced: produced.get(partition) ?? none,
      processed: done(processed.get(partition) ?? none, [gone.get(partition) ?? NONE], ledger),
      last: trails.processed.newestTime(partition),
    }));
  const title = `What group ${called(group)} has left of topic ${called(topic)}`;
  const lines = telling(all, MOST_COLOURS, burdenOf);
  const notes = [
    ...leftOut(lines.length, all.length, 'partition', 'those with the most records left'),
    ...forgottenStretch(ledger, back, back.isCut ? from : (start ?? Infinity)),
  ];
  const told = [...notes, ...caveats(ledger, topic)];
  const text =
    all.length > 0
      ? waitingSentence(group, all, told)
      : [nothing(ledger, topic), ...told].join(' ');
  return chart(text, drawing(title, 'partition', lines), notes);
}

/** How long a group took, in milliseconds: for ever, while it has something left. */
function tookOf(line: Line): number {
  const { start = 0, last = start } = line;
  return leftOf(line) > 0 ? Infinity : last - start;
}

/** Partitions with records left first, then those that took longest. */
function burdenOf(line: Line): number {
  const left = leftOf(line);
  const { start = 0, last = start } = line;
  return left > 0 ? left : -1 / (1 + Math.max(0, last - start));
}

function drawing(title: string, kind: string, lines: readonly Line[]): Record<string, unknown> {
  const names = lines.map(({ name }) => name);
  const end = Math.max(...lines.map(newestOf));
  const most = Math.ceil(MOST_POINTS / lines.length);
  const values = lines.flatMap((line) => points(line, most, end));
  const { params, opacity } = pickable('name');
  return {
    title,
    params,
    height: 220,
    data: { values },
    mark: {
      type: 'line',
      interpolate: 'step-after',
      ...rimmed('name', names.length),
      point: { size: 26 },
    },
    encoding: {
      x: { field: 'time', type: 'quantitative', title: 'seconds since the first record was read' },
      y: upwards(
        'left',
        'records left',
        values.map(({ left }) => left),
        FEW,
      ),
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

interface Point {
  name: string;
  /** In seconds. */
  time: number;
  left: number;
}

/** When a record was last produced or processed. */
const newestOf = ({ produced, processed }: Line) =>
  Math.max(produced.times.at(-1) ?? 0, processed.times.at(-1) ?? 0);

/**
 * One pass through what happened: a frame of a live chart has 100,000 records to go through. A line with records left goes on
 * to the end of the chart: it stands still.
 */
function points(line: Line, most: number, end: number): Point[] {
  const { name, start, keptFrom, produced, processed } = line;
  if (start === undefined) return [];
  const from = Math.max(start, keptFrom);
  let made = upTo(produced.times, from);
  let done = keptFrom > start ? upTo(processed.times, from) : 0;
  const left = () => Math.max(0, produced.before + made - processed.before - done);
  const changes = produced.times.length - made + processed.times.length - done;
  const step = Math.max(1, Math.ceil(changes / most));
  const point = (time: number) => ({ name, time: Math.round(time - start) / 1000, left: left() });
  const found = [point(from)];
  for (let i = 0; i < changes; i++) {
    const isMade =
      done === processed.times.length ||
      (produced.times[made] ?? Infinity) <= (processed.times[done] as number);
    const time = (isMade ? produced.times[made++] : processed.times[done++]) as number;
    if (i % step < step - 1 && i < changes - 1) continue;
    found.push(point(time));
  }
  if (left() > 0 && end > newestOf(line)) found.push(point(end));
  return found;
}

function waitingSentence(group: string, lines: Line[], notes: string[]): string {
  return sentence({
    items: lines,
    weight: burdenOf,
    word: (line) => {
      const { name, start = 0, last } = line;
      const left = leftOf(line);
      if (last === undefined || happened(line.processed) === 0 || left > 0)
        return `${name} has ${count(left, 'record')} left`;
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
  // Of two, the other is the one that is meant.
  const asWhom = drains.length > 2 ? ` as ${first?.name}` : '';
  const ratio = isComparable
    ? ` ${last.name} was ${(first.duration / last.duration).toFixed(2)} times as fast${asWhom}; total / largest share is ${last.bound.toFixed(2)}.`
    : '';
  return sentence({
    items: drains,
    weight: ({ duration }) => duration,
    word,
    say: (words) => `${words.join('; ')}.${ratio}`,
    notes,
  });
}
