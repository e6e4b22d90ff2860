import {
  type Ledger,
  leaderless,
  lostRecords,
  type ReplicaSpan,
  replicaSpans,
} from '../../ledger/index.js';
import { count, list } from '../../words.js';
import { caveats } from '../drawing/caveats.js';
import {
  axisOf,
  type Chart,
  chart,
  mostRows,
  pickable,
  rows,
  toldApart,
} from '../drawing/chart.js';
import { colours, DOUBTFUL, NOBODY, OTHERS, weightBy } from '../drawing/palette.js';
import { byLane, nothingYet } from '../drawing/rows.js';
import {
  called,
  leftOut,
  newestOnly,
  partitionsIn,
  seconds,
  sentence,
  telling,
} from '../drawing/words.js';
import {
  ANSWERS,
  type Answered,
  answerBars,
  answers,
  type Bar,
  brokerBars,
  brokerLane,
  STATES,
} from './lanes.js';

interface Options {
  topic: string;
  /** Leaves out what was before, in milliseconds since 1970. */
  from?: number;
}

/** A lane that can be read has so many pixels. */
const LEAST_OF_LANE = 18;

/**
 * Lanes: one for each broker that has a copy, what it was to the partition over time; below, when records were acknowledged,
 * refused, in doubt, or acknowledged and lost.
 */
export function replicas(ledger: Ledger, { topic, from = 0 }: Options): Chart {
  const spans = replicaSpans(ledger, topic);
  const [first] = ledger.replicas(topic);
  const title = `Who leads, and who is in sync: topic ${called(topic)}`;
  if (!first) {
    const text = describe(ledger, topic, { spans, end: 0, notes: [] });
    return chart(text, nothingYet(title, 'no broker has answered yet'));
  }
  const found = answers(ledger, topic);
  const start = Math.max(from, first.time);
  const end = Math.max(start + 1, lastTime(ledger, topic, found));
  const several = new Set(spans.map(({ partition }) => partition)).size > 1;
  const ofBrokers = brokerBars(spans, several, { start, end });
  const all = [...new Set(spans.map((span) => brokerLane(span, several)))];
  const lanes = telling(
    all,
    mostRows(LEAST_OF_LANE) - ANSWERS.length,
    weightBy(ofBrokers, ({ lane }) => lane),
  );
  const ofRecords = answerBars(found, { start, end });
  const notes = [
    ...leftOut(lanes.length, all.length, 'lane', 'those that changed most often'),
    ...newestOnly(ledger.trail('produced', { topic })),
  ];
  const drawing = spec([...lanes, ...new Set(ofRecords.map(({ lane }) => lane))], {
    title,
    values: [...ofBrokers.filter(({ lane }) => lanes.includes(lane)), ...ofRecords],
    since: start > first.time ? 'seconds' : 'seconds since the first answer',
  });
  return chart(describe(ledger, topic, { spans, end, notes }), drawing, notes);
}

function lastTime(ledger: Ledger, topic: string, found: readonly { time: number }[]): number {
  const told = [...ledger.replicas(topic), ...ledger.brokers()].map(({ time }) => time);
  return found.reduce((last, { time }) => Math.max(last, time), Math.max(...told));
}

function spec(
  lanes: string[],
  { title, values, since }: { title: string; values: Bar[]; since: string },
): Record<string, unknown> {
  const tooltip = [
    { field: 'lane', title: 'lane' },
    { field: 'what', title: 'what' },
    { field: 'note', title: 'records' },
    { field: 'from', title: 'from (s)', format: '.2f' },
    { field: 'to', title: 'to (s)', format: '.2f' },
  ];
  const { params, opacity } = pickable('what');
  return {
    title,
    height: rows(lanes.length, 30),
    data: { values },
    params,
    mark: { type: 'bar', height: { band: 0.7 } },
    encoding: {
      y: byLane(lanes),
      x: { field: 'from', type: 'quantitative', title: since },
      x2: { field: 'to' },
      color: coloured(values, lanes),
      opacity,
      tooltip,
    },
  };
}

const RECORDS: readonly string[] = ANSWERS;

/** The legend tells the states that occur: what a lane of records is about, its name says. */
function coloured(values: readonly Bar[], lanes: string[]): object {
  const seen = new Set(values.map(({ what }) => what));
  const states = Object.values(STATES).filter((state) => seen.has(state));
  const domain = [...states, ...RECORDS.filter((what) => seen.has(what))];
  const range = domain.map((what) => COLOURS[what] as string);
  const told = toldApart('what', 'broker', { domain, range }, axisOf(lanes));
  return { ...told, legend: { ...told.legend, values: states } };
}

const NAMED = ['leads', 'not in sync', 'in sync', 'stands still', 'refused', 'lost'];
const COLOURS: Record<string, string> = {
  ...Object.fromEntries(NAMED.map((name, i) => [name, colours(NAMED).range[i] as string])),
  'is gone': NOBODY,
  'in doubt': DOUBTFUL,
  acknowledged: OTHERS,
} satisfies Partial<Record<Answered, string>> & Record<string, string>;

interface Said {
  spans: readonly ReplicaSpan[];
  end: number;
  notes: string[];
}

function describe(ledger: Ledger, topic: string, { spans, end, notes }: Said): string {
  const now = spans.filter(({ to }) => to === undefined);
  const partitions = [...new Set(spans.map(({ partition }) => partition))];
  const of = (partition: number, states: string[]) =>
    now.filter((span) => span.partition === partition && states.includes(span.state));
  const words = partitions.map((partition) => {
    const leader = of(partition, ['leads'])[0]?.broker;
    const inSync = of(partition, ['leads', 'in sync']).map(({ broker }) => broker);
    return `${leader === undefined ? 'nobody' : `broker ${leader}`} leads ${partitionsIn([partition])} (in sync: ${list(inSync) || 'none'})`;
  });
  const gaps = leaderless(ledger, topic).map(({ from, to = end }) => to - from);
  const longest = Math.max(0, ...gaps);
  const without = longest > 0 ? `; the longest time without a leader was ${seconds(longest)}` : '';
  const acknowledged = ledger.trail('produced', { topic }).total;
  const were = acknowledged === 1 ? 'was' : 'were';
  const lost = lostRecords(ledger, topic);
  const losses = lost > 0 ? `, ${lost} of them ${lost === 1 ? 'is' : 'are'} lost` : '';
  return sentence({
    items: words,
    word: (word) => word,
    say: (told) => {
      const leaders = `Topic ${called(topic)}: ${told.join(', ')}${without}.`;
      const nobody = `Nobody has asked who leads topic ${called(topic)}.`;
      const records = `${count(acknowledged, 'record')} ${were} acknowledged${losses}.`;
      return `${spans.length > 0 ? leaders : nobody} ${records}`;
    },
    notes: [...notes, ...caveats(ledger, topic, { tellLost: false })],
  });
}
