import { type Ledger, placeName } from '../../ledger/index.js';
import { list } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import {
  axisOf,
  BRIEF,
  type Chart,
  chart,
  INK,
  mostRows,
  NAMES,
  pickable,
  rows,
  toldApart,
} from '../drawing/chart.js';
import { colours, labelInk, UNREAD } from '../drawing/palette.js';
import { RECORD_TOOLTIP, RECORD_WORDS, teller } from '../drawing/record.js';
import { brief, leftOut, sentence, shortNames, telling } from '../drawing/words.js';
import { type RouteOptions, type Step, type StepState, stepsOf } from './steps.js';

/** So many marks have room for an offset beside each other. */
const MOST_STEPS = 24;
const ROW = 56;

const STATES: StepState[] = ['passed on', 'failed', 'processed', 'not read'];
const HANDLED = STATES.slice(0, 3);

/**
 * The way of a key's records through topics: a row a topic, a mark for each time that a handler had one of them, one after the
 * other. A line leads from a record to the copy that its handler wrote to another topic: what lies between has overtaken it.
 */
export function route(ledger: Ledger, options: RouteOptions): Chart {
  const { topics, key } = options;
  const all = stepsOf(ledger, options);
  const kept = telling(topics, mostRows(ROW), (topic) => countIn(all, topic));
  const nameOf = shortNames(topics);
  const shown = all
    .map((step, i) => ({ ...step, place: i + 1 }))
    .slice(-MOST_STEPS)
    .filter(({ topic }) => kept.includes(topic));
  const marks = marksOf(ledger, shown, options);
  const names = kept.map(nameOf);
  const notes = [
    ...leftOut(kept.length, topics.length, 'topic', 'those with the most of its records'),
    ...leftOut(Math.min(all.length, MOST_STEPS), all.length, 'step', 'the newest'),
  ];
  const drawing = {
    title: {
      text: `The way of the records of ${brief(key)}`,
      subtitle: 'numbers: offsets · a line leads to the copy in another topic',
    },
    height: rows(kept.length, ROW),
    encoding: { x: X, y: { field: 'topic', ...LANES, sort: names } },
    layer: [lines(shown, nameOf), circles(marks, names), offsets(marks)],
  };
  const told = [...notes, ...new Set(topics.flatMap((topic) => caveats(ledger, topic)))];
  return chart(describe(all, options, told), drawing, notes);
}

function marksOf(ledger: Ledger, shown: readonly Placed[], { topics, key }: RouteOptions) {
  const nameOf = shortNames(topics);
  const tell = teller(ledger, shown.length);
  return shown.map((step) => ({
    ...tell({ ...step, key, time: step.produced }, step.by && brief(step.by)),
    ...{ topic: nameOf(step.topic), state: step.state, place: step.place },
  }));
}

const countIn = (steps: readonly Step[], topic: string) =>
  steps.filter((step) => step.topic === topic).length;

const X = {
  ...{ field: 'place', type: 'quantitative', title: 'one after the other' },
  axis: { tickMinStep: 1, format: 'd', grid: false },
  scale: { zero: false, padding: 24, nice: false },
};
const LANES = { type: 'nominal', title: null, axis: { ...NAMES, ...BRIEF, grid: true } };

type Placed = Step & { place: number };

function lines(shown: readonly Placed[], nameOf: (topic: string) => string): object {
  const values = shown.flatMap((step) => {
    const { copy, place } = step;
    const next =
      copy && shown.find((one) => one.place > place && placeName(one) === placeName(copy));
    if (!next) return [];
    const leg = placeName(step);
    return [step, next].map((end) => ({ leg, place: end.place, topic: nameOf(end.topic) }));
  });
  return {
    data: { values },
    mark: { type: 'line', color: INK, strokeWidth: 1.5 },
    encoding: { detail: { field: 'leg' } },
  };
}

function circles(values: object[], names: readonly string[]): object {
  const { params, opacity } = pickable('state');
  const scale = { domain: STATES, range: [...colours(HANDLED).range, UNREAD] };
  return {
    params,
    data: { values },
    transform: RECORD_WORDS,
    mark: { type: 'circle', size: 520, opacity: 1 },
    encoding: {
      color: toldApart('state', 'handler', scale, axisOf(names)),
      opacity,
      tooltip: [{ field: 'topic' }, { field: 'state' }, ...RECORD_TOOLTIP],
    },
  };
}

function offsets(values: object[]): object {
  return {
    data: { values },
    mark: { type: 'text', fontWeight: 'bold' },
    encoding: { text: { field: 'offset' }, color: labelInk('state') },
  };
}

function describe(all: readonly Step[], options: RouteOptions, notes: string[]): string {
  const { topics, key } = options;
  const nameOf = shortNames(topics);
  const word = (topic: string) => {
    const own = all.filter((step) => step.topic === topic);
    const counts = STATES.map((state) => [own.filter((one) => one.state === state).length, state]);
    const said = counts.filter(([times]) => times !== 0).map((pair) => pair.join(' '));
    return `${brief(nameOf(topic))} ${list(said) || 'none'}`;
  };
  return sentence({
    items: topics,
    weight: (topic) => countIn(all, topic),
    word,
    say: (words) => `The records of ${brief(key)}, by topic: ${words.join('; ')}.`,
    notes,
  });
}
