import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backlog } from '../../../lib/src/charts/backlog.ts';
import { classBoard } from '../../../lib/src/charts/class-board/board.ts';
import { predictions } from '../../../lib/src/charts/class-board/predictions.ts';
import { type CourseLesson, course } from '../../../lib/src/charts/course.ts';
import type { Chart } from '../../../lib/src/charts/drawing/chart.ts';
import { sentence } from '../../../lib/src/charts/drawing/words.ts';
import { depth } from '../../../lib/src/charts/measured/depth.ts';
import { rates } from '../../../lib/src/charts/measured/rates.ts';
import { type Segment, segments } from '../../../lib/src/charts/measured/segments.ts';
import { throughput } from '../../../lib/src/charts/throughput.ts';
import type { Ledger } from '../../../lib/src/ledger/index.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { at, type Crowd, crowdHistory } from '../../support/history.ts';

const files = (partitions: number): Segment[] =>
  Array.from({ length: partitions * 3 }, (_, i) => ({
    ...{ partition: Math.floor(i / 3), from: (i % 3) * 1_000_000, to: ((i % 3) + 1) * 1_000_000 },
    ...{ bytes: 1_048_576, state: 'closed' as const },
  }));
const lesson = (n: number, name: string): CourseLesson => ({
  ...{ name: `${String(n).padStart(2, '0')}-${name}`, title: name, minutes: 15, state: 'begun' },
  ...{ isNext: n === 0, last: n },
  ...{ checks: { passed: 1, total: 2 }, exercises: { solved: 0, total: 1 } },
});

/** So many learners, each in a lesson of twenty. */
function classOf({ partitions, name }: Crowd) {
  const course = Array.from({ length: 20 }, (_, i) => lesson(i, 'lesson').name);
  const learners = Array.from({ length: partitions }, (_, i) => ({
    name: `${i}-${name}`.slice(0, 40),
    lessons: new Map(course.slice(0, i % 20).map((lesson) => [lesson, { ...PASSED, time: at(i) }])),
    here: { lesson: course[i % 20] as string, since: at(i * 3600) },
  }));
  return { course, learners };
}
const PASSED = { checks: { passed: 1, total: 2 }, exercises: { solved: 0, total: 1 } };

/** Three copies of each partition; one broker is killed, and the others lead what it led. */
function replicate(ledger: Ledger, topic: string, partitions: number): void {
  for (const time of [at(0), at(2)])
    for (let partition = 0; partition < partitions; partition++) {
      const leader = time === at(0) ? 1 + (partition % 3) : 2 + (partition % 2);
      const inSync = time === at(0) ? [1, 2, 3] : [2, 3];
      const told = { epoch: time, leader, replicas: [1, 2, 3], inSync };
      ledger.record({ kind: 'replicas', time, topic, partition, ...told });
    }
  ledger.record({ kind: 'broker', time: at(1), broker: 1, event: 'killed' });
}

/** Every chart there is, of a topic with so many partitions and groups with so many members. */
function all(crowd: Crowd): Record<string, Chart> {
  const { ledger, topic, group, groups } = crowdHistory(crowd);
  replicate(ledger, topic, crowd.partitions);
  const samples = Array.from({ length: 50 }, (_, i) => ({
    ...{ time: at(i / 10), queued: i * 1000, start: 0, end: i * 1000 },
  }));
  const lessons = Array.from({ length: crowd.partitions }, (_, i) => lesson(i, crowd.name));
  return {
    ...chartsOf(ledger, { topic, group, groups }, samples),
    throughput: throughput(ledger, { topic, group, capacity: 10 }),
    depth: depth(ledger, { depths: { queue: topic, topic, samples }, groups }),
    segments: segments({ topic, segments: files(crowd.partitions) }),
    rates: rates(
      Object.fromEntries(
        Array.from({ length: crowd.groups }, (_, i) => [
          `${crowd.name} ${i}`,
          {
            ...{ records: 1000 * i, bytes: 1e9, milliseconds: 1 },
            givesUp: `what ${crowd.name} gains`.repeat(3),
          },
        ]),
      ),
    ),
    course: course(lessons),
    classBoard: classBoard(classOf(crowd)),
    predictions: predictions(
      {
        predictions: lessons.map(({ name }, i) => ({ lesson: 'a', of: 'b', said: name, time: i })),
      },
      { lesson: 'a', of: 'b' },
    ),
  };
}

interface Item {
  items?: Item[];
  x?: number;
  y?: number;
  marktype?: string;
  role?: string;
  text?: string;
  opacity?: number;
  bounds?: { x1: number; y1: number; x2: number; y2: number };
}

/** Rows of names may be close; numbers beside one another are read as one below this, in pixels. */
const LEAST_GAP = 3.5;

/** What names keep from the bars of their rows at least, in pixels. */
const LEAST_ASIDE = 6;

/** What the labels of an axis on the left keep from what is drawn. */
const aside = ({ items = [] }: Item): number =>
  Math.min(
    Infinity,
    ...items.flatMap(({ bounds }) => (bounds && bounds.x2 <= 0 ? -bounds.x2 : [])),
  );

/** The least that two labels of an axis keep between them, across or up and down, in pixels. */
function labelGap({ items = [] }: Item): number {
  const shown = items.filter(({ text, opacity }) => text && opacity !== 0);
  const gaps = shown.slice(1).map(({ bounds: a }, i) => {
    const b = shown[i]?.bounds;
    if (!a || !b) throw new Error('a label without bounds');
    return Math.max(a.x1 - b.x2, b.x1 - a.x2, a.y1 - b.y2, b.y1 - a.y2);
  });
  return Math.min(Infinity, ...gaps);
}

/**
 * The size of a picture as Vega lays it out, how far text stands out of it, how close labels of an axis come to one another and
 * to what is drawn, and its colours by name.
 */
async function measured(name: string, { spec }: Chart) {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(spec as never).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  const [, width = 0, height = 0] = (/ width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
  const padding = view.padding() as { left: number; top: number };
  const [left, top] = view.origin().map((at, i) => at + (i === 0 ? padding.left : padding.top));
  let beyond = 0;
  let gap = Infinity;
  let room = Infinity;
  const visit = ({ items = [], marktype, ...mark }: Item, x: number, y: number) => {
    if (mark.role === 'axis-label') {
      gap = Math.min(gap, labelGap({ items }));
      room = Math.min(room, aside({ items }));
    }
    const isGroup = marktype === undefined;
    const [right, down] = isGroup ? [x + (mark.x ?? 0), y + (mark.y ?? 0)] : [x, y];
    for (const item of items) {
      if (marktype === 'text' && item.text && item.opacity !== 0 && item.bounds) {
        const { x1, y1, x2, y2 } = item.bounds;
        beyond = Math.max(beyond, -(x + x1), x + x2 - width, -(y + y1), y + y2 - height);
      }
      visit(item, right, down);
    }
  };
  visit((view.scenegraph() as unknown as { root: Item }).root, left ?? 0, top ?? 0);
  const colours: string[] = ['course', 'predictions'].includes(name)
    ? []
    : view.scale('color').range();
  view.finalize();
  return { width, height, beyond, gap, room, colours };
}

const long = (n: number) => `shipping-${'x'.repeat(88)}-${String(n).padStart(2, '0')}`;
const crowds: [string, Crowd][] = [
  ['a lesson', { partitions: 3, members: 2, groups: 2, name: 'shipping' }],
  ['12 partitions, 10 members', { partitions: 12, members: 10, groups: 10, name: 'shipping' }],
  ['names of 100 characters', { partitions: 12, members: 10, groups: 10, name: long(0) }],
  ['a crowd', { partitions: 300, members: 50, groups: 200, name: 'shipping' }],
  ['a crowd with long names', { partitions: 300, members: 50, groups: 200, name: long(0) }],
];

test.each(crowds)('%s: every chart is whole within 700 by 800 pixels', async (_, crowd) => {
  for (const [name, chart] of Object.entries(all(crowd))) {
    const { width, height, beyond, gap, room, colours } = await measured(name, chart);
    expect.soft(width, `the width of ${name}`).toBeLessThanOrEqual(700);
    expect.soft(height, `the height of ${name}`).toBeLessThanOrEqual(800);
    expect.soft(beyond, `text of ${name} beyond its border`).toBeLessThanOrEqual(0);
    expect.soft(gap, `what is between labels of an axis of ${name}`).toBeGreaterThan(LEAST_GAP);
    expect.soft(room, `what is between names and bars of ${name}`).toBeGreaterThan(LEAST_ASIDE);
    expect.soft(chart.text.length, `the sentence of ${name}`).toBeLessThan(300);
    expect.soft(new Set(colours).size, `the colours of ${name}`).toBe(colours.length);
  }
});

test('of more than two groups, the one with which backlog compares is named: the sentence may leave it out', () => {
  const [two, three] = [2, 3].map((groups) => {
    const crowd = crowdHistory({ partitions: 3, members: 2, groups, name: 'shipping' });
    return backlog(crowd.ledger, crowd).text;
  });
  expect(two).toMatch(/ shipping-1 was [\d.]+ times as fast;/);
  expect(three).toMatch(/ shipping-2 was [\d.]+ times as fast as shipping-0;/);
});

test('a sentence within its length tells how many items it leaves out, however many there are', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(300), fc.nat(4), (length, besides, notes) => {
      const items = Array.from({ length }, (_, i) => `group-${i}`);
      const text = sentence({
        ...{ items, besides, word: (name) => `${name} has 0` },
        say: (words) => `${words.join(', ')}.`,
        notes: Array.from({ length: notes }, (_, i) => `Note ${i}${' is long'.repeat(12)}.`),
      });
      const named = text.match(/group-\d+ has 0/g)?.length ?? 0;
      const more = Number(/(\S+) more\./.exec(text)?.[1] ?? 0);
      expect(named + more, text).toBe(length + besides);
      if (length > 0) expect(named, text).toBeGreaterThan(0);
      if (notes > 0) expect(text).toContain(`Note ${notes - 1} `);
      expect(text.length).toBeLessThan(300);
    }),
  );
});
