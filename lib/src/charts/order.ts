import type { Ledger } from '../ledger/index.js';
import { account } from '../ledger/index.js';
import { type Chart, chart, pickable, toldApart } from './drawing/chart.js';
import { cast, weightBy } from './drawing/palette.js';
import { laneName, RECORD_TOOLTIP, RECORD_WORDS, type Told, teller } from './drawing/record.js';
import { brief, called, caveats, count, newestOnly, noted } from './drawing/words.js';

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
  const points: (Told & { lane: string; produced: number; processed: number })[] = [];
  let compared = 0;
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
    compared++;
    if (rank < highest) late++;
    highest = Math.max(highest, rank);
    if (i % step > 0) continue;
    const record = { topic, partition, offset, key, time: produced.time(rank - 1) };
    const by = brief(processed.member(i));
    points.push({
      ...tell(record, by),
      ...{ lane: laneName(partition), produced: produced.forgotten + rank },
      processed: processed.forgotten + i + 1,
    });
  }
  const lanes = produced.partitions().map(laneName);
  const { of, ...scale } = cast(lanes, { weight: weightBy(points, ({ lane }) => lane) });
  const notes = step > 1 ? [`One record of ${step} is drawn.`] : [];
  const drawing = {
    title: `The order of topic ${called(topic)}, and of group ${called(group)}`,
    height: 260,
    data: { values: points.map((point) => ({ ...point, lane: of(point.lane) })) },
    ...plot(scale),
  };
  const text = told(ledger, { topic, group }, compared, late);
  return chart(noted(text, [...caveats(ledger, topic), ...notes]), drawing, [
    ...newestOnly(processed),
    ...notes,
  ]);
}

function plot(scale: { domain: string[]; range: string[] }): object {
  const { params, opacity } = pickable('lane');
  return {
    transform: RECORD_WORDS,
    params,
    mark: { type: 'point', filled: true, size: 50 },
    encoding: {
      x: { field: 'produced', title: 'place in the order of production', ...places },
      y: { field: 'processed', title: 'place in the order of processing', ...places },
      color: toldApart('lane', 'partition', scale),
      shape: toldApart('lane', 'partition', { domain: scale.domain }),
      opacity,
      tooltip: [
        ...RECORD_TOOLTIP,
        { field: 'produced', title: 'place in production' },
        { field: 'processed', title: 'place in processing' },
      ],
    },
  };
}

function told(
  ledger: Ledger,
  of: { topic: string; group: string },
  compared: number,
  late: number,
): string {
  const { total } = ledger.trail('processed', of);
  if (total === 0) return `Group ${called(of.group)} has processed nothing yet.`;
  const { outOfOrder } = account(ledger, of.group, of.topic);
  const keyed =
    outOfOrder.length === 0
      ? 'none of them within its key'
      : `${outOfOrder.length} of them within its key`;
  const known = compared < total ? `of the ${compared} whose order is known ` : '';
  const behind =
    late === 0
      ? 'all in the order of production'
      : `${late} after one that was produced later, ${keyed}`;
  return `Group ${called(of.group)} processed ${count(total, 'record')}: ${known}${behind}.`;
}
