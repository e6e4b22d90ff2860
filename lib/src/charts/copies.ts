import type { Ledger } from '../ledger/index.js';
import { type Chart, chart, INK, pickable } from './chart.js';
import { newestRecords, offsetAxis } from './newest.js';
import { colours, UNREAD } from './palette.js';
import { laneName, RECORD_TOOLTIP, RECORD_WORDS, readers, type Told, teller } from './record.js';
import { count, older, shortName, shortNames } from './words.js';

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
  { topic, groups }: { topic: string; groups: string[] },
): Chart {
  const nameOf = shortNames(groups);
  const names = groups.map(nameOf);
  const { records, most, hidden } = newestRecords(ledger, topic, groups.length);
  const produced = ledger.trail('produced', { topic });
  const tell = teller(ledger, [...records.values()].flat().length * groups.length);
  const squares = groups.flatMap((group) =>
    squaresOf(ledger, { topic, group, name: nameOf(group) }, records, tell),
  );
  const rows = produced
    .partitions()
    .flatMap((partition) => names.map((name) => rowName(partition, name)));
  const { domain, range } = colours(names);
  const scale = { domain: [...domain, 'not read'], range: [...range, UNREAD] };
  const drawn = hidden ? ` Only the newest ${most} of a partition are drawn.` : '';
  return chart(sentence(ledger, topic, groups) + drawn + older(ledger, topic), {
    title: {
      text: `Who has read what of topic ${shortName(topic)}`,
      subtitle: '◀ the bookmark: the group goes on from here',
    },
    height: { step: 26 },
    data: { values: squares },
    transform: [ROW],
    encoding: {
      y: {
        field: 'row',
        type: 'nominal',
        title: null,
        sort: rows,
        axis: { ticks: false, domain: false },
      },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records) },
    },
    layer: [squaresLayer(scale), bookmarks()],
  });
}

/** As `rowName` has it. */
const ROW = { calculate: "'partition ' + datum.partition + ' · ' + datum.group", as: 'row' };

function rowName(partition: number, group: string): string {
  return `${laneName(partition)} · ${group}`;
}

function squaresLayer(scale: object): object {
  const { params, opacity } = pickable('state');
  return {
    params,
    transform: [{ filter: "datum.state !== 'bookmark'" }, ...RECORD_WORDS],
    mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 3 },
    encoding: {
      color: { field: 'state', type: 'nominal', title: 'read by', scale },
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

function sentence(ledger: Ledger, topic: string, groups: string[]): string {
  const nameOf = shortNames(groups);
  const parts = groups.map(
    (group) => `${nameOf(group)} has read ${ledger.trail('processed', { topic, group }).distinct}`,
  );
  const { total } = ledger.trail('produced', { topic });
  return `Of ${count(total, 'record')} in topic ${shortName(topic)}, ${parts.join(', ')}.`;
}
