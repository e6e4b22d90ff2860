import { type Ledger, type Position, positions, recordsIn } from '../ledger/index.js';
import { count, list } from '../words.js';
import { caveats, nothing } from './drawing/caveats.js';
import {
  type Chart,
  chart,
  INK,
  NAMES,
  PAPER,
  pickable,
  rows,
  toldApart,
} from './drawing/chart.js';
import { type DrawnRecord, newestRecords, offsetAxis } from './drawing/newest.js';
import { colours, DOUBTFUL, MOST_COLOURS, UNREAD } from './drawing/palette.js';
import { type OtherPlace, otherPlaces, placeMarks, statesOf } from './drawing/places.js';
import {
  LANE,
  laneName,
  RECORD_TOOLTIP,
  RECORD_WORDS,
  readers,
  type Told,
  teller,
} from './drawing/record.js';
import { called, leftOut, sentence, telling } from './drawing/words.js';

interface Square extends Told {
  state: string;
}

interface Marker {
  partition: number;
  offset: number;
  state: string;
  /** A marker has no key. */
  key: null;
}

export interface LogOptions {
  topic: string;
  group: string;
  /** Whether to tell of committed offsets, once they are explained: false. */
  committed?: boolean;
}

/**
 * The log of a topic: a row of records for each partition, in the order of their offsets, those that the group has
 * processed in colour; below, where it will read next; above, with `committed`, the offset that it has committed; bars at its start and end.
 */
export function log(ledger: Ledger, { topic, group, committed = false }: LogOptions): Chart {
  const found = positions(ledger, group, topic);
  const all = committed ? found : found.map((row) => ({ ...row, committed: undefined }));
  const lanes = telling(all, MOST_COLOURS, unreadOf);
  const doubts = ledger.inDoubt(topic);
  const {
    records,
    most,
    notes: cut,
  } = newestRecords(
    ledger,
    topic,
    lanes.map(({ partition }) => partition),
  );
  const notes = [
    ...leftOut(lanes.length, all.length, 'partition', 'those with the most records unread'),
    ...cut,
  ];
  const text = describe(ledger, { topic, group, committed }, all, [
    ...notes,
    ...caveats(ledger, topic),
  ]);
  const inDoubt = doubtful(doubts, lanes, all, most);
  const others = lanes.flatMap((lane) => {
    const own = records.get(lane.partition) ?? [];
    const first = own.length === most ? (own[0]?.offset ?? 0) : 0;
    return otherPlaces(ledger, topic, lane, { first, most });
  });
  const drawn = [...new Set([...lanes, ...inDoubt].map(({ partition }) => partition))];
  const names = drawn.sort((a, b) => a - b).map(laneName);
  const drawing = {
    title: {
      text: `The log of topic ${called(topic)}, and group ${called(group)}`,
      subtitle: `${committed ? '▼ committed   ' : ''}▲ reads next   ┃ start and end`,
    },
    height: rows(names.length, 58, ROOM),
    data: {
      values: [...marks(ledger, { topic, group }, lanes, records, others), ...inDoubt, ...others],
    },
    transform: [LANE],
    encoding: {
      y: {
        field: 'lane',
        type: 'nominal',
        title: null,
        sort: names,
        axis: NAMES,
      },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records, others) },
    },
    layer: [
      squares(inDoubt.length > 0, others),
      ...placeMarks(others, pickable('state').opacity),
      marker('position', { text: '▲', dy: 21 }, 'reads next'),
      ...(committed ? [marker('committed', { text: '▼', dy: -19 }, 'committed offset')] : []),
      edge('start', 'log starts at offset'),
      edge('end', 'log ends before offset'),
    ],
  };
  return chart(text, drawing, notes);
}

/** Its legend has one line. */
const ROOM = 640;

const unreadOf = ({ start, end, position }: Position) => end - Math.max(start, position);

function marks(
  ledger: Ledger,
  { topic, group }: { topic: string; group: string },
  rows: readonly Position[],
  records: Map<number, DrawnRecord[]>,
  others: readonly OtherPlace[],
): (Square | Marker)[] {
  const processed = ledger.trail('processed', { topic, group });
  const all = [...records.values()].flat();
  const by = readers(ledger, { topic, group }, all);
  const tell = teller(ledger, all.length);
  return rows.flatMap((row) => {
    const { partition } = row;
    const own = records.get(partition) ?? [];
    const squares = own.map((record) => ({
      state: processed.offsets(partition).at(record.offset) > 0 ? 'read' : 'not read yet',
      ...tell(record, by(record)),
    }));
    const places = [...own, ...others.filter((other) => other.partition === partition)];
    const first = places.length > 0 ? Math.min(...places.map(({ offset }) => offset)) : 0;
    return [...squares, ...markers(row, first)];
  });
}

/** Where records in doubt are if nobody else writes: from the end of the log on. In rows that are drawn, and new ones while there is room. */
function doubtful(
  doubts: Map<number, number>,
  lanes: readonly Position[],
  all: readonly Position[],
  most: number,
): Square[] {
  const drawn = new Map(lanes.map(({ partition, end }) => [partition, end]));
  for (const partition of doubts.keys()) {
    const isNew = !all.some((row) => row.partition === partition);
    if (isNew && drawn.size < MOST_COLOURS) drawn.set(partition, 0);
  }
  return [...drawn].flatMap(([partition, end]) =>
    Array.from({ length: Math.min(most, doubts.get(partition) ?? 0) }, (_, i) => ({
      ...{ partition, offset: end + i, key: 'not known yet', state: 'in doubt' },
    })),
  );
}

function squares(someInDoubt: boolean, others: readonly OtherPlace[]): object {
  const { range } = colours(['read']);
  const { params, opacity } = pickable('state');
  const [state, colour] = someInDoubt ? [['in doubt'], [DOUBTFUL]] : [[], []];
  const beside = statesOf(others);
  const scale = {
    domain: ['read', 'not read yet', ...state, ...beside.domain],
    range: [...range, UNREAD, ...colour, ...beside.range],
  };
  return {
    params,
    transform: [{ filter: 'datum.key !== null' }, ...RECORD_WORDS],
    mark: { type: 'rect', height: 22, stroke: PAPER, strokeWidth: 2 },
    encoding: {
      color: toldApart('state', 'record', scale),
      opacity,
      tooltip: RECORD_TOOLTIP,
    },
  };
}

function marker(state: string, mark: { text: string; dy: number }, title: string): object {
  return {
    transform: [{ filter: `datum.state === '${state}'` }],
    mark: { type: 'text', fontSize: 13, color: INK, ...mark },
    encoding: { tooltip: [{ field: 'offset', title }] },
  };
}

function edge(state: string, title: string): object {
  return {
    transform: [{ filter: `datum.state === '${state}'` }],
    mark: { type: 'tick', orient: 'vertical', thickness: 3, size: 30, color: INK },
    encoding: {
      x: { field: 'offset', type: 'ordinal', bandPosition: 0 },
      tooltip: [{ field: 'offset', title }],
    },
  };
}

/** What lies further back than the records that are drawn is in the sentence only. */
function markers({ partition, start, committed, position, end }: Position, first: number) {
  const all = { start, committed, position, end };
  return Object.entries(all)
    .filter(([, offset]) => offset !== undefined && offset >= first)
    .map(([state, offset]) => ({ partition, offset: offset as number, state, key: null }));
}

function describe(
  ledger: Ledger,
  { topic, group, committed }: Required<LogOptions>,
  rows: Position[],
  notes: string[],
): string {
  const total = rows.reduce((sum, { partition }) => sum + recordsIn(ledger, topic, partition), 0);
  if (total === 0) return [nothing(ledger, topic), ...notes].join(' ');
  const holds = `Topic ${called(topic)} holds ${count(total, 'record')}`;
  return sentence({
    items: rows,
    weight: unreadOf,
    word: ({ partition, position, start, end, committed: offset }) => {
      const bookmark = ` (committed: ${offset === undefined ? 'nothing' : `offset ${offset}`})`;
      const log = start === 0 ? `${end}` : `${end} (from ${start} on)`;
      return `${position} of ${log} in partition ${partition}${committed ? bookmark : ''}`;
    },
    say: (words) => `${holds}; group ${called(group)} has read ${list(words)}.`,
    notes,
  });
}
