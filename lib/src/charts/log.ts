import type { Ledger, RecordFact } from '../ledger/index.js';
import { type Chart, chart } from './chart.js';
import { colours, UNREAD } from './palette.js';
import { count, list, shortName, shown } from './words.js';

/** A chart draws so many of the newest records of a partition; the sentence counts all. */
const MOST_RECORDS = 40;

/**
 * The log of a topic: a row of records for each partition, in the order of their offsets, those that the group has
 * processed in colour, and a marker where it will read next.
 */
export function log(ledger: Ledger, { topic, group }: { topic: string; group: string }): Chart {
  const produced = ledger.records('produced', { topic });
  const processed = ledger.records('processed', { topic, group });
  const partitions = [...new Set(produced.map(({ partition }) => partition))].sort((a, b) => a - b);
  const rows = partitions.map((partition) => row(partition, produced, processed));
  const { range } = colours(['read']);
  return chart(sentence(topic, group, rows), {
    title: `The log of topic ${shortName(topic)}, and where group ${shortName(group)} will read next`,
    height: { step: 48 },
    data: { values: rows.flatMap(({ records }) => records) },
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null, axis: { ticks: false, domain: false } },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: { labelAngle: 0 } },
    },
    layer: [
      {
        transform: [{ filter: 'datum.state !== "position"' }],
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
      {
        transform: [{ filter: 'datum.state === "position"' }],
        mark: { type: 'text', text: '▲', dy: 21, fontSize: 13, color: '#333333' },
        encoding: { tooltip: [{ field: 'offset', title: 'reads next' }] },
      },
    ],
  });
}

interface Row {
  partition: number;
  end: number;
  position: number;
  records: { lane: string; offset: number; state: string; key: string }[];
}

function row(partition: number, produced: RecordFact[], processed: RecordFact[]): Row {
  const lane = `partition ${partition}`;
  const own = produced.filter((fact) => fact.partition === partition);
  const read = new Set(processed.filter((fact) => fact.partition === partition).map(({ offset }) => offset));
  const end = Math.max(-1, ...own.map(({ offset }) => offset)) + 1;
  const position = Math.max(-1, ...read) + 1;
  const records = own.slice(-MOST_RECORDS).map(({ offset, key }) => ({
    lane,
    offset,
    state: read.has(offset) ? 'read' : 'not read yet',
    key: key === null ? 'no key' : shown(key),
  }));
  records.push({ lane, offset: position, state: 'position', key: '' });
  return { partition, end, position, records };
}

function sentence(topic: string, group: string, rows: Row[]): string {
  const total = rows.reduce((sum, { end }) => sum + end, 0);
  const positions = rows.map(({ partition, position, end }) => `${position} of ${end} in partition ${partition}`);
  const hidden = Math.max(0, ...rows.map(({ end }) => end - MOST_RECORDS));
  const drawn = hidden > 0 ? ` Only the newest ${MOST_RECORDS} of a partition are drawn.` : '';
  if (total === 0) return `Topic ${shortName(topic)} is empty.`;
  return `Topic ${shortName(topic)} holds ${count(total, 'record')}; group ${shortName(group)} has read ${list(positions)}.${drawn}`;
}
