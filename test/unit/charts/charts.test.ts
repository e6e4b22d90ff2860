import { beforeAll, describe, expect, test } from 'vitest';
import { assignment } from '../../../lib/src/charts/assignment/assignment.ts';
import { backlog, waiting } from '../../../lib/src/charts/backlog.ts';
import { bookmark } from '../../../lib/src/charts/bookmark/bookmark.ts';
import { classBoard } from '../../../lib/src/charts/class-board/board.ts';
import type { BoardLearner } from '../../../lib/src/charts/class-board/marks.ts';
import { predictions } from '../../../lib/src/charts/class-board/predictions.ts';
import { copies } from '../../../lib/src/charts/copies.ts';
import { type CourseLesson, course } from '../../../lib/src/charts/course.ts';
import { type Chart, toldApart } from '../../../lib/src/charts/drawing/chart.ts';
import { bundle, live, pauseAfter } from '../../../lib/src/charts/drawing/display.ts';
import { fitted } from '../../../lib/src/charts/drawing/fitted.ts';
import { COMPACTED } from '../../../lib/src/charts/drawing/gone.ts';
import { NOBODY } from '../../../lib/src/charts/drawing/palette.ts';
import { drawSvg } from '../../../lib/src/charts/drawing/svg.ts';
import { keys } from '../../../lib/src/charts/keys.ts';
import { alarmLines } from '../../../lib/src/charts/lag/alarms.ts';
import { lag } from '../../../lib/src/charts/lag/lag.ts';
import { ledgerTable } from '../../../lib/src/charts/ledger-table.ts';
import { log } from '../../../lib/src/charts/log/log.ts';
import { depth } from '../../../lib/src/charts/measured/depth.ts';
import { rates } from '../../../lib/src/charts/measured/rates.ts';
import { type Segment, segments } from '../../../lib/src/charts/measured/segments.ts';
import { moves } from '../../../lib/src/charts/moves.ts';
import { order } from '../../../lib/src/charts/order.ts';
import { replay as replayed } from '../../../lib/src/charts/replay/replay.ts';
import { replicas } from '../../../lib/src/charts/replicas/replicas.ts';
import { route } from '../../../lib/src/charts/route/route.ts';
import { throughput } from '../../../lib/src/charts/throughput.ts';
import { versions } from '../../../lib/src/charts/versions.ts';
import { deliveries } from '../../../lib/src/charts/work/deliveries.ts';
import { workers } from '../../../lib/src/charts/work/workers.ts';
import { type Host, installHost } from '../../../lib/src/host.ts';
import { Ledger, type Value } from '../../../lib/src/ledger/index.ts';
import { chartsOf, LIMITS } from '../../support/all-charts.ts';
import {
  at,
  compactedHistory,
  crowdHistory,
  deadLetterHistory,
  growthHistory,
  History,
  longHistory,
  outageHistory,
  replayHistory,
  replicationHistory,
  scalingHistory,
  transactionsHistory,
} from '../../support/history.ts';
import { oneOwnerHistory, queueHistory, shareHistory } from '../../support/work-history.ts';

const history = scalingHistory();
const { ledger, group, topic } = history;
const outage = outageHistory();
const growth = growthHistory();
const profiles = compactedHistory();
const payments = transactionsHistory();
const replay = replayHistory();
const copied = replicationHistory();
const letter = deadLetterHistory();
const shared = shareHistory();
const owned = oneOwnerHistory();
const queued = queueHistory();
const files: Segment[] = [
  { partition: 0, from: 0, to: 400, bytes: 1_048_000, state: 'deleted' },
  { partition: 0, from: 400, to: 810, bytes: 1_048_500, state: 'closed' },
  { partition: 0, from: 810, to: 1000, bytes: 500_000, state: 'active' },
];
const measured = {
  'one by one': { records: 1000, bytes: 150_000, milliseconds: 400, givesUp: 'speed' },
  'batches of 100': { records: 1000, bytes: 80_000, milliseconds: 12.5, givesUp: 'time' },
  'batches, gzip': { records: 1000, bytes: 20_000, milliseconds: 20, givesUp: '' },
};
const lesson = (
  name: string,
  title: string,
  state: CourseLesson['state'],
  held: [passed: number, solved: number] = [0, 0],
): CourseLesson => ({
  ...{ name, title, state, minutes: 15, isNext: state === 'begun' },
  last: held[0] > 0 ? Date.UTC(2026, 10, 16, 12) : undefined,
  checks: { passed: held[0], total: 4 },
  exercises: { solved: held[1], total: 1 },
});
const lessons = [
  { ...lesson('00-start-here', 'Start here', 'done', [4, 1]), last: Date.UTC(2026, 10, 2, 12) },
  lesson('01-queue-and-log', 'Queue and log: what reading does', 'known'),
  lesson('02-the-log', 'The log', 'begun', [3, 0]),
  lesson('03-partitions-and-keys', 'Partitions and keys: where order ends', 'new'),
];
/** Three learners: one has done two lessons, one is on the way, one has come and shared nothing yet. */
const learners: BoardLearner[] = [
  ['ann', [5, 5, 1]],
  ['bob', [3]],
  ['cem', []],
].map(([name, held]) => {
  const since = new Date(2026, 10, 30, 14, (name as string).charCodeAt(0) - 97).getTime();
  const of = (n: number) => ({
    checks: { passed: Math.min(n, 4), total: 4 },
    exercises: { solved: n > 4 ? 1 : 0, total: 1 },
    time: since,
  });
  const all = (held as number[]).map((n, i): [string, ReturnType<typeof of>] => [
    lessons[i]!.name,
    of(n),
  ]);
  const lesson = all.at(-1)?.[0];
  return {
    name: name as string,
    lessons: new Map(all),
    ...(lesson && { here: { lesson, since } }),
  };
});
const board = { learners, course: lessons.map(({ name }) => name) };
const answers = ['6', '15', '6', '30', '6'].map((said, time) => ({
  ...{ lesson: '05-scaling', of: 'boxes', said, time },
}));
/** Twenty orders into a queue and a topic; a reader takes those of the queue one by one. */
const depths = {
  queue: 'orders.01-queue.abc',
  topic,
  samples: Array.from({ length: 51 }, (_, i) => ({
    time: at(i / 10),
    queued: i < 10 ? 2 * i : Math.max(0, 20 - (i - 10)),
    start: 0,
    end: Math.min(20, 2 * i),
  })),
};
const drawn = {
  course: course(lessons),
  'class-board': classBoard(board),
  predictions: predictions({ predictions: answers }, { lesson: '05-scaling', of: 'boxes' }),
  keys: keys(ledger, { topic }),
  moves: moves(growth.ledger, { topic }),
  idle: assignment(growth.ledger, { group }),
  versions: versions(profiles.ledger, { topic: profiles.topic }),
  order: order(ledger, { topic, group }),
  route: route(letter.ledger, letter.options),
  ledger: ledgerTable(outage.ledger, { topic, group }),
  segments: segments({ topic, segments: files }),
  rates: rates(measured),
  replicas: replicas(copied.ledger, { topic }),
  replay: replayed(ledger, { topic, group }),
  depth: depth(outage.ledger, { depths, groups: [group] }),
  assignment: assignment(ledger, { group }),
  log: log(outage.ledger, { topic, group, committed: true }),
  transactions: log(payments.ledger, { ...payments, committed: true }),
  bookmark: bookmark(replay.ledger, { topic, group }),
  backlog: backlog(ledger, { topic, groups: [group] }),
  waiting: waiting(ledger, { topic, group }),
  lag: lag(outage.ledger, { topic, groups: [group] }),
  alarms: alarmLines(outage.ledger, { topic, group, limits: LIMITS }),
  throughput: throughput(ledger, { topic, group, capacity: 10 }),
  copies: copies(outage.ledger, { topic, groups: [group, 'billing.05-scaling.abc'] }),
  'workers-share': workers(shared.ledger, shared),
  'workers-group': workers(owned.ledger, owned),
  'workers-queue': workers(queued.ledger, queued),
  deliveries: deliveries(shared.ledger, shared),
};

test.each(Object.entries(drawn))(
  '%s: its specification and its picture are as stored',
  async (name, chart) => {
    await expect(`${JSON.stringify(chart.spec, null, 1)}\n`).toMatchFileSnapshot(
      `../../pictures/${name}.json`,
    );
    await expect(await drawSvg(chart.spec)).toMatchFileSnapshot(`../../pictures/${name}.svg`);
  },
);

test('each sentence says in figures what the picture shows', () => {
  expect(drawn.assignment.text).toBe(
    'Group shipping: a owns partitions 0 and 2, b owns partition 1; ' +
      'the longest pause of a partition without an owner was 0.21 s; 6 assignments in all.',
  );
  expect(drawn.course.text).toBe(
    '1 of 4 lessons done, 1 known, 7 checks passed, 1 exercise solved. Begun: 02-the-log. Last time, 16 November 2026: 02 · The log. Next: 02-the-log.',
  );
  expect(drawn.replicas.text).toBe(
    'Topic orders: broker 2 leads partition 0 (in sync: 1, 2 and 3); the longest time without a leader was 3.00 s. ' +
      '30 records were acknowledged, 6 of them are lost. ' +
      '1 record more is in doubt until somebody reads it: the broker did not tell an offset. 2 records were refused.',
  );
  expect(drawn.replay.text).toBe(
    'Replay of 4.25 s, group shipping on topic orders: a joins after 0.50 s; b joins after 2.20 s; ' +
      'the lag is highest after 0.00 s; at the end 30 of 30 records are processed.',
  );
  expect(drawn.depth.text).toBe(
    'Queue orders held 20 messages at most, and holds 0 at the end. Topic orders holds 20 records at the end, ' +
      'offsets 0 up to, and without, 20; shipping has read 20.',
  );
  expect(drawn.log.text).toBe(
    'Topic orders holds 20 records; group shipping has read 20 of 20 in partition 0 (committed: offset 20).',
  );
  expect(drawn.transactions.text).toBe(
    'Topic orders holds 8 records; group payments has read 8 of 14 (from 2 on) in partition 0 (committed: offset 8) and ' +
      '1 more. 1 record was refused. 2 records are in an open transaction. 2 records were aborted. ' +
      '2 records of the topic have expired. 4 records of the topic are compacted away.',
  );
  const plain = log(outage.ledger, { topic, group });
  expect(plain.text).toBe(
    'Topic orders holds 20 records; group shipping has read 20 of 20 in partition 0.',
  );
  expect(JSON.stringify(plain.spec.title)).not.toContain('committed');
  expect(drawn.bookmark.text).toBe(
    'Group shipping has processed 20 of 24 records of topic orders: 13 once, 6 twice, 1 more often and 2 skipped. ' +
      'Its bookmark was moved back from 12 to 7 in partition 0, from 10 to 6 in partition 1 and from 12 to 10 in partition 0.',
  );
  expect(drawn.backlog.text).toBe('shipping processed 30 records in 3.25 s (a 24, b 6).');
  expect(drawn.waiting.text).toBe(
    'Group shipping: partition 0 was done after 2.25 s, partition 1 was done after 2.25 s, partition 2 was done after 3.25 s.',
  );
  expect(drawn.lag.text).toBe(
    'shipping had a lag of at most 15 records, after 4.00 s, the oldest at most 3.66 s old, and has 0 now.',
  );
  expect(drawn.alarms.text).toBe(
    'Alarms on group shipping: age of the oldest ≥ 1 s went off after 1.50 s, no commit ≥ 2 s went off after 2.50 s, ' +
      'largest partition ≥ 10 went off after 2.75 s, sum of lag ≥ 100 stayed silent (at most 15).',
  );
  expect(drawn.throughput.text).toBe('Group shipping processed 30 records in 3.20 s: a 24, b 6.');
  expect(drawn.keys.text).toBe(
    '7 keys in topic orders; in more than one partition: customer-0 (0, 1 and 2), customer-1 (0, 1 and 2), ' +
      'customer-2 (0, 1 and 2), customer-3 (0, 1 and 2), customer-4 (0, 1 and 2), customer-5 (0, 1 and 2) ' +
      'and customer-6 (0, 1 and 2).',
  );
  expect(drawn.moves.text).toBe(
    '3 keys in topic orders: 2 moved, customer-0 (0 to 2) and customer-2 (1 to 0).',
  );
  expect(drawn.versions.text).toBe(
    'Topic profiles has 6 of 12 records left, the others are compacted away: ' +
      '1 of 3 of ann, 1 of 2 of bob, 1 of 3 of cem and 3 of 4 of eve.',
  );
  expect(drawn.idle.text).toBe(
    'Group shipping: a owns partition 0, b owns partition 1, c owns partition 2; ' +
      'the longest pause of a partition without an owner was 0.20 s; 5 assignments in all.',
  );
  expect(drawn.order.text).toBe(
    'Group shipping processed 30 records: 19 after one that was produced later, 13 of them within its key. ' +
      'Of 6 records of customer-0, which a line joins, 3 came after a later one.',
  );
  expect(drawn.route.text).toBe(
    'The records of bob, by topic: orders 1 passed on and 3 processed; retry 2 passed on and 1 failed; ' +
      'dead-letters 1 not read.',
  );
  expect(drawn.ledger.text).toBe(
    'Of 20 records in topic orders, group shipping was delivered 20, processed 20 and committed 20: ' +
      '0 skipped, 2 processed more than once, 0 out of order within a key.',
  );
  expect(drawn.segments.text).toBe(
    'Topic orders keeps 2 segments with 1548500 bytes, from offset 400 on; 1 deleted.',
  );
  expect(drawn.rates.text).toBe(
    'Records and bytes a second: one by one 2,500 and 375 kB; batches of 100 80,000 and 6.4 MB; batches, gzip 50,000 and 1 MB.',
  );
  expect(drawn.copies.text).toBe(
    'Of 20 records in topic orders, shipping has read 20, billing has read 0.',
  );
  expect(drawn['workers-share'].text).toBe(
    'Share group workers on topic jobs: 12 deliveries (ann 2, bob 4, cem 2, dora 4): ' +
      '1 at work, 3 accepted, 2 released, 1 rejected, 5 lock expired. At most 4 workers had a job at the same time.',
  );
  expect(drawn['workers-group'].text).toBe(
    'Consumer group workers on topic jobs: 8 deliveries (ann 7, bob 1, cem 0, dora 0): ' +
      '1 at work, 4 processed, 2 failed, 1 unfinished. At most 1 worker had a job at the same time. 2 workers own no partition.',
  );
  expect(drawn['workers-queue'].text).toBe(
    'Queue jobs: 9 deliveries (ann 2, bob 3, cem 1, dora 3): 1 at work, 4 acknowledged, 3 requeued, 1 rejected. ' +
      'At most 4 workers had a job at the same time.',
  );
  expect(drawn.deliveries.text).toBe(
    'Share group workers on topic jobs: 6 records in 12 deliveries; more than once: shy 3 times (accepted), ' +
      'lost 5 times (never accepted).',
  );
});

test('the table of the ledger tells what was skipped from what is still to come, in a colour of its own', () => {
  const history = new History(group, topic);
  for (let offset = 0; offset < 4; offset++) history.record(0, 'produced', 'shop', 0, offset);
  history.commit(1, 'a', 0, 2);
  const { spec } = ledgerTable(history.ledger, { topic, group });
  const { data, layer } = spec as unknown as {
    data: { values: { record: string; isSkipped: boolean }[] };
    layer: { encoding: { color?: { scale: { domain: string[]; range: string[] } } } }[];
  };
  expect(data.values.map(({ isSkipped }) => isSkipped)).toEqual([true, true, false, false]);
  const scale = layer[0]?.encoding.color?.scale;
  expect(scale?.domain).toEqual(['once', 'more than once', 'not', 'skipped']);
  expect(new Set(scale?.range).size).toBe(4);
});

const withLegend = Object.entries(drawn).filter(
  ([name]) => name !== 'course' && name !== 'predictions',
);

test('the class board says who is where; predictions, what was said how often, and by nobody’s name', () => {
  expect(drawn['class-board'].text).toBe(
    '3 learners: 1 in 00-start-here, 1 in 02-the-log. 2 lessons done in all.',
  );
  expect(drawn.predictions.text).toBe(
    'What the class predicted in 05-scaling: boxes, by 5 learners: 6 (3), 15 (1), 30 (1).',
  );
  expect(classBoard({ ...board, learners: [] }).text).toBe(
    'Nobody yet: 0 learners share how far they are.',
  );
  expect(predictions({ predictions: answers }, { lesson: '05-scaling' }).text).toBe(
    '0 predictions of 05-scaling are shared.',
  );
});

test('what a learner has predicted stays text: no mark-up, no end of a line, no more than fits', () => {
  const said = `<img src=x onerror=alert(1)>\n\u2028${'x'.repeat(50)}`;
  const of = '<script>';
  const { spec, text } = predictions(
    { predictions: [{ lesson: '05-scaling', of, said, time: 1 }] },
    { lesson: '05-scaling', of },
  );
  const { values } = spec['data'] as { values: { said: string }[] };
  expect(values[0]?.said.length).toBeLessThanOrEqual(40);
  expect(values[0]?.said + text).not.toMatch(/[\n\u2028]/);
});

/** Every x and x2 of a specification's own values, by the fields that hold them. */
const valuesOf = (spec: object, ...fields: string[]) => {
  const found: number[] = [];
  JSON.stringify(spec, (key, value) => {
    if (fields.includes(key) && typeof value === 'number') found.push(value);
    return value;
  });
  return found;
};

test('what was before `from` is left out: a learner reads for longer than an experiment takes', () => {
  const from = at(1.9);
  const late = {
    lanes: assignment(ledger, { group, from }),
    throughput: throughput(ledger, { topic, group, capacity: 10, from }),
    lag: lag(outage.ledger, { topic, groups: [group], from }),
  };
  expect(late.lanes.text).toBe(
    'Group shipping: a owns partitions 0 and 2, b owns partition 1; ' +
      'the longest pause of a partition without an owner was 0.21 s; 6 assignments in all.',
  );
  expect(late.throughput.text).toBe('Group shipping processed 26 records in 1.90 s: a 20, b 6.');
  expect(late.lag.text).toMatch(/^shipping had a lag of at most 15 records, after 2\.[01]\d s,/);
  for (const { spec } of Object.values(late)) {
    const times = valuesOf(spec, 'from', 'to', 'time');
    expect(Math.min(...times)).toBe(0);
    expect(Math.max(...times)).toBeLessThan(3.2);
  }
});

/** How a viewer lays a chart out. */
async function viewOf({ spec }: Chart) {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  return new vega.View(vega.parse(compile(spec as never).spec), { renderer: 'none' }).runAsync();
}

const three = crowdHistory({ partitions: 3, members: 2, groups: 3, name: 'shipping' });

test.each<[string, Chart]>([
  ['waiting', waiting(three.ledger, three)],
  ['backlog', backlog(three.ledger, three)],
  ['lag', lag(three.ledger, three)],
])('%s: of lines in one place each shows beside the one on top of it', async (_, { spec }) => {
  const lines = (await drawSvg(spec)).matchAll(
    /d="M[^Z"]*" stroke="#(?:0072b2|d55e00|009e73)" stroke-width="([\d.]+)"/g,
  );
  expect([...lines].map(([, width]) => Number(width))).toEqual([7, 4.5, 2]);
});

test.each<[string, Chart]>([
  ['waiting', waiting(oneRecord().ledger, { topic, group })],
  ['backlog', backlog(oneRecord().ledger, { topic, groups: [group] })],
  ['lag', lag(oneRecord().ledger, { topic, groups: [group] })],
])('%s: one record that is left does not fill the picture', async (_, chart) => {
  const view = await viewOf(chart);
  expect(view.scale('y').domain()).toEqual([0, 5]);
  view.finalize();
});

function oneRecord(): History {
  return new History().record(0, 'produced', 'shop', 0, 0).record(0.1, 'delivered', 'a', 0, 0);
}

interface OrderPoint {
  key: string;
  produced: number;
  processed: number;
  joined?: true;
}
const pointsOf = ({ spec }: Chart) => (spec.data as { values: OrderPoint[] }).values;
const subtitle = ({ spec }: Chart) => (spec.title as { subtitle?: string[] }).subtitle;

test('the order: the records of one key are joined, more of them than are drawn of the others', () => {
  const { ledger, topic, group } = longHistory(1200);
  const plain = order(ledger, { topic, group });
  expect(pointsOf(plain).some(({ joined }) => joined)).toBe(false);
  const one = order(ledger, { topic, group, highlight: 'customer-3' });
  const joined = pointsOf(one).filter((point) => point.joined);
  expect(new Set(joined.map(({ key }) => key))).toEqual(new Set(['customer-3']));
  expect(joined.length).toBe(35);
  expect(subtitle(one)).toEqual([
    'line: customer-3',
    'One record of 15 is drawn, and one of 5 of customer-3.',
  ]);
  expect(one.text).toContain(
    'Of 171 records of customer-3, which a line joins, 0 came after a later one. ',
  );
});

test('the order: without a wish that key is joined which is most often out of order', () => {
  const some = new History();
  const sent = [
    'moved 0',
    'still 1',
    'moved 0',
    'still 1',
    'moved 1',
    'once 0',
    'moved 1',
    'once 1',
  ];
  const lanes = [0, 1].map((lane) => sent.filter((of) => of.endsWith(` ${lane}`)));
  const ends = [0, 0];
  for (const [n, of] of sent.entries()) {
    const [key, lane] = of.split(' ') as [string, string];
    some.record(n / 10, 'produced', 'shop', Number(lane), ends[Number(lane)]!++, key);
  }
  const read = (lane: number, offset: number) =>
    some.record(3, 'processed', 'a', lane, offset, lanes[lane]?.[offset]?.split(' ')[0]);
  for (const lane of [1, 0]) for (const offset of lanes[lane]?.keys() ?? []) read(lane, offset);
  read(0, 0); // again: that is no disorder
  const { ledger, ...of } = some;
  const chart = order(ledger, of);
  const joined = pointsOf(chart).filter((point) => point.joined);
  expect(joined.map(({ produced, processed }) => [produced, processed])).toEqual([
    [4, 2],
    [6, 3],
    [0, 5],
    [2, 6],
  ]);
  expect(pointsOf(chart)).toContainEqual(expect.objectContaining({ produced: 0, processed: 8 }));
  expect(subtitle(chart)).toEqual(['line: moved, falling where a later record came first']);
  expect(chart.text).toContain(
    'Of 4 records of moved, which a line joins, 2 came after a later one.',
  );
  const none = order(ledger, { ...of, highlight: 'nobody' });
  expect(none.text).toContain('No record of nobody is among them.');
  expect(pointsOf(none).some((point) => point.joined)).toBe(false);
});

test('the lag in seconds is the age of the oldest record that is not committed', async () => {
  const chart = lag(outage.ledger, { topic, groups: [group], unit: 'seconds' });
  expect(chart.text).toBe(drawn.lag.text);
  const view = await viewOf(chart);
  expect(view.scale('y').domain()).toEqual([0, 4]);
  view.finalize();
  expect(await drawSvg(chart.spec)).toContain('age of the oldest in seconds');
});

test('what is grey is said below the title, where something is', () => {
  expect(subtitle(drawn.lag)).toEqual(['grey: shipping has no member']);
  expect(subtitle(drawn.throughput)).toEqual(['grey: a partition has no owner']);
  expect(subtitle(lag(ledger, { topic, groups: [group] }))).toBeUndefined();
  expect(subtitle(throughput(three.ledger, three))).toBeUndefined();
});

test('what members can do is told, not drawn, where it would squash the bars', async () => {
  const highest = async (capacity: number) => {
    const chart = throughput(ledger, { topic, group, capacity });
    const view = await viewOf(chart);
    const [, top] = view.scale('y').domain() as [number, number];
    view.finalize();
    return { top, told: /Not drawn.*/.exec(chart.text)?.[0] };
  };
  expect(await highest(20)).toEqual({ top: 40, told: undefined });
  expect(await highest(21)).toEqual({
    top: 22,
    told: 'Not drawn: what 2 members can do, 42 a second.',
  });
  expect(await highest(200)).toEqual({
    top: 20,
    told: 'Not drawn: what 1 to 2 members can do, 200 to 400 a second.',
  });
  const nothingYet = throughput(new History().ledger, { topic, group, capacity: 200 });
  expect(nothingYet.text).not.toContain('Not drawn');
});

test('a bar that is too short for its label has none', () => {
  const short = new History();
  short.member(0, 'joined', 'shipping-service-1', [0]);
  short.member(1, 'rebalancing', 'shipping-service-1');
  short.member(1.01, 'joined', 'shipping-service-2', [0]);
  short.member(10, 'left', 'shipping-service-2');
  const { spec } = assignment(short.ledger, { group: short.group });
  const labels = [...JSON.stringify(spec).matchAll(/"label":"([^"]*)"/g)].map(([, label]) => label);
  expect(labels.filter(Boolean)).toEqual(['shipping-service-2: 0 records']);
});

test.each(withLegend)('%s: what its legend picks stays, the rest is pale', async (_, { spec }) => {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = compile(spec as never).spec;
  // What a click on an entry of the legend sets.
  const [, picked = 'no legend'] = /"(picked_\w+_legend)"/.exec(JSON.stringify(compiled)) ?? [];
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
  const pale = async (value: string | null) => {
    await view.signal(picked, value).runAsync();
    return (await view.toSVG()).match(/opacity="0\.12"/g)?.length ?? 0;
  };
  expect(await pale(null)).toBe(0);
  const all = await pale('what no mark has');
  expect(all).toBeGreaterThan(0);
  const entries = [...new Set<string>(view.scale('color').domain())];
  const others: number[] = [];
  for (const entry of entries) others.push(await pale(entry));
  expect(Math.min(...others)).toBeLessThan(all);
  view.finalize();
});

test.each(['transactions', 'versions'] as const)(
  '%s: what is compacted away is hollow, in the legend, too, and nothing else is',
  async (name) => {
    const svg = await drawSvg(drawn[name].spec);
    const marks = [...svg.matchAll(/<path [^>]*fill="#\w{6}"[^>]*>/g)].map(([mark]) => mark);
    const hollow = marks.filter((mark) => mark.includes('fill-opacity="0"'));
    const places = (drawn[name].spec['data'] as { values: { state: string }[] }).values;
    const gone = places.filter(({ state }) => state === COMPACTED).length;
    expect(gone).toBeGreaterThan(0);
    expect(hollow).toHaveLength(gone + 1);
    expect(hollow.filter((mark) => mark.includes(`stroke="${NOBODY}"`))).toEqual(hollow);
    expect(marks.filter((mark) => mark.includes(`fill="${NOBODY}"`))).toEqual(hollow);
  },
);

test('a legend stays in one row as long as its names fit, however long one of them is', () => {
  const legend = (...domain: string[]) => toldApart('by', null, { domain }, 320).legend;
  expect(legend('pricing-service', 'shop', 'not read')).toBeUndefined();
  expect(legend('pricing-service', 'shipping-service', 'not read')).toEqual({ columns: 2 });
});

test('two panels share what room a page has', async () => {
  const { compile } = await import('vega-lite');
  const { signals } = compile(drawn.depth.spec as never).spec as { signals: { name: string }[] };
  expect(signals[0]?.name).toBe('childWidth');
  expect(fitted(drawn.depth.spec)).toMatchObject({
    usermeta: { embedOptions: { patch: [{ path: '/signals/0', value: { name: 'childWidth' } }] } },
  });
});

test('where a page is narrow, titles are smaller and legends have two columns', async () => {
  const { compile } = await import('vega-lite');
  const { config, legends } = compile(fitted(drawn.copies.spec) as never).spec;
  const narrow = /windowSize\(\)\[0\].* < 480 \? /;
  expect(config?.legend?.columns).toEqual({ signal: expect.stringMatching(narrow) });
  expect(config?.style?.['group-title']?.fontSize).toEqual({
    signal: expect.stringMatching(narrow),
  });
  expect(legends?.[0]).not.toHaveProperty('columns');
});

test('where a page is narrow, a title has more lines, and long names of a legend stand below one another', async () => {
  const { compile } = await import('vega-lite');
  const { title } = compile(fitted(drawn.bookmark.spec) as never).spec;
  expect(title).toMatchObject({
    text: {
      signal: expect.stringMatching(
        / < 480 \? \["How often group shipping has","processed .*"\] : \["How often .* orders"\]$/,
      ),
    },
    subtitle: {
      signal: expect.stringContaining('["▼ the bookmark: the group reads on from here","'),
    },
  });
  const { legends } = compile(fitted(drawn.alarms.spec) as never).spec;
  expect(legends?.[0]?.columns).toEqual({ signal: expect.stringMatching(/ < 480 \? 1 : 0$/) });
});

interface RateBar {
  setting: string;
  measure: string;
  share: number;
}

test('bars of rates are shares of the fastest, records and bytes each; of many settings the fastest are drawn', () => {
  const barsOf = ({ spec }: Chart) =>
    (spec.layer as { data: { values: RateBar[] } }[])[0]?.data.values ?? [];
  expect(barsOf(drawn.rates).map(({ share }) => share)).toEqual([
    ...[0.0313, 0.0586],
    ...[1, 1],
    ...[0.625, 0.1563],
  ]);
  const names = Array.from({ length: 40 }, (_, n) => `s-${n}`);
  const many = rates(
    Object.fromEntries(names.map((name, n) => [name, { records: n, bytes: 1, milliseconds: 10 }])),
  );
  const shown = new Set(barsOf(many).map(({ setting }) => setting));
  expect([...shown]).toEqual(names.slice(-shown.size));
  expect(many.text).toContain(`${shown.size} of 40 settings are drawn: the fastest.`);
});

test('an empty ledger is a picture too', async () => {
  const { ledger: empty } = new History();
  for (const chart of [
    assignment(empty, { group }),
    log(empty, { topic, group }),
    bookmark(empty, { topic, group }),
    backlog(empty, { topic, groups: [group] }),
    waiting(empty, { topic, group }),
    lag(empty, { topic, groups: [group] }),
    alarmLines(empty, { topic, group, limits: LIMITS }),
    throughput(empty, { topic, group }),
    copies(empty, { topic, groups: [group] }),
    keys(empty, { topic }),
    moves(empty, { topic }),
    order(empty, { topic, group }),
    ledgerTable(empty, { topic, group }),
    depth(empty, { depths: { ...depths, samples: [] }, groups: [group] }),
    segments({ topic, segments: [] }),
    workers(empty, { topic, group }),
    workers(empty, { queue: topic }),
    deliveries(empty, { topic, group }),
    rates({}),
    rates({ nothing: { records: 0, bytes: 0, milliseconds: 0 } }),
  ]) {
    expect(await drawSvg(chart.spec)).toMatch(/^<svg role="img" aria-label="[^"]{10,}"/);
    expect(chart.text).not.toMatch(/NaN|undefined|Infinity/);
  }
});

const evilText = `<img src=x onerror=alert(1)>\u0007\u001b[31m${'x'.repeat(1_000_000)}`;
const evilBytes = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(evilText)]);

test.each<[string, Value]>([
  ['text', evilText],
  ['bytes that are no UTF-8', evilBytes],
])(
  'keys and values are shown escaped and short in every chart that shows them: %s',
  async (_, value) => {
    const evil = new History();
    const key = evilText;
    evil
      .record(1, 'produced', 'm', 0, 0, key, value)
      .record(2, 'delivered', 'a', 0, 0, key)
      .record(3, 'processed', 'a', 0, 0, key);
    const { ledger, group, topic } = evil;
    const queue = { kind: 'queue', queue: 'q', member: key, time: at(1) } as const;
    ledger.record({ ...queue, event: 'delivered', delivery: 1, message: String(value) });
    const shared = { kind: 'acquired', group: 'shared', topic, partition: 0, offset: 0 } as const;
    ledger.record({ ...shared, time: at(1), member: key, deliveries: 5 });
    for (const chart of [
      workers(ledger, { topic, group }),
      workers(ledger, { topic, group: 'shared' }),
      workers(ledger, { queue: 'q' }),
      deliveries(ledger, { topic, group }),
      deliveries(ledger, { topic, group: 'shared' }),
      log(ledger, { topic, group }),
      bookmark(ledger, { topic, group }),
      copies(ledger, { topic, groups: [group] }),
      keys(ledger, { topic }),
      moves(ledger, { topic }),
      order(ledger, { topic, group }),
      ledgerTable(ledger, { topic, group }),
    ]) {
      const { 'image/svg+xml': svg } = await bundle(chart);
      expect(svg).not.toContain('<img');
      const whole = `${JSON.stringify(chart.spec)}${chart.text}`;
      expect(whole).not.toMatch(/x{60}|[\u0000-\u001f]|\\u00[01]/);
      // A value may be longer than a key.
      const isValue = (name: string, of: unknown) => name === 'value' && typeof of === 'string';
      const rest = JSON.stringify(chart.spec, (name, of) => (isValue(name, of) ? '' : of));
      expect(`${rest}${chart.text}`).not.toMatch(/x{40}/);
    }
  },
);

/** What the tooltips of a chart's marks say, as the viewer draws them. */
async function tooltips(chart: Chart): Promise<Record<string, unknown>[]> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(chart.spec as never).spec), { renderer: 'none' });
  await view.runAsync();
  const found: Record<string, unknown>[] = [];
  const visit = ({ items = [], tooltip }: { items?: []; tooltip?: Record<string, unknown> }) => {
    if (tooltip) found.push(tooltip);
    for (const item of items) visit(item);
  };
  visit((view.scenegraph() as unknown as { root: object }).root);
  view.finalize();
  return found;
}

const clock = expect.stringMatching(/^\d\d:\d\d:40\.250$/);
const record = { partition: 0, offset: 1, key: 'customer-1', value: 'order 0-1' };
const behind = { ...record, 'produced at': clock, 'processed by': 'a' };

test.each<[string, Chart, object]>([
  ['log', drawn.log, behind],
  ['copies', drawn.copies, { group: 'shipping', ...behind }],
  ['order', order(outage.ledger, { topic, group }), behind],
  ['ledger', drawn.ledger, { step: 'processed', times: 1, ...behind }],
])('%s: a mark tells its record', async (_, chart, meant) => {
  const all = await tooltips(chart);
  expect(all).toContainEqual(expect.objectContaining(meant));
});

test('keys: a mark tells how many records it stands for, and the newest of them', async () => {
  expect(await tooltips(drawn.keys)).toContainEqual({
    ...{ key: 'customer-0', partition: 2, records: 2 },
    ...{ 'newest offset': 7, 'newest value': 'order 2-7' },
    'produced at': expect.stringMatching(/:\d\d\.000$/),
  });
});

test('a tooltip says what is not known, who processed a record twice, and how long a value is', async () => {
  const some = new History(undefined, undefined, new Ledger(3000));
  const { ledger } = some;
  some.record(0, 'produced', 'shop', 1, 0);
  for (let offset = 0; offset < 1024; offset++) some.record(0, 'produced', 'shop', 0, offset);
  // Beyond the ledger's bounds: of the first it keeps counts.
  const busy = { kind: 'produced', group: '', member: 'm', topic: 'other', key: null } as const;
  const lane = ledger.values('other', 0);
  for (let offset = 0; offset < 5000; offset++) {
    lane.add(offset, '');
    ledger.record({ ...busy, partition: 0, offset, time: at(1 + offset / 1000) });
  }
  some.record(7, 'produced', 'shop', 1, 2, undefined, null);
  some.record(7, 'produced', 'shop', 1, 3, undefined, 'é'.repeat(100));
  some.record(8, 'processed', 'a', 1, 3).record(9, 'processed', 'b', 1, 3);
  const all = await tooltips(ledgerTable(ledger, { topic, group }));
  const isMeant = (n: number, { partition, offset, step }: Record<string, unknown>) =>
    partition === 1 && offset === n && step === 'processed';
  const of = (n: number) => all.find((tooltip) => isMeant(n, tooltip));
  expect(of(0)).toMatchObject({
    ...{ key: 'not kept', value: 'kept of the newest only' },
    ...{ 'produced at': 'not kept', 'processed by': 'nobody yet', times: 0 },
  });
  expect(of(2)).toMatchObject({ value: 'no value', 'processed by': 'nobody yet' });
  expect(of(3)).toMatchObject({
    ...{ value: `${'é'.repeat(48)}… (200 bytes)`, 'processed by': 'a and b', times: 2 },
  });
});

const longMeasurement = () =>
  Array.from({ length: 2000 }, (_, i) => ({ time: at(i / 20), queued: i, start: 0, end: i }));

describe('100,000 records make a chart of less than 60 KB', () => {
  let big: Record<string, Chart> = {};
  beforeAll(() => {
    const { ledger, group, topic } = longHistory(100_000);
    const groups = [group, 'billing.05-scaling.abc'];
    big = {
      ...chartsOf(ledger, { topic, group, groups }, longMeasurement()),
      log: log(ledger, { topic, group, committed: true }),
      joined: order(ledger, { topic, group, highlight: 'customer-3' }),
    };
  }, 120_000);
  const names = Object.keys(chartsOf(new Ledger(), { topic, group }));
  test.each([...names, 'joined'])('%s', async (name) => {
    const { spec } = big[name] as Chart;
    const bytes = JSON.stringify(spec).length + (await drawSvg(spec)).length;
    expect(bytes).toBeLessThan(60_000);
  });
});

test.each([
  [20, 500],
  [60, 720],
  [400, 1000],
])(
  'a frame that took %d ms is followed by a pause of %d: a thirteenth of the time at most, until frames would be rare',
  (took, pause) => {
    expect(pauseAfter(took)).toBe(pause);
  },
);

test('a live chart draws only what changed, and ends as the interactive chart', async () => {
  const shown: { mime: string[]; update: boolean | undefined }[] = [];
  const screen = {
    display: (data: object, options?: { update?: boolean }) =>
      shown.push({ mime: Object.keys(data), update: options?.update }),
  };
  installHost(screen as Partial<Host> as Host);
  await live(() => drawn.log, { until: new Promise((resolve) => setTimeout(resolve, 700)) });
  expect(shown).toEqual([
    { mime: ['text/html', 'image/svg+xml', 'text/plain'], update: false },
    { mime: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'], update: true },
  ]);
});

test('a live chart passes on why its wait failed, after the last picture', async () => {
  const shown: unknown[] = [];
  installHost({ display: (data: unknown) => shown.push(data) } as Partial<Host> as Host);
  await expect(live(() => drawn.log, { until: Promise.reject(new Error('late')) })).rejects.toThrow(
    'late',
  );
  expect(shown.at(-1)).toHaveProperty('application/vnd.vegalite.v5+json');
});

test('where a member does not know yet that its partition has gone to another, each bar counts its own records', () => {
  const ledger = new Ledger();
  const shared = { group: 'g', time: 0 };
  const joined = (member: string, time: number) =>
    ledger.record({ kind: 'joined', ...shared, member, time, assignment: { t: [0] } });
  const processed = (member: string, time: number, offset: number) => {
    const place = { topic: 't', partition: 0, offset, key: null };
    ledger.record({ kind: 'processed', ...shared, member, time, ...place });
  };
  joined('late', 1000);
  processed('late', 1500, 0);
  joined('next', 3000);
  for (const offset of [0, 1, 2]) processed('next', 3500 + offset, offset);
  processed('late', 4000, 1);
  ledger.record({ kind: 'rebalancing', ...shared, member: 'late', time: 4001 });
  const { data } = assignment(ledger, { group: 'g' }).spec as { data: { values: unknown[] } };
  expect(data.values).toMatchObject([
    { member: 'late', records: 2 },
    { member: 'next', records: 3 },
  ]);
});
