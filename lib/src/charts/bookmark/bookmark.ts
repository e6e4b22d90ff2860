import { type Account, account, type Ledger, type Rewind, rewinds } from '../../ledger/index.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, NAMES, rows } from '../drawing/chart.js';
import { newestRecords, offsetAxis } from '../drawing/newest.js';
import { MOST_COLOURS } from '../drawing/palette.js';
import { LANE, laneName } from '../drawing/record.js';
import { called, leftOut, telling } from '../drawing/words.js';
import { layers } from './layers.js';
import { arrowsOf, type BookmarkOptions, squaresOf } from './marks.js';
import { describe } from './text.js';

/** Where title, one line of legend and axes leave so much of a chart's height, in pixels. */
const ROOM = 640;

/**
 * How often a group has processed each record of a topic: a row for each partition. Above it the bookmark, where the group reads on;
 * below it an arrow for each time that the bookmark was moved back, the newest one on top.
 */
export function bookmark(ledger: Ledger, options: BookmarkOptions): Chart {
  const { topic, group } = options;
  const did = account(ledger, group, topic);
  const moves = rewinds(ledger, group, topic);
  const { lanes, records, values, notes } = drawn(ledger, options, { did, moves });
  const drawing = {
    title: {
      text: `How often group ${called(group)} has processed the records of ${called(topic)}`,
      subtitle: '▼ the bookmark: the group reads on from here · ◀ it was moved back',
    },
    height: rows(lanes.length, 70, ROOM),
    data: { values },
    transform: [LANE],
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null, sort: lanes.map(laneName), axis: NAMES },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records) },
    },
    layer: layers(values),
  };
  const said = [...notes, ...caveats(ledger, topic)];
  return chart(describe(ledger, options, { did, moves }, said), drawing, notes);
}

/** The marks of the partitions and records for which there is room, and notes of what is left out. */
function drawn(
  ledger: Ledger,
  { topic, group }: BookmarkOptions,
  { did, moves }: { did: Account; moves: readonly Rewind[] },
) {
  const processed = ledger.trail('processed', { topic, group });
  const partitions = ledger.trail('produced', { topic }).partitions();
  const lanes = telling(partitions, MOST_COLOURS, (p) => processed.offsets(p).repeated);
  const { records, notes: cut } = newestRecords(ledger, topic, lanes);
  const { arrows, notes: old } = arrowsOf(moves, records);
  const squares = squaresOf(ledger, { topic, group }, records, did.skipped);
  const left = leftOut(
    lanes.length,
    partitions.length,
    'partition',
    'those with the most repeated',
  );
  return { lanes, records, values: [...squares, ...arrows], notes: [...left, ...cut, ...old] };
}
