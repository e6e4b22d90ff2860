import type { CommitFact, Ledger, RecordFact } from '../ledger/index.js';
import { type Chart, chart } from './chart.js';
import { colours, UNREAD } from './palette.js';
import { count, list, shortName, shown } from './words.js';

/** A chart draws so many of the newest records of a partition; the sentence counts all. */
const MOST_RECORDS = 40;

/**
 * The log of a topic: a row of records for each partition, in the order of their offsets, those that the group has
 * processed in colour; below, where it will read next; above, the offset that it has committed.
 */
export function log(ledger: Ledger, { topic, group }: { topic: string; group: string }): Chart {
  const produced = ledger.records('produced', { topic });
  const processed = ledger.records('processed', { topic, group });
  const partitions = [...new Set(produced.map(({ partition }) => partition))].sort((a, b) => a - b);
  const commits = ledger.commits({ topic, group });
  const rows = partitions.map((partition) => row(partition, produced, processed, commits));
  const { range } = colours(['read']);
  return chart(sentence(topic, group, rows), {
    title: `The log of topic ${shortName(topic)}, and group ${shortName(group)}: ▲ reads next, ▼ committed`,
    height: { step: 58 },
    data: { values: rows.flatMap(({ records }) => records) },
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null, axis: { ticks: false, domain: false } },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: { labelAngle: 0 } },
    },
    layer: [
      {
        transform: [{ filter: 'datum.key !== null' }],
        mark: { type: 'square', size: 420, cornerRadius: 3, opacity: 1 },
        encoding: {
          color: {
            field: 'state',
            type: 'nominal',
            title: 'record',
            scale: { domain: ['read', 'not read yet'], range: [...range, UNREAD] },
          },
          tooltip: [{ field: 'offset' }, { field: 'key' }, { field: 'state' }],
        },
      },
      marker('position', { text: '▲', dy: 21 }, 'reads next'),
      marker('committed', { text: '▼', dy: -19 }, 'committed offset'),
    ],
  });
}

function marker(state: string, mark: { text: string; dy: number }, title: string): object {
  return {
    transform: [{ filter: `datum.state === '${state}'` }],
    mark: { type: 'text', fontSize: 13, color: '#333333', ...mark },
    encoding: { tooltip: [{ field: 'offset', title }] },
  };
}

interface Row {
  partition: number;
  end: number;
  position: number;
  committed: number | undefined;
  /** A marker has no key. */
  records: { lane: string; offset: number; state: string; key: string | null }[];
}

function row(
  partition: number,
  produced: RecordFact[],
  processed: RecordFact[],
  commits: CommitFact[],
): Row {
  const lane = `partition ${partition}`;
  const own = produced.filter((fact) => fact.partition === partition);
  const read = new Set(processed.filter((fact) => fact.partition === partition).map(({ offset }) => offset));
  const end = Math.max(-1, ...own.map(({ offset }) => offset)) + 1;
  const position = Math.max(-1, ...read) + 1;
  const committed = commits.filter((fact) => fact.partition === partition).at(-1)?.offset;
  const records: Row['records'] = own.slice(-MOST_RECORDS).map(({ offset, key }) => ({
    lane,
    offset,
    state: read.has(offset) ? 'read' : 'not read yet',
    key: key === null ? 'no key' : shown(key),
  }));
  records.push({ lane, offset: position, state: 'position', key: null });
  if (committed !== undefined) records.push({ lane, offset: committed, state: 'committed', key: null });
  return { partition, end, position, committed, records };
}

function sentence(topic: string, group: string, rows: Row[]): string {
  const total = rows.reduce((sum, { end }) => sum + end, 0);
  const positions = rows.map(({ partition, position, end, committed }) => {
    const bookmark = committed === undefined ? 'nothing' : `offset ${committed}`;
    return `${position} of ${end} in partition ${partition} (committed: ${bookmark})`;
  });
  const hidden = Math.max(0, ...rows.map(({ end }) => end - MOST_RECORDS));
  const drawn = hidden > 0 ? ` Only the newest ${MOST_RECORDS} of a partition are drawn.` : '';
  if (total === 0) return `Topic ${shortName(topic)} is empty.`;
  return `Topic ${shortName(topic)} holds ${count(total, 'record')}; group ${shortName(group)} has read ${list(positions)}.${drawn}`;
}
