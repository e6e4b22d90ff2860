import { byName, type Ledger } from '../ledger/index.js';
import { type Chart, chart, pickable } from './chart.js';
import { colours } from './palette.js';
import { laneName } from './record.js';
import { count, older, shortName, shown } from './words.js';

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
  const values = names.slice(0, MOST_KEYS).flatMap((key) =>
    (found.get(key) ?? []).slice(-MOST_STRETCHES).map(({ partition, from, to }) => ({
      ...{ key: shown(key), lane: laneName(partition), partition },
      ...{ from, to, records: to - from },
    })),
  );
  const lanes = ledger.trail('produced', { topic }).partitions();
  const { params, opacity } = pickable('lane');
  const scale = colours(lanes.map(laneName));
  return chart(sentence(topic, found) + hidden(found) + older(ledger, topic), {
    title: `Where each key's records went: topic ${shortName(topic)}`,
    height: { step: 24 },
    data: { values },
    encoding: {
      y: { field: 'key', type: 'nominal', title: null, sort: null, axis: { ticks: false } },
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
        mark: { type: 'bar', height: 18, stroke: '#ffffff', strokeWidth: 1 },
        encoding: { color: { field: 'lane', type: 'nominal', title: null, scale }, opacity },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontWeight: 'bold', color: '#ffffff' },
        encoding: { text: { field: 'partition' }, x2: null },
      },
    ],
  });
}

function stretches(ledger: Ledger, topic: string): Map<string, Stretch[]> {
  const produced = ledger.trail('produced', { topic });
  const found = new Map<string, Stretch[]>();
  for (let i = 0; i < produced.length; i++) {
    const key = produced.key(i);
    if (key === null) continue;
    const of = found.get(key) ?? [];
    if (of.length === 0) found.set(key, of);
    const last = of.at(-1);
    const partition = produced.partition(i);
    if (last?.partition === partition) last.to++;
    else of.push({ partition, from: last?.to ?? 0, to: (last?.to ?? 0) + 1 });
  }
  return found;
}

function sentence(topic: string, found: Map<string, Stretch[]>): string {
  if (found.size === 0) return `Topic ${shortName(topic)} holds no record with a key.`;
  const moved = [...found].filter(([, of]) => of.length > 1);
  const keys = `${count(found.size, 'key')} in topic ${shortName(topic)}`;
  if (moved.length === 0) return `${keys}: each stayed in its partition.`;
  const named = moved
    .slice(0, 5)
    .map(([key, of]) => `${shown(key)} (${of[0]?.partition} to ${of.at(-1)?.partition})`);
  const more = moved.length > 5 ? ` and ${moved.length - 5} more` : '';
  return `${keys}: ${moved.length} moved, ${named.join(', ')}${more}.`;
}

function hidden(found: Map<string, Stretch[]>): string {
  const keys = found.size > MOST_KEYS ? ` Only the first ${MOST_KEYS} keys are drawn.` : '';
  const isLong = [...found.values()].some(({ length }) => length > MOST_STRETCHES);
  return keys + (isLong ? ` Only the newest ${MOST_STRETCHES} moves of a key are drawn.` : '');
}
