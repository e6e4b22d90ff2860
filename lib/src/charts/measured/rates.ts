import type { Rate } from '../../ledger/index.js';
import {
  type Chart,
  chart,
  INK,
  mostRows,
  NAMES,
  pickable,
  rows,
  toldApart,
} from '../drawing/chart.js';
import { colours } from '../drawing/palette.js';
import { brief, leftOut, sentence, shown, telling } from '../drawing/words.js';

type Named = Rate & { setting: string };

const [RECORDS, BYTES] = ['records a second', 'bytes a second'] as const;

/** A setting has two bars and a line of words: in pixels, what it has, and what it needs at least. */
const ROW = 66;
const LEAST_OF_ROW = 44;
const LINES = [1 / 6, 1 / 2, 5 / 6];

/** Words behind a bar need as much of the width. */
const ROOM_FOR_WORDS = 1.45;
const MOST_OF_WORDS = 64;

/**
 * Records and bytes a second by setting: two bars each, as shares of the fastest, with their figures; below them what the setting
 * gives up.
 */
export function rates(bySetting: Readonly<Record<string, Rate>>): Chart {
  const measured = Object.entries(bySetting).map(([setting, rate]) => ({ setting, ...rate }));
  const drawn = telling(measured, mostRows(LEAST_OF_ROW), recordRate);
  const notes = leftOut(drawn.length, measured.length, 'setting', 'the fastest');
  const most = { [RECORDS]: greatest(drawn, recordRate), [BYTES]: greatest(drawn, byteRate) };
  const values = drawn.flatMap((rate, row) => [
    barOf(RECORDS, { rate, row, perSecond: recordRate(rate), most: most[RECORDS] }),
    barOf(BYTES, { rate, row, perSecond: byteRate(rate), most: most[BYTES] }),
  ]);
  const drawing = {
    title: 'Records and bytes a second, and what that costs',
    height: rows(drawn.length, ROW),
    layer: [bars(drawn, values), figures(values), costs(drawn)],
  };
  return chart(describe(measured, notes), drawing, notes);
}

const perSecond = (amount: number, milliseconds: number) =>
  milliseconds > 0 ? (1000 * amount) / milliseconds : 0;
const recordRate = ({ records, milliseconds }: Rate) => perSecond(records, milliseconds);
const byteRate = ({ bytes, milliseconds }: Rate) => perSecond(bytes, milliseconds);
const greatest = (all: readonly Named[], rateOf: (rate: Rate) => number) =>
  Math.max(0, ...all.map(rateOf));

interface Bar {
  rate: Named;
  row: number;
  perSecond: number;
  most: number;
}

function barOf(measure: typeof RECORDS | typeof BYTES, { rate, row, perSecond, most }: Bar) {
  const line = measure === RECORDS ? 0 : 1;
  return {
    setting: brief(rate.setting),
    measure,
    at: row + (LINES[line] as number),
    share: most > 0 ? Number((perSecond / most).toFixed(4)) : 0,
    figure: measure === RECORDS ? `${rounded(perSecond)}/s` : `${inBytes(perSecond)}/s`,
  };
}

/** Rows lie between whole numbers, so that bars and words of one setting keep their places whatever its name is. */
const y = (n: number) => ({
  field: 'at',
  type: 'quantitative',
  scale: { domain: [0, Math.max(1, n)], reverse: true, nice: false },
});
const x = {
  field: 'share',
  type: 'quantitative',
  axis: null,
  scale: { domain: [0, ROOM_FOR_WORDS], nice: false },
};

function bars(drawn: readonly Named[], values: object[]): object {
  const { params, opacity } = pickable('measure');
  const names = drawn.map(({ setting }) => brief(setting));
  // A number's label is the name of its row.
  const axis = {
    ...NAMES,
    grid: false,
    title: null,
    values: names.map((_, row) => row + (LINES[0] as number) + 1 / 6),
    labelExpr: `${JSON.stringify(names)}[floor(datum.value)]`,
  };
  return {
    params,
    data: { values },
    mark: { type: 'bar', orient: 'horizontal', height: 14 },
    encoding: {
      y: { ...y(drawn.length), axis },
      x,
      color: toldApart('measure', null, colours([RECORDS, BYTES]), 200),
      opacity,
      tooltip: [{ field: 'setting' }, { field: 'measure' }, { field: 'figure' }],
    },
  };
}

function figures(values: object[]): object {
  return {
    data: { values },
    mark: { type: 'text', align: 'left', dx: 6, color: INK, fontSize: 12 },
    encoding: { y: { field: 'at', type: 'quantitative' }, x, text: { field: 'figure' } },
  };
}

function costs(drawn: readonly Named[]): object {
  const values = drawn.map(({ givesUp = '' }, row) => ({
    at: row + (LINES[2] as number),
    cost: givesUp === '' ? '' : `gives up: ${shown(givesUp, MOST_OF_WORDS)}`,
  }));
  return {
    data: { values },
    mark: {
      ...{ type: 'text', align: 'left', color: INK, fontSize: 11, dy: -2 },
      limit: { expr: 'width' },
    },
    encoding: {
      y: { field: 'at', type: 'quantitative' },
      x: { value: 0 },
      text: { field: 'cost' },
    },
  };
}

/** Three digits: no more are true of what a busy machine did. */
const rounded = (n: number) => Number(n.toPrecision(3)).toLocaleString('en');

function inBytes(n: number): string {
  if (n >= 1e6) return `${rounded(n / 1e6)} MB`;
  return n >= 1000 ? `${rounded(n / 1000)} kB` : `${rounded(n)} B`;
}

function describe(measured: readonly Named[], notes: readonly string[]): string {
  if (measured.length === 0) return 'Nothing was measured yet.';
  return sentence({
    items: measured,
    weight: recordRate,
    word: (rate) =>
      `${brief(rate.setting)} ${rounded(recordRate(rate))} and ${inBytes(byteRate(rate))}`,
    say: (words) => `Records and bytes a second: ${words.join('; ')}.`,
    notes,
  });
}
