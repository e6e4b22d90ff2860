import { byName, type Ledger, type Trail } from '../ledger/index.js';
import { type Chart, chart, INK, pickable } from './chart.js';
import { colours } from './palette.js';
import { LANE, laneName, PRODUCED_AT, RECORD_WORDS, teller, VALUE } from './record.js';
import { count, list, older, shortName, shown } from './words.js';

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
 * Which key is in which partition: a row a key, a column a partition, the number of records in each field, whose tooltip tells the
 * newest of them.
 */
export function keys(ledger: Ledger, { topic }: { topic: string }): Chart {
  const produced = ledger.trail('produced', { topic });
  const found = fieldsOf(produced);
  const names = [...found.keys()].sort(byName);
  const drawn = names.slice(0, MOST_KEYS);
  const tell = teller(ledger, drawn.length * produced.partitions().length);
  const values = drawn.flatMap((key) =>
    [...(found.get(key) ?? [])].map(([partition, { records, newest }]) => {
      const [offset, time] = [produced.offset(newest), produced.time(newest)];
      const record = { topic, partition, offset, key, time };
      return { ...tell(record), records };
    }),
  );
  const hidden = names.length > MOST_KEYS ? ` Only the first ${MOST_KEYS} keys are drawn.` : '';
  const { params, opacity } = pickable('lane');
  const scale = colours(produced.partitions().map(laneName));
  return chart(sentence(topic, found) + hidden + older(ledger, topic), {
    title: `Which key is in which partition of topic ${shortName(topic)}`,
    height: { step: 24 },
    data: { values },
    transform: [LANE, ...RECORD_WORDS],
    encoding: {
      y: { field: 'key', type: 'nominal', title: 'key', sort: null },
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
        mark: { type: 'rect', fillOpacity: 0.3, stroke: '#ffffff', strokeWidth: 2 },
        encoding: { color: { field: 'lane', type: 'nominal', title: null, scale }, opacity },
      },
      { mark: { type: 'text', color: INK }, encoding: { text: { field: 'records' } } },
    ],
  });
}

function fieldsOf(produced: Trail): Fields {
  const found: Fields = new Map();
  for (let i = 0; i < produced.length; i++) {
    const key = produced.key(i) ?? 'no key';
    const partition = produced.partition(i);
    const of = found.get(key) ?? new Map<number, Field>();
    found.set(
      key,
      of.set(partition, { records: (of.get(partition)?.records ?? 0) + 1, newest: i }),
    );
  }
  return found;
}

function sentence(topic: string, found: Fields): string {
  if (found.size === 0) return `Topic ${shortName(topic)} is empty.`;
  const keyed = [...found].filter(([key]) => key !== 'no key');
  const spread = keyed.filter(([, partitions]) => partitions.size > 1);
  const without = found.get('no key');
  const parts =
    keyed.length > 0 ? [`${count(keyed.length, 'key')} in topic ${shortName(topic)}`] : [];
  if (without)
    parts.push(
      `records without a key in ${count(without.size, 'partition')} of topic ${shortName(topic)}`,
    );
  if (keyed.length > 0) {
    parts.push(
      spread.length === 0
        ? 'each key is in one partition'
        : `in more than one partition: ${words(spread)}`,
    );
  }
  return `${parts.join('; ')}.`;
}

function words(spread: [string, Map<number, Field>][]): string {
  const named = spread
    .slice(0, 5)
    .map(([key, of]) => `${shown(key)} (${list([...of.keys()].sort((a, b) => a - b))})`);
  return named.join(', ') + (spread.length > 5 ? ` and ${spread.length - 5} more` : '');
}
