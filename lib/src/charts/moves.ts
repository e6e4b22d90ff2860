import { byName, type Ledger, type Trail } from '../ledger/index.js';
import { count, list } from '../words.js';
import { caveats } from './drawing/caveats.js';
import {
  axisOf,
  BRIEF,
  type Chart,
  chart,
  NAMES,
  PAPER,
  pickable,
  rows,
  toldApart,
} from './drawing/chart.js';
import { cast, labelInk, weightBy } from './drawing/palette.js';
import { laneName } from './drawing/record.js';
import {
  brief,
  called,
  leftOut,
  MOST_OF_KEY,
  newestOnly,
  ofNewest,
  sentence,
  telling,
} from './drawing/words.js';

const MOST_KEYS = 20;
/** Of each key, the newest stretches of records in one partition. */
const MOST_STRETCHES = 6;

/** Records of one key that went to one partition, one after the other: its first to before its `to`th, counted from 0. */
interface Stretch {
  partition: number;
  from: number;
  to: number;
}

/**
 * Where each key's records went: a row a key, from its first record to its newest, with the colour and the number of the
 * partition. A row whose colour changes is a key that moved.
 */
export function moves(ledger: Ledger, { topic }: { topic: string }): Chart {
  const found = stretches(ledger, topic);
  const names = [...found.keys()].sort(byName);
  const drawn = telling(names, MOST_KEYS, (key) => found.get(key)?.length ?? 0);
  const bars = drawn.flatMap((key) =>
    (found.get(key) ?? []).slice(-MOST_STRETCHES).map(({ partition, from, to }) => ({
      ...{ key: brief(key, MOST_OF_KEY), lane: laneName(partition), partition },
      ...{ from, to, records: to - from },
    })),
  );
  const produced = ledger.trail('produced', { topic });
  const lanes = produced.partitions();
  const { params, opacity } = pickable('lane');
  const { of, ...scale } = cast(lanes.map(laneName), {
    weight: weightBy(bars, ({ lane }) => lane),
  });
  const notes = [
    ...leftOut(drawn.length, names.length, 'key', 'those that moved most often'),
    ...hidden(found),
  ];
  const drawing = {
    title: `Where each key's records went: topic ${called(topic)}`,
    height: rows(drawn.length, 24),
    data: { values: bars.map((bar) => ({ ...bar, lane: of(bar.lane) })) },
    encoding: {
      y: {
        field: 'key',
        type: 'nominal',
        title: null,
        sort: null,
        axis: { ...NAMES, domain: true, ...BRIEF },
      },
      x: {
        field: 'from',
        type: 'quantitative',
        title: "the key's records, one after the other",
        axis: { format: 'd', tickMinStep: 1 },
        scale: { zero: false },
      },
      x2: { field: 'to' },
      tooltip: ['key', 'partition', 'records'].map((field) => ({ field })),
    },
    layer: [
      {
        params,
        mark: { type: 'bar', height: { band: 0.75 }, stroke: PAPER, strokeWidth: 1 },
        encoding: { color: toldApart('lane', null, scale, axisOf(drawn)), opacity },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontWeight: 'bold' },
        encoding: { text: { field: 'partition' }, color: labelInk('lane'), x2: null },
      },
    ],
  };
  const text = describe(produced, found, [...notes, ...caveats(ledger, topic)]);
  return chart(text, drawing, [...newestOnly(produced), ...notes]);
}

function stretches(ledger: Ledger, topic: string): Map<string, Stretch[]> {
  const produced = ledger.trail('produced', { topic });
  const found = new Map<string, Stretch[]>();
  for (let i = 0; i < produced.length; i++) {
    const key = produced.key(i);
    if (key === null) continue;
    const own = found.get(key) ?? [];
    if (own.length === 0) found.set(key, own);
    const last = own.at(-1);
    const partition = produced.partition(i);
    if (last?.partition === partition) last.to++;
    else own.push({ partition, from: last?.to ?? 0, to: (last?.to ?? 0) + 1 });
  }
  return found;
}

function describe(produced: Trail, found: Map<string, Stretch[]>, notes: string[]): string {
  const known = ofNewest(produced);
  const topic = called(produced.topic);
  if (found.size === 0)
    return [`${known}Topic ${topic} holds no record with a key.`, ...notes].join(' ');
  const moved = [...found].filter(([, own]) => own.length > 1);
  const keys = `${count(found.size, 'key')} in topic ${topic}`;
  return sentence({
    items: moved,
    weight: ([, own]) => own.length,
    word: ([key, own]) => `${brief(key)} (${own[0]?.partition} to ${own.at(-1)?.partition})`,
    say: (words) =>
      words.length > 0
        ? `${known}${keys}: ${moved.length} moved, ${list(words)}.`
        : `${known}${keys}: each stayed in its partition.`,
    notes,
  });
}

function hidden(found: Map<string, Stretch[]>): string[] {
  const isLong = [...found.values()].some(({ length }) => length > MOST_STRETCHES);
  return isLong ? [`Only the newest ${MOST_STRETCHES} moves of a key are drawn.`] : [];
}
