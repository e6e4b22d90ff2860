import type { Ledger } from '../ledger/index.js';
import { type Chart, chart } from './chart.js';
import { colours, UNREAD } from './palette.js';
import { count, shortName, shown } from './words.js';

/** A chart draws so many of the newest records of a partition; the sentence counts all. */
const MOST_RECORDS = 40;

interface Square {
  partition: string;
  group: string;
  offset: number;
  state: string;
  key: string;
}

/**
 * Who has read which record: a row a group, a column an offset, one block a partition. A square takes the group's colour
 * once the group has processed the record; the triangle is the group's bookmark, the offset it has committed.
 */
export function copies(ledger: Ledger, { topic, groups }: { topic: string; groups: string[] }): Chart {
  const names = groups.map(shortName);
  const squares = groups.flatMap((group) => squaresOf(ledger, topic, group));
  const { domain, range } = colours(names);
  const scale = { domain: [...domain, 'not read'], range: [...range, UNREAD] };
  return chart(sentence(ledger, topic, groups), {
    title: `Who has read what of topic ${shortName(topic)}`,
    data: { values: squares },
    facet: { row: { field: 'partition', title: null, header: { labelAngle: 0, labelAlign: 'left', labelFontSize: 12 } } },
    spec: {
      width: 560,
      height: { step: 30 },
      encoding: {
        y: { field: 'group', type: 'nominal', title: null, sort: names, axis: { ticks: false, domain: false } },
        x: { field: 'offset', type: 'ordinal', title: 'offset', axis: { labelAngle: 0 } },
      },
      layer: [records(scale), bookmarks()],
    },
  });
}

function records(scale: object): object {
  return {
    transform: [{ filter: "datum.state !== 'bookmark'" }],
    mark: { type: 'square', size: 170, opacity: 1 },
    encoding: {
      color: { field: 'state', type: 'nominal', title: 'read by', scale },
      tooltip: [{ field: 'group' }, { field: 'offset' }, { field: 'key' }, { field: 'state', title: 'read by' }],
    },
  };
}

function bookmarks(): object {
  return {
    transform: [{ filter: "datum.state === 'bookmark'" }],
    mark: { type: 'text', text: '◀', align: 'center', fontSize: 14, color: '#333333' },
    encoding: { tooltip: [{ field: 'group' }, { field: 'offset', title: 'committed offset' }] },
  };
}

function squaresOf(ledger: Ledger, topic: string, group: string): Square[] {
  const produced = ledger.records('produced', { topic });
  const read = new Set(ledger.records('processed', { topic, group }).map(({ partition, offset }) => `${partition}/${offset}`));
  const partitions = [...new Set(produced.map(({ partition }) => partition))].sort((a, b) => a - b);
  return partitions.flatMap((partition) => {
    const base = { partition: `partition ${partition}`, group: shortName(group) };
    const own = produced.filter((fact) => fact.partition === partition).slice(-MOST_RECORDS);
    const squares = own.map(({ offset, key }) => ({
      ...base,
      offset,
      key: key === null ? 'no key' : shown(key),
      state: read.has(`${partition}/${offset}`) ? shortName(group) : 'not read',
    }));
    const bookmark = committedOffset(ledger, topic, group, partition) ?? own[0]?.offset ?? 0;
    return [...squares, { ...base, offset: bookmark, key: '', state: 'bookmark' }];
  });
}

function committedOffset(ledger: Ledger, topic: string, group: string, partition: number): number | undefined {
  return ledger.commits({ topic, group }).filter((fact) => fact.partition === partition).at(-1)?.offset;
}

function sentence(ledger: Ledger, topic: string, groups: string[]): string {
  const produced = ledger.records('produced', { topic });
  const parts = groups.map((group) => {
    const read = new Set(ledger.records('processed', { topic, group }).map(({ partition, offset }) => `${partition}/${offset}`));
    return `${shortName(group)} has read ${read.size}`;
  });
  const perPartition = new Map<number, number>();
  for (const { partition } of produced) perPartition.set(partition, (perPartition.get(partition) ?? 0) + 1);
  const hidden = Math.max(0, ...perPartition.values()) > MOST_RECORDS;
  const drawn = hidden ? ` Only the newest ${MOST_RECORDS} of a partition are drawn.` : '';
  return `Of ${count(produced.length, 'record')} in topic ${shortName(topic)}, ${parts.join(', ')}.${drawn}`;
}
