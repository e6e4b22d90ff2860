import { type ExecutedCell, said } from './course.ts';

/** Cells whose counts another run of them may change, by why: only their verdicts have to stay. */
const VARYING: Record<string, string[]> = {
  'names, addresses and processes of the run': ['open-lab', '08/start-services'],
  'milliseconds, and what was done within some': [
    ...[
      '01/competing-readers',
      '05/check-drain',
      '05/compare-pair',
      '07/compare-four',
      '07/leaves',
      '07/lanes-grow',
      '08/how-long',
      '08/show-delays',
      '09/rush',
    ],
    ...[
      '09/check-too-many',
      '09/speedups',
      '09/second-instance',
      '09/how-soon',
      '09/lanes',
      '09/check-clean',
    ],
    ...['09/backlog', '09/see-six', '09/steady-load', '09/check-load', '09/check-load-bound'],
    ...[
      '09/once-more',
      '09/check-spare-time',
      '09/check-waiting',
      '09/check-both-work',
      '09/check-gain',
    ],
    ...[
      '09/compare-prediction',
      'ap/chart-lag',
      'ap/chart-lag-seconds',
      'ap/chart-alarms',
      'ap/chart-throughput',
      'ap/chart-backlog',
      'ap/chart-rates',
    ],
    ...['13/plain-error', '13/check-frozen', '13/pause-it', '13/clerk', '13/check-letter'],
    ...['14/compact', '14/check-order', '14/tape-with-gaps', '14/check-table', '14/come-back'],
    ...['14/check-away', '14/forget-start'],
    ...['15/experiment', '15/lanes-modern', '15/figures', '15/check-eager', '15/check-modern'],
    ...['15/compare-standing', '15/check-twice', '15/lanes-dynamic', '15/lanes-static'],
    ...['15/check-static', '15/send-payments', '15/invoice-end', '15/invoice-check'],
    ...['19/benchmark', '19/check-batch', '19/compare-gains', '19/benchmark-acks'],
    ...['19/consumer-rates', '19/check-consumers', '19/collect', '19/check-latency'],
  ],
  'which worker was free': ['17/queue-run', '17/share-run', '17/check-order'],
  'which broker leads, and seconds': [
    ...[
      '16/topic',
      '16/kill-leader',
      '16/check-pause',
      '16/see-below',
      '16/ask-successors',
      '16/who-may-lead',
    ],
    ...['16/see-lost', '16/check-asked', '16/check-delay'],
  ],
  'how far a reader had come when it stopped': [
    ...['04/watch-first-shift', '04/ask-broker', '04/check-committed', '04/check-resumed'],
    ...['04/compare-resumed', '08/ordinary-day', '08/bookmarks', '08/at-risk', '08/outage'],
    ...['08/check-resumed', '08/check-twice', '08/compare-prediction', '08/log-line'],
  ],
  'in which order partitions were read, and what lay between': [
    ...[
      '03/read-notes',
      'ap/chart-order',
      '07/check-skipped',
      '07/read-all',
      '07/check-order',
      '07/parcels-check',
    ],
  ],
  'timestamps, and bytes with them': [
    ...['02/check-same-bytes', '02/seek', '02/wednesday'],
    ...['02/watch-segments', '02/check-whole-segments'],
    ...['19/bytes', '19/check-bytes', '19/stock', '19/import-start', '19/import-check'],
  ],
  'the records of a step of a longer story: the step again is a step more': [
    ...['02/tuesday', '02/check-seek', '02/restart-broker', '02/check-contiguous'],
    ...['02/check-next-offset', '03/read-parcels', '03/check-within-keys', '04/again-check'],
    ...['06/billing-away', '06/ask-broker', '06/check-lags', '06/billing-back', '06/fraud-check'],
    ...['08/come-back', '08/check-nothing-lost', '08/check-shipping', '08/check-mails-waited'],
    ...['08/once-more', '08/once-check', '08/receipts-expire', '08/check-looks-healthy'],
    ...[
      '10/bug-goes-live',
      '10/ask-offsets',
      '10/check-offsets',
      '10/check-refused',
      '10/move',
      '10/replay',
    ],
    ...['10/once-more', '10/check-range', '10/check-others', '10/four-more', '10/check-new-groups'],
    ...['10/compare-latest', '10/audit-check', '14/check-latest'],
  ],
  'which partition was read first': [
    ...['20/kill-it', '20/what-lies-there', '20/missing-check', '20/once-check'],
    ...['20/compare-prediction'],
  ],
  'a queue that was read is empty, and a member that has joined is there': [
    ...['01/first-readers', '05/b-joins'],
  ],
};

/** By their ids, most with the number of their notebook in front. */
export const varying = new Set(Object.values(VARYING).flat());

/** What a cell claims: its verdicts and its counts, in any order. Times and what was measured in them are not among them. */
function figuresOf(notebook: string, id: string, cell: ExecutedCell): string {
  const text = said(cell).replace(NAMES, '').replace(REBALANCES, '');
  const verdicts = text.match(/✓|Not yet/g) ?? [];
  const varies = [id, `${notebook.slice(0, 2)}/${id}`].some((name) => varying.has(name));
  const counts = varies ? [] : [...(text.match(RATIOS) ?? []), ...(text.match(COUNTS) ?? [])];
  return [...verdicts, ...counts.sort()].join(' ');
}

/** What a name has behind it: numbers, the last that of a fresh one, and its run. */
const NAMES = /(?<=\b[a-z]+(?:-\d+)*)-\d+(?=\b)|\.[\w-]+\.[a-z2-9]{3}\b/g;
/** How often partitions were dealt depends on who came when. */
const REBALANCES = /\d+ assignments? in all/g;
const RATIOS = /(?:share is|bound) \d[\d.]*\d/g;
const COUNTS = /(?<![\d.])\d+(?![\d.]*\d)/g;

/** The cells that do not say again what they said first. `rounds` are all runs of each cell by its id, the first one first. */
export function changedFigures(notebook: string, rounds: Map<string, ExecutedCell[]>): string[] {
  return [...rounds].flatMap(([id, cells]) => {
    const figures = cells.map((cell) => figuresOf(notebook, id, cell));
    const other = figures.find((of) => of !== figures[0]);
    return other === undefined
      ? []
      : [`${notebook}, ${id}: first "${figures[0]}", then "${other}"`];
  });
}
