import { type Ledger, logFates, type Trail } from '../ledger/index.js';
import { count } from '../words.js';
import { caveats } from './drawing/caveats.js';
import {
  axisOf,
  BRIEF,
  type Chart,
  chart,
  INK,
  mostRows,
  NAMES,
  PAPER,
  pickable,
  rows,
  type Scale,
  toldApart,
} from './drawing/chart.js';
import { newestRecords, offsetAxis } from './drawing/newest.js';
import { colours, MOST_COLOURS, UNREAD } from './drawing/palette.js';
import {
  laneName,
  RECORD_TOOLTIP,
  RECORD_WORDS,
  readers,
  type Told,
  teller,
} from './drawing/record.js';
import { brief, called, leftOut, sentence, shortNames, telling } from './drawing/words.js';

interface Square extends Told {
  group: string;
  state: string;
}

type Bookmark = Pick<Square, 'partition' | 'group' | 'offset' | 'state'>;

/**
 * Who has read which record: a row for each partition and group, a column an offset. A square takes the group's colour
 * once the group has processed the record; the triangle is the group's bookmark, the offset it has committed.
 */
export function copies(
  ledger: Ledger,
  { topic, groups: all }: { topic: string; groups: string[] },
): Chart {
  const unread = unreadIn(ledger, topic, all);
  const groups = telling(all, MOST_COLOURS, unread.ofGroup);
  const nameOf = shortNames(all);
  const names = groups.map(nameOf);
  const partitions = ledger.trail('produced', { topic }).partitions();
  const most = Math.floor(mostRows(LEAST_OF_ROW) / Math.max(1, groups.length));
  const kept = telling(partitions, most, unread.ofPartition);
  const { records, notes: cut } = newestRecords(ledger, topic, kept, groups.length);
  const notes = [
    ...leftOut(groups.length, all.length, 'group', FURTHEST),
    ...leftOut(kept.length, partitions.length, 'partition', FURTHEST),
    ...cut,
  ];
  const tell = teller(ledger, [...records.values()].flat().length * groups.length);
  const squares = groups.flatMap((group) =>
    squaresOf(ledger, { topic, group, name: nameOf(group) }, records, tell),
  );
  const order = kept.flatMap((partition) => names.map((name) => rowName(partition, name)));
  const { domain, range } = colours(names);
  const scale = { domain: [...domain, 'not read'], range: [...range, UNREAD] };
  const text = readSentence(ledger, topic, all, [...notes, ...caveats(ledger, topic)]);
  const drawing = {
    title: {
      text: `Who has read what of topic ${called(topic)}`,
      subtitle: '◀ the bookmark: the group continues from here',
    },
    height: rows(order.length, 26),
    data: { values: squares },
    transform: [ROW],
    encoding: {
      y: {
        field: 'row',
        type: 'nominal',
        title: null,
        sort: order,
        axis: { ...NAMES, ...BRIEF },
      },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records) },
    },
    layer: [squaresLayer(scale, axisOf(order)), bookmarks()],
  };
  return chart(text, drawing, notes);
}

/** A row that can be read has so many pixels. */
const LEAST_OF_ROW = 15;
const FURTHEST = 'those with the most records unread';

/** How many records groups have not read: of all partitions, and all groups of one. */
function unreadIn(ledger: Ledger, topic: string, groups: readonly string[]) {
  const produced = ledger.trail('produced', { topic });
  const read = groups.map((group) => ledger.trail('processed', { topic, group }));
  const isWhole = ![...ledger.log(topic).values()].some(({ hasGaps }) => hasGaps);
  const fateOf = logFates(ledger, topic);
  const ofPartition = (partition: number) => {
    const offsets = produced.offsets(partition);
    if (isWhole)
      return read.reduce((sum, of) => sum + offsets.distinct - of.offsets(partition).distinct, 0);
    const kept = [...offsets.entries()].filter(([o]) => fateOf(partition, o) === 'produced');
    const left = (of: Trail) => kept.filter(([offset]) => of.offsets(partition).at(offset) === 0);
    return read.reduce((sum, of) => sum + left(of).length, 0);
  };
  const ofGroup = (group: string) => -ledger.trail('processed', { topic, group }).distinct;
  return { ofGroup, ofPartition };
}

/** As `rowName` has it. */
const ROW = { calculate: "'partition ' + datum.partition + ' · ' + datum.group", as: 'row' };

function rowName(partition: number, group: string): string {
  return `${laneName(partition)} · ${group}`;
}

function squaresLayer(scale: Scale, axes: number): object {
  const { params, opacity } = pickable('state');
  return {
    params,
    transform: [{ filter: "datum.state !== 'bookmark'" }, ...RECORD_WORDS],
    mark: { type: 'rect', stroke: PAPER, strokeWidth: 3 },
    encoding: {
      color: toldApart('state', 'read by', scale, axes),
      opacity,
      tooltip: [{ field: 'group' }, ...RECORD_TOOLTIP],
    },
  };
}

function bookmarks(): object {
  return {
    transform: [{ filter: "datum.state === 'bookmark'" }],
    mark: { type: 'text', text: '◀', align: 'center', fontSize: 14, color: INK },
    encoding: { tooltip: [{ field: 'group' }, { field: 'offset', title: 'bookmark' }] },
  };
}

type Records = ReturnType<typeof newestRecords>['records'];

function squaresOf(
  ledger: Ledger,
  { topic, group, name }: { topic: string; group: string; name: string },
  records: Records,
  tell: ReturnType<typeof teller>,
): (Square | Bookmark)[] {
  const processed = ledger.trail('processed', { topic, group });
  const committed = ledger.trail('committed', { topic, group });
  const by = readers(ledger, { topic, group }, [...records.values()].flat());
  return [...records].flatMap(([partition, own]) => {
    const base = { partition, group: name };
    const squares = own.map((record) => ({
      ...base,
      ...tell(record, by(record)),
      state: processed.offsets(partition).at(record.offset) > 0 ? name : 'not read',
    }));
    // A bookmark further back than what is drawn stands at the left edge.
    const first = own[0]?.offset ?? 0;
    const bookmark = Math.max(committed.newest(partition) ?? first, first);
    return [...squares, { ...base, offset: bookmark, state: 'bookmark' }];
  });
}

function readSentence(ledger: Ledger, topic: string, groups: string[], notes: string[]): string {
  const nameOf = shortNames(groups);
  const readBy = (group: string) => ledger.trail('processed', { topic, group }).distinct;
  const { distinct } = ledger.trail('produced', { topic });
  return sentence({
    items: groups,
    weight: (group) => -readBy(group),
    word: (group) => `${brief(nameOf(group))} has read ${readBy(group)}`,
    say: (words) =>
      `Of ${count(distinct, 'record')} in topic ${called(topic)}, ${words.join(', ')}.`,
    notes,
  });
}
