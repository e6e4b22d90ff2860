import type { Ledger } from '../ledger/index.js';
import { type Chart, chart, INK, pickable } from './chart.js';
import { colours } from './palette.js';
import { count, list, older, shortName, shown } from './words.js';

const MOST_KEYS = 20;

/** Which key is in which partition: a row a key, a column a partition, the number of records in each field. */
export function keys(ledger: Ledger, { topic }: { topic: string }): Chart {
  const produced = ledger.trail('produced', { topic });
  const found = new Map<string, Map<number, number>>();
  for (let i = 0; i < produced.length; i++) {
    const key = produced.key(i) ?? 'no key';
    const of = found.get(key) ?? new Map<number, number>();
    found.set(key, of.set(produced.partition(i), (of.get(produced.partition(i)) ?? 0) + 1));
  }
  const names = [...found.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const values = names.slice(0, MOST_KEYS).flatMap((key) =>
    [...(found.get(key) ?? [])].map(([partition, records]) => ({
      key: shown(key),
      partition,
      lane: laneName(partition),
      records,
    })),
  );
  const hidden = names.length > MOST_KEYS ? ` Only the first ${MOST_KEYS} keys are drawn.` : '';
  const { params, opacity } = pickable('lane');
  const scale = colours(produced.partitions().map(laneName));
  return chart(sentence(topic, found) + hidden + older(ledger, topic), {
    title: `Which key is in which partition of topic ${shortName(topic)}`,
    height: { step: 24 },
    data: { values },
    encoding: {
      y: { field: 'key', type: 'nominal', title: 'key', sort: null },
      x: { field: 'partition', type: 'ordinal', title: 'partition', axis: { labelAngle: 0 } },
      tooltip: [{ field: 'key' }, { field: 'partition' }, { field: 'records' }],
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

const laneName = (partition: number) => `partition ${partition}`;

function sentence(topic: string, found: Map<string, Map<number, number>>): string {
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

function words(spread: [string, Map<number, number>][]): string {
  const named = spread
    .slice(0, 5)
    .map(([key, of]) => `${shown(key)} (${list([...of.keys()].sort((a, b) => a - b))})`);
  return named.join(', ') + (spread.length > 5 ? ` and ${spread.length - 5} more` : '');
}
