import {
  type Account,
  account,
  type Fate,
  fates,
  type Ledger,
  placeName,
} from '../ledger/index.js';
import { count } from '../words.js';
import { caveats } from './drawing/caveats.js';
import { type Chart, chart, INK, PAPER, pickable, type Scale, toldApart } from './drawing/chart.js';
import { colours, UNREAD } from './drawing/palette.js';
import { RECORD_TOOLTIP, RECORD_WORDS, readers, teller } from './drawing/record.js';
import { called, leftOut, noted } from './drawing/words.js';

const MOST_ROWS = 24;
const STEPS = ['produced', 'delivered', 'processed', 'committed'] as const;

/** A row a record: how often it was produced, delivered and processed, and whether committed. What is not once stands out, and what was skipped. */
export function ledgerTable(
  ledger: Ledger,
  { topic, group }: { topic: string; group: string },
): Chart {
  const did = account(ledger, group, topic);
  const skipped = new Set(did.skipped.map(placeName));
  const all = fates(ledger, group, topic).filter((fate) => !isGone(fate));
  // What went wrong comes first; the newest fill up.
  const odd = all.filter((fate) => fate.processed !== 1).slice(-MOST_ROWS);
  const rest = all.filter((fate) => fate.processed === 1);
  const fill = MOST_ROWS - odd.length;
  const drawn = new Set([...odd, ...(fill > 0 ? rest.slice(-fill) : [])]);
  const rows = all.filter((fate) => drawn.has(fate));
  const names = rows.map(nameOf);
  const by = readers(ledger, { topic, group }, rows);
  const tell = teller(ledger, rows.length);
  const values = rows.map((fate) => ({
    record: nameOf(fate),
    isSkipped: skipped.has(placeName(fate)),
    ...tell(fate, by(fate)),
    ...Object.fromEntries(STEPS.map((step) => [step, Number(fate[step])])),
  }));
  const { params, opacity } = pickable('state');
  const { distinct } = ledger.trail('produced', { topic });
  const notes = leftOut(
    rows.length,
    distinct,
    'record',
    'those not processed once, then the newest',
  );
  const drawing = {
    title: `The ledger of topic ${called(topic)} and group ${called(group)}`,
    height: 20 * Math.max(1, rows.length),
    data: { values },
    transform: [{ fold: STEPS, as: ['step', 'times'] }, STATE, ...RECORD_WORDS],
    encoding: {
      y: { field: 'record', type: 'nominal', title: 'partition / offset', sort: names },
      x: {
        field: 'step',
        type: 'nominal',
        title: null,
        sort: [...STEPS],
        axis: { orient: 'top', labelAngle: 0 },
      },
      tooltip: [{ field: 'step' }, { field: 'times' }, ...RECORD_TOOLTIP],
    },
    layer: [
      {
        params,
        mark: { type: 'rect', fillOpacity: 0.25, stroke: PAPER, strokeWidth: 2 },
        encoding: {
          opacity,
          color: toldApart('state', 'happened', scaleOf(skipped.size > 0)),
        },
      },
      { mark: { type: 'text', color: INK }, encoding: { text: { field: 'times' } } },
    ],
  };
  const text = noted(describe(ledger, { topic, group }, did), [
    ...caveats(ledger, topic),
    ...notes,
  ]);
  return chart(text, drawing, notes);
}

/** Grey is what has not happened (yet); what was skipped will not happen any more. */
function scaleOf(hasSkipped: boolean): Scale {
  // The third is for what is more often: skipped has the colour that it has on the tape of a bookmark.
  const all = colours(['once', 'more than once', 'more often', 'skipped']).range;
  const [once, often, , skipped] = all as string[];
  const scale = { domain: ['once', 'more than once', 'not'], range: [once!, often!, UNREAD] };
  if (!hasSkipped) return scale;
  return { domain: [...scale.domain, 'skipped'], range: [...scale.range, skipped!] };
}

const STATE = {
  calculate:
    "datum.step == 'processed' && datum.isSkipped ? 'skipped' : " +
    "datum.times == 0 ? 'not' : datum.times == 1 ? 'once' : 'more than once'",
  as: 'state',
};

/** It left the log before the group read it: it is not to be read any more, nor skipped by the group. */
function isGone({ fate, processed, committed }: Fate): boolean {
  const hasLeft = fate === 'expired' || fate === 'deleted' || fate === 'compacted';
  return processed === 0 && hasLeft && (fate === 'compacted' || !committed);
}

function nameOf({ partition, offset }: Fate): string {
  return `${partition} / ${offset}`;
}

function describe(
  ledger: Ledger,
  { topic, group }: { topic: string; group: string },
  did: Account,
): string {
  const { forgotten, length } = ledger.trail('processed', { topic, group });
  const known = forgotten > 0 ? ` among the newest ${length}` : '';
  const { produced, delivered, processed, committed, skipped, repeated, outOfOrder } = did;
  return (
    `Of ${count(produced, 'record')} in topic ${called(topic)}, group ${called(group)} was delivered ${delivered}, ` +
    `processed ${processed} and committed ${committed}: ${skipped.length} skipped, ${repeated.length} processed more than once, ` +
    `${outOfOrder.length} out of order within a key${known}.`
  );
}
