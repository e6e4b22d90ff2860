import { account, type Fate, fates, type Ledger } from '../ledger/index.js';
import { type Chart, chart, INK, pickable } from './chart.js';
import { colours, UNREAD } from './palette.js';
import { count, older, shortName, shown } from './words.js';

const MOST_ROWS = 24;
const STEPS = ['produced', 'delivered', 'processed', 'committed'] as const;

/** A row a record: how often it was produced, delivered and processed, and whether committed. What is not once stands out. */
export function ledgerTable(
  ledger: Ledger,
  { topic, group }: { topic: string; group: string },
): Chart {
  const all = fates(ledger, group, topic);
  // What went wrong comes first; the newest fill up.
  const odd = all.filter((fate) => fate.processed !== 1).slice(-MOST_ROWS);
  const rest = all.filter((fate) => fate.processed === 1);
  const fill = MOST_ROWS - odd.length;
  const drawn = new Set([...odd, ...(fill > 0 ? rest.slice(-fill) : [])]);
  const rows = all.filter((fate) => drawn.has(fate));
  const names = rows.map(nameOf);
  const { params, opacity } = pickable('state');
  const [once, often] = colours(['once', 'more than once']).range as [string, string];
  const hidden =
    ledger.trail('produced', { topic }).distinct > rows.length
      ? ` ${count(rows.length, 'row')} of them are drawn.`
      : '';
  return chart(sentence(ledger, topic, group) + hidden + older(ledger, topic), {
    title: `The ledger of topic ${shortName(topic)} and group ${shortName(group)}`,
    height: { step: 20 },
    data: { values: rows.flatMap(cells) },
    encoding: {
      y: { field: 'record', type: 'nominal', title: 'partition / offset', sort: names },
      x: {
        field: 'step',
        type: 'nominal',
        title: null,
        sort: [...STEPS],
        axis: { orient: 'top', labelAngle: 0 },
      },
      tooltip: ['record', 'key', 'step', 'times'].map((field) => ({ field })),
    },
    layer: [
      {
        params,
        mark: { type: 'rect', fillOpacity: 0.25, stroke: '#ffffff', strokeWidth: 2 },
        encoding: {
          opacity,
          color: {
            field: 'state',
            type: 'nominal',
            title: 'happened',
            scale: { domain: ['once', 'more than once', 'not'], range: [once, often, UNREAD] },
          },
        },
      },
      { mark: { type: 'text', color: INK }, encoding: { text: { field: 'times' } } },
    ],
  });
}

function nameOf({ partition, offset }: Fate): string {
  return `${partition} / ${offset}`;
}

function cells(fate: Fate): object[] {
  return STEPS.map((step) => {
    const times = Number(fate[step]);
    const state = times === 0 ? 'not' : times === 1 ? 'once' : 'more than once';
    return {
      record: nameOf(fate),
      key: fate.key === null ? 'no key' : shown(fate.key),
      step,
      times,
      state,
    };
  });
}

function sentence(ledger: Ledger, topic: string, group: string): string {
  const { produced, delivered, processed, committed, lost, duplicated, outOfOrder } = account(
    ledger,
    group,
    topic,
  );
  return (
    `Of ${count(produced, 'record')} in topic ${shortName(topic)}, group ${shortName(group)} was delivered ${delivered}, ` +
    `processed ${processed} and committed ${committed}: ${lost.length} lost, ${duplicated.length} processed more than once, ` +
    `${outOfOrder.length} out of order within a key.`
  );
}
