import { byName, type Ledger, type Trail } from '../ledger/index.js';
import { count, list } from '../words.js';
import { caveats, nothing } from './drawing/caveats.js';
import {
  axisOf,
  BRIEF,
  type Chart,
  chart,
  INK,
  PAPER,
  pickable,
  rows,
  toldApart,
} from './drawing/chart.js';
import { colours, MOST_COLOURS } from './drawing/palette.js';
import { LANE, laneName, PRODUCED_AT, RECORD_WORDS, teller, VALUE } from './drawing/record.js';
import {
  brief,
  called,
  leftOut,
  MOST_NUMBERS,
  newestOnly,
  ofNewest,
  sentence,
  telling,
} from './drawing/words.js';

const MOST_KEYS = 20;

/** The records of one key in one partition. */
interface Field {
  records: number;
  /** Where the newest is among what was produced. */
  newest: number;
}

/** Fields by key and partition. */
type Fields = Map<string, Map<number, Field>>;

/**
 * Which key is in which partition: a row a key, a column a partition, the number of records in each field, whose tooltip
 * shows the newest of them.
 */
export function keys(ledger: Ledger, { topic }: { topic: string }): Chart {
  const produced = ledger.trail('produced', { topic });
  const found = fieldsOf(produced);
  const names = [...found.keys()].sort(byName);
  const drawn = telling(names, MOST_KEYS, (key) => partitionsOf(found.get(key)));
  const lanes = telling(produced.partitions(), MOST_COLOURS, recordsIn(found, drawn));
  const notes = [
    ...leftOut(drawn.length, names.length, 'key', 'those in the most partitions'),
    ...leftOut(
      lanes.length,
      produced.partitions().length,
      'partition',
      "those with most of these keys' records",
    ),
  ];
  const tell = teller(ledger, drawn.length * lanes.length);
  const values = drawn.flatMap((key) =>
    [...(found.get(key) ?? [])]
      .filter(([partition]) => lanes.includes(partition))
      .map(([partition, { records, newest }]) => {
        const [offset, time] = [produced.offset(newest), produced.time(newest)];
        const record = { topic, partition, offset, key, time };
        return { ...tell(record), records };
      }),
  );
  const { params, opacity } = pickable('lane');
  const scale = colours(lanes.map(laneName));
  const drawing = {
    title: `Which key is in which partition of topic ${called(topic)}`,
    height: rows(drawn.length, 24),
    data: { values },
    transform: [LANE, ...RECORD_WORDS],
    encoding: {
      y: { field: 'key', type: 'nominal', title: 'key', sort: null, axis: BRIEF },
      x: { field: 'partition', type: 'ordinal', title: 'partition', axis: { labelAngle: 0 } },
      tooltip: [
        ...['key', 'partition', 'records'].map((field) => ({ field })),
        { field: 'offset', title: 'newest offset' },
        { ...VALUE, title: 'newest value' },
        PRODUCED_AT,
      ],
    },
    layer: [
      {
        params,
        mark: { type: 'rect', fillOpacity: 0.3, stroke: PAPER, strokeWidth: 2 },
        encoding: { color: toldApart('lane', null, scale, axisOf(drawn)), opacity },
      },
      { mark: { type: 'text', color: INK }, encoding: { text: { field: 'records' } } },
    ],
  };
  const text = describe(ledger, topic, found, [...notes, ...caveats(ledger, topic)]);
  return chart(text, drawing, [...newestOnly(produced), ...notes]);
}

const partitionsOf = (fields: Map<number, Field> | undefined) => fields?.size ?? 0;

/** How many records of these keys a partition has. */
function recordsIn(found: Fields, keys: readonly string[]): (partition: number) => number {
  return (partition) =>
    keys.reduce((sum, key) => sum + (found.get(key)?.get(partition)?.records ?? 0), 0);
}

function fieldsOf(produced: Trail): Fields {
  const found: Fields = new Map();
  for (let i = 0; i < produced.length; i++) {
    const key = produced.key(i) ?? 'no key';
    const partition = produced.partition(i);
    const own = found.get(key) ?? new Map<number, Field>();
    found.set(
      key,
      own.set(partition, { records: (own.get(partition)?.records ?? 0) + 1, newest: i }),
    );
  }
  return found;
}

function describe(ledger: Ledger, topic: string, found: Fields, notes: string[]): string {
  if (found.size === 0) return [nothing(ledger, topic), ...notes].join(' ');
  const known = ofNewest(ledger.trail('produced', { topic }));
  const keyed = [...found].filter(([key]) => key !== 'no key');
  const spread = keyed.filter(([, partitions]) => partitions.size > 1);
  const without = found.get('no key');
  const ofTopic = `of topic ${called(topic)}`;
  const parts = keyed.length > 0 ? [`${count(keyed.length, 'key')} in topic ${called(topic)}`] : [];
  if (without)
    parts.push(`records without a key in ${count(without.size, 'partition')} ${ofTopic}`);
  return sentence({
    items: spread,
    weight: ([, partitions]) => partitions.size,
    word: ([key, partitions]) => `${brief(key)} (${inPartitions(partitions)})`,
    say: (words) => {
      const where =
        words.length > 0
          ? `in more than one partition: ${list(words)}`
          : 'each key is in one partition';
      return `${known}${[...parts, ...(keyed.length > 0 ? [where] : [])].join('; ')}.`;
    },
    notes,
  });
}

function inPartitions(partitions: Map<number, Field>): string {
  const numbers = [...partitions.keys()].sort((a, b) => a - b);
  return numbers.length > MOST_NUMBERS ? count(numbers.length, 'partition') : list(numbers);
}
