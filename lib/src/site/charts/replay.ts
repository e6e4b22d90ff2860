import type { Spec } from '../../charts/drawing/chart.js';
import { byName } from '../../ledger/index.js';
import { partitionsNamed } from '../../words.js';
import type { Signal, Vega } from './interactive.js';

/** What a page needs for controls of its own. */
export interface Replay {
  /** The last moment, and how far apart two are; in seconds. */
  last: number;
  step: number;
  /** What is to be said from a moment on. */
  said: [from: number, sentence: string][];
}

interface Range {
  input: string;
  max: number;
  step: number;
}

interface Bar {
  lane: string;
  member: string;
  from: number;
  to: number;
}

/** Undefined for a chart without a moment to move. */
export function replayOf(spec: Spec): Replay | undefined {
  const params = (spec['params'] ?? []) as { name: string; bind?: Range }[];
  const moment = params.find(({ name, bind }) => name === 't' && bind?.input === 'range');
  if (!moment?.bind) return undefined;
  const { max: last, step } = moment.bind;
  return { last, step, said: saidOf(barsOf(spec), last) };
}

/** Without its own slider and box, and what they do. */
export function withoutInputs(vega: Vega): Vega {
  const signals = (vega.signals ?? []).filter(({ name }) => name !== 'play');
  const plain = ({ bind: _, on: __, ...signal }: Signal) => signal as Signal;
  return { ...vega, signals: signals.map((one) => (one.name === 't' ? plain(one) : one)) };
}

/** Who owned what when: the first panel's data. */
function barsOf(spec: Spec): Bar[] {
  const [panel] = (spec['vconcat'] ?? []) as { layer?: { data?: { values?: Bar[] } }[] }[];
  return panel?.layer?.[0]?.data?.values ?? [];
}

function saidOf(bars: readonly Bar[], last: number): Replay['said'] {
  const times = [...new Set([0, ...bars.flatMap(({ from, to }) => [from, to])])]
    .filter((time) => time < last)
    .sort((a, b) => a - b);
  const said: Replay['said'] = [];
  for (const time of times) {
    const sentence = ownersAt(bars, time);
    if (sentence !== said.at(-1)?.[1]) said.push([time, sentence]);
  }
  return said;
}

function ownersAt(bars: readonly Bar[], time: number): string {
  const present = bars.filter(({ from, to }) => from <= time && time < to);
  if (present.length === 0) return 'Nothing has an owner yet.';
  const idle = present.filter(({ lane }) => numberOf(lane) === undefined).map(({ lane }) => lane);
  const members = [...new Set(present.map(({ member }) => member))].sort(byName);
  const owned = members.flatMap((name) => {
    const numbers = present.flatMap(({ lane, member }) =>
      member === name ? (numberOf(lane) ?? []) : [],
    );
    numbers.sort((a, b) => a - b);
    return numbers.length > 0 ? `${name} owns ${partitionsNamed(numbers)}` : [];
  });
  return `${[...owned, ...idle].join('; ')}.`;
}

/** Of a partition; undefined of a member without any. */
function numberOf(lane: string): number | undefined {
  const digits = /^partition (\d+)$/.exec(lane)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
