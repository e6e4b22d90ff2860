import { type Alarm, type AlarmLimits, alarms, type Ledger } from '../../ledger/index.js';
import { caveats } from '../drawing/caveats.js';
import { type Chart, chart, NAMES, rows } from '../drawing/chart.js';
import { called, forgottenStretch, seconds, sentence } from '../drawing/words.js';
import { bars, inSeconds, laneOf, peakOf, type Span } from './alarm-bars.js';
import { knownSpan } from './known-span.js';

interface AlarmsOptions {
  topic: string;
  group: string;
  /** From which value on each alarm goes off: records for `sum` and `largest`, seconds for `age` and `silence`. */
  limits: AlarmLimits;
  /** Leaves out what was before, in milliseconds since 1970. */
  from?: number;
  /** Leaves out what was after; until the newest fact about the lag if not given. */
  to?: number;
}

/** When which alarm on the lag of a group was on: a row an alarm, over time in seconds since the first record. */
export function alarmLines(
  ledger: Ledger,
  { topic, group, limits, from = 0, to }: AlarmsOptions,
): Chart {
  const known = knownSpan(ledger, topic, [group]);
  const end = to ?? known.end;
  const span = { start: Math.max(known.start, Math.min(from, end)), end };
  const all = alarms(ledger, group, topic, { limits, from, to: end });
  const drawing = {
    title: `Alarms on the lag of group ${called(group)}, topic ${called(topic)}`,
    height: rows(all.length, ROW),
    encoding: {
      y: lanes(all),
      x: overTime(span, from > 0 ? 'seconds' : 'seconds since the first record was produced'),
    },
    layer: bars(all, span),
  };
  const back = { from: span.start, isWhole: true, isCut: false };
  const notes = forgottenStretch(ledger, back, span.start);
  return chart(describe(group, all, span, caveats(ledger, topic)), drawing, notes);
}

/** In pixels. */
const ROW = 40;

function lanes(all: Alarm[]): object {
  return {
    ...{ field: 'lane', type: 'nominal', title: null, sort: all.map(laneOf) },
    axis: { ...NAMES, grid: false },
  };
}

function overTime({ start, end }: Span, title: string): object {
  const scale = { domain: [0, inSeconds(end - start)], nice: false };
  return { field: 'from', type: 'quantitative', title, scale };
}

function describe(group: string, all: Alarm[], { start }: Span, notes: string[]): string {
  const firsts = all.map((alarm) => ({ alarm, first: alarm.spans[0]?.from ?? Infinity }));
  return sentence({
    // Infinity less itself is no number.
    items: firsts.sort((a, b) => (a.first === b.first ? 0 : a.first - b.first)),
    word: ({ alarm, first }) =>
      first === Infinity
        ? `${laneOf(alarm)} stayed silent (at most ${peakOf(alarm)})`
        : `${laneOf(alarm)} went off after ${seconds(first - start)}`,
    say: (words) => `Alarms on group ${called(group)}: ${words.join(', ') || 'none is set'}.`,
    notes,
  });
}
