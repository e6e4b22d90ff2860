import {
  type Account,
  account,
  type Ledger,
  type Rewind,
  rewinds,
  type Trail,
} from '../ledger/index.js';
import { count, list } from '../words.js';
import { arrowsOf, MOST_ARROWS, OFTEN, SKIPPED, squaresOf } from './bookmark-marks.js';
import { caveats } from './drawing/caveats.js';
import {
  type Chart,
  chart,
  INK,
  NAMES,
  PAPER,
  pickable,
  rows,
  toldApart,
} from './drawing/chart.js';
import { newestRecords, offsetAxis } from './drawing/newest.js';
import { colours, labelInk, MOST_COLOURS, UNREAD } from './drawing/palette.js';
import { LANE, laneName, PRODUCED_AT, RECORD_TOOLTIP, RECORD_WORDS } from './drawing/record.js';
import { called, leftOut, sentence, telling } from './drawing/words.js';

export interface BookmarkOptions {
  topic: string;
  group: string;
}

/**
 * How often a group has processed each record of a topic: a row for each partition. Above it the bookmark, where the group reads on;
 * below it an arrow for each time that the bookmark was moved back, the newest one on top.
 */
export function bookmark(ledger: Ledger, { topic, group }: BookmarkOptions): Chart {
  const processed = ledger.trail('processed', { topic, group });
  const partitions = ledger.trail('produced', { topic }).partitions();
  const lanes = telling(partitions, MOST_COLOURS, (p) => processed.offsets(p).repeated);
  const { records, notes: cut } = newestRecords(ledger, topic, lanes);
  const moves = rewinds(ledger, group, topic);
  const { arrows, notes: old } = arrowsOf(moves, records);
  const notes = [
    ...leftOut(lanes.length, partitions.length, 'partition', 'those with the most repeated'),
    ...cut,
    ...old,
  ];
  const did = account(ledger, group, topic);
  const values = [...squaresOf(ledger, { topic, group }, records, did.skipped), ...arrows];
  const drawing = {
    title: {
      text: `How often group ${called(group)} has processed the records of ${called(topic)}`,
      subtitle: '▼ the bookmark: the group reads on from here   ◀ it was moved back',
    },
    height: rows(lanes.length, 70, ROOM),
    data: { values },
    transform: [LANE],
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null, sort: lanes.map(laneName), axis: NAMES },
      x: { field: 'offset', type: 'ordinal', title: 'offset', axis: offsetAxis(records) },
    },
    layer: [
      squares(values),
      repeats(),
      current(),
      ...Array.from({ length: MOST_ARROWS }, (_, rank) => arrow(rank)).flat(),
    ],
  };
  const after = [...notes, ...caveats(ledger, topic)];
  const text = describe(ledger, { topic, group }, { did, moves }, after);
  return chart(text, drawing, notes);
}

/** Its legend has one line. */
const ROOM = 640;
function squares(values: readonly { state: string }[]): object {
  const all = colours([...OFTEN.slice(1), SKIPPED]);
  const occurring = new Set(values.map(({ state }) => state));
  const shownAlways = new Set(OFTEN.slice(0, 3));
  const scale = { domain: [OFTEN[0] as string], range: [UNREAD] };
  for (const [i, state] of all.domain.entries()) {
    if (!shownAlways.has(state) && !occurring.has(state)) continue;
    scale.domain.push(state);
    scale.range.push(all.range[i] as string);
  }
  const { params, opacity } = pickable('state');
  return {
    params,
    transform: [{ filter: 'isValid(datum.times)' }, ...RECORD_WORDS],
    mark: { type: 'rect', height: 22, stroke: PAPER, strokeWidth: 2 },
    encoding: {
      color: toldApart('state', 'processed', scale),
      opacity,
      tooltip: [...RECORD_TOOLTIP, { field: 'times', title: 'processed so often' }],
    },
  };
}

/** How often, where it is more than once. */
function repeats(): object {
  return {
    transform: [{ filter: 'datum.times > 1' }],
    mark: { type: 'text', fontSize: 11 },
    encoding: { text: { field: 'times' }, color: labelInk('state') },
  };
}

function current(): object {
  return {
    transform: [{ filter: "datum.state === 'bookmark'" }],
    mark: { type: 'text', text: '▼', dy: -19, fontSize: 13, color: INK },
    encoding: { tooltip: [{ field: 'next', title: 'bookmark' }] },
  };
}

/** From the bookmark before to that after it. */
function arrow(rank: number): object[] {
  const transform = [{ filter: `datum.state === 'moved ${rank}'` }, RECORD_WORDS[0]];
  const dy = 18 + 9 * rank;
  const tooltip = [
    ...['partition', 'from', 'to'].map((field) => ({ field })),
    ...[
      { field: 'by', title: 'moved by' },
      { ...PRODUCED_AT, title: 'moved at' },
    ],
  ];
  return [
    {
      transform,
      mark: { type: 'rule', color: INK, strokeWidth: 1.5, yOffset: dy },
      encoding: { x2: { field: 'until' }, tooltip },
    },
    {
      transform,
      mark: { type: 'text', text: '◀', dy, dx: 4, fontSize: 10, color: INK },
      encoding: { tooltip },
    },
  ];
}

function describe(
  ledger: Ledger,
  { topic, group }: BookmarkOptions,
  { did, moves }: { did: Account; moves: readonly Rewind[] },
  notes: string[],
): string {
  const { skipped, produced, processed } = did;
  const all = `Group ${called(group)} has processed ${processed} of ${count(produced, 'record')} of topic ${called(topic)}`;
  const often = `${all}: ${howOften(ledger.trail('processed', { topic, group }), skipped.length)}.`;
  const { forgotten, length } = ledger.trail('committed', { topic, group });
  const newest =
    forgotten > 0 ? `Among its newest ${count(length, 'commit')} the bookmark` : 'Its bookmark';
  if (moves.length === 0) return [`${often} ${newest} was never moved back.`, ...notes].join(' ');
  return sentence({
    items: moves,
    weight: ({ time }) => time,
    word: ({ partition, from, to }) => `from ${from} to ${to} in partition ${partition}`,
    say: (words) => `${often} ${newest} was moved back ${list(words)}.`,
    notes,
  });
}

function howOften(processed: Trail, skipped: number): string {
  const times = [0, 0, 0];
  for (const partition of processed.partitions())
    for (const [, n] of processed.offsets(partition).entries()) times[Math.min(n, 3) - 1]!++;
  const [once, twice, more] = times as [number, number, number];
  const words = [`${once} once`, `${twice} twice`];
  if (more > 0) words.push(`${more} more often`);
  return list(skipped > 0 ? [...words, `${skipped} skipped`] : words);
}
