import { type Ledger, type Position, positions } from '../../ledger/index.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, NAMES, rows } from '../drawing/chart.js';
import { newestRecords, offsetAxis } from '../drawing/newest.js';
import { MOST_COLOURS } from '../drawing/palette.js';
import { otherPlaces } from '../drawing/places.js';
import { LANE, laneName } from '../drawing/record.js';
import { called, leftOut, telling } from '../drawing/words.js';
import { layers } from './layers.js';
import { inDoubtOf, type LogOptions, markersOf, squaresOf, unreadOf } from './marks.js';
import { describe } from './text.js';

/** Where title, one line of legend and axes leave so much of a chart's height, in pixels. */
const ROOM = 640;

/**
 * The log of a topic: a row of records for each partition, in the order of their offsets, those that the group has
 * processed in colour; below, where it will read next; above, with `committed`, the offset that it has committed; bars at its start and end.
 */
export function log(ledger: Ledger, options: LogOptions): Chart {
  const { topic, group, committed = false } = options;
  const found = positions(ledger, group, topic);
  const all = committed ? found : found.map((row) => ({ ...row, committed: undefined }));
  const { names, records, others, doubtful, values, notes } = drawn(ledger, options, all);
  const signs = [...(committed ? ['▼ committed'] : []), '▲ reads next', '┃ start and end'];
  const drawing = {
    title: {
      text: `The log of topic ${called(topic)}, and group ${called(group)}`,
      subtitle: signs.join(' · '),
    },
    height: rows(names.length, 58, ROOM),
    data: { values },
    transform: [LANE],
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null, sort: names, axis: NAMES },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records, others) },
    },
    layer: layers({ others, isDoubtful: doubtful.length > 0, committed }),
  };
  const said = [...notes, ...caveats(ledger, topic)];
  return chart(describe(ledger, options, all, said), drawing, notes);
}

/** The marks of the partitions and records for which there is room, and notes of what is left out. */
function drawn(ledger: Ledger, { topic, group }: LogOptions, all: readonly Position[]) {
  const lanes = telling(all, MOST_COLOURS, unreadOf);
  const partitions = lanes.map(({ partition }) => partition);
  const { records, most, notes: cut } = newestRecords(ledger, topic, partitions);
  const others = lanes.flatMap((lane) => {
    const own = records.get(lane.partition) ?? [];
    const first = own.length === most ? (own[0]?.offset ?? 0) : 0;
    return otherPlaces(ledger, topic, lane, { first, most });
  });
  const doubtful = inDoubtOf(ledger.inDoubt(topic), { lanes, all, most });
  const shown = new Set([...lanes, ...doubtful].map(({ partition }) => partition));
  const names = [...shown].sort((a, b) => a - b).map(laneName);
  const squares = squaresOf(ledger, { topic, group }, records);
  const markers = lanes.flatMap((lane) => markersOf(lane, records, others));
  const which = 'those with the most records unread';
  const notes = [...leftOut(lanes.length, all.length, 'partition', which), ...cut];
  const values = [...squares, ...markers, ...doubtful, ...others];
  return { names, records, others, doubtful, values, notes };
}
