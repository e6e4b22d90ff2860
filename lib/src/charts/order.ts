import type { Ledger } from '../ledger/index.js';
import { account } from '../ledger/index.js';
import { type Chart, chart, pickable } from './chart.js';
import { colours } from './palette.js';
import { LANE, laneName, RECORD_TOOLTIP, RECORD_WORDS, teller } from './record.js';
import { count, older, shortName, shown } from './words.js';

const MOST_POINTS = 120;
/** Places are whole numbers, also where there are few. */
const places = { type: 'quantitative', axis: { tickMinStep: 1, format: 'd' } };

/**
 * In which order records were produced (to the right) and processed (upwards). A straight line is one order; where it is not,
 * the marks of each partition still rise.
 */
export function order(ledger: Ledger, { topic, group }: { topic: string; group: string }): Chart {
  const produced = ledger.trail('produced', { topic });
  const processed = ledger.trail('processed', { topic, group });
  const ranks = new Map<number, Map<number, number>>(
    produced.partitions().map((p) => [p, new Map()]),
  );
  for (let i = 0; i < produced.length; i++)
    ranks.get(produced.partition(i))?.set(produced.offset(i), i + 1);
  const tell = teller(ledger, Math.min(processed.length, MOST_POINTS));
  const step = Math.max(1, Math.ceil(processed.length / MOST_POINTS));
  const values: object[] = [];
  let late = 0;
  let highest = 0;
  for (let i = 0; i < processed.length; i++) {
    const [partition, offset, key] = [
      processed.partition(i),
      processed.offset(i),
      processed.key(i),
    ];
    const rank = ranks.get(partition)?.get(offset);
    if (rank === undefined) continue;
    if (rank < highest) late++;
    highest = Math.max(highest, rank);
    if (i % step > 0) continue;
    const record = { topic, partition, offset, key, time: produced.time(rank - 1) };
    const by = shown(processed.member(i));
    values.push({ ...tell(record, by), produced: rank, processed: i + 1 });
  }
  const lanes = produced.partitions().map(laneName);
  const drawn = step > 1 ? ` One of ${step} is drawn.` : '';
  const { params, opacity } = pickable('lane');
  return chart(
    sentence(ledger, { topic, group }, processed.length, late) + drawn + older(ledger, topic),
    {
      title: `The order of topic ${shortName(topic)}, and of group ${shortName(group)}`,
      height: 260,
      data: { values },
      transform: [LANE, ...RECORD_WORDS],
      params,
      mark: { type: 'point', filled: true, size: 50 },
      encoding: {
        x: { field: 'produced', title: 'place in the order of production', ...places },
        y: { field: 'processed', title: 'place in the order of processing', ...places },
        color: { field: 'lane', type: 'nominal', title: 'partition', scale: colours(lanes) },
        shape: {
          field: 'lane',
          type: 'nominal',
          title: 'partition',
          scale: { domain: lanes },
        },
        opacity,
        tooltip: [
          ...RECORD_TOOLTIP,
          { field: 'produced', title: 'place in production' },
          { field: 'processed', title: 'place in processing' },
        ],
      },
    },
  );
}

function sentence(
  ledger: Ledger,
  of: { topic: string; group: string },
  records: number,
  late: number,
): string {
  if (records === 0) return `Group ${shortName(of.group)} has processed nothing yet.`;
  const { outOfOrder } = account(ledger, of.group, of.topic);
  const keyed =
    outOfOrder.length === 0
      ? 'none of them within its key'
      : `${outOfOrder.length} of them within its key`;
  const behind =
    late === 0
      ? 'all in the order of production'
      : `${late} after one that was produced later, ${keyed}`;
  return `Group ${shortName(of.group)} processed ${count(records, 'record')}: ${behind}.`;
}
