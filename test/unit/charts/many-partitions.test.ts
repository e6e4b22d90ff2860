import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chart } from '../../../lib/src/charts/drawing/chart.ts';
import { segments } from '../../../lib/src/charts/measured/segments.ts';
import { isStable, stability } from '../../../lib/src/lab/waiting/stability.ts';
import {
  assignment,
  drain,
  Ledger,
  positions,
  presentMembers,
} from '../../../lib/src/ledger/index.ts';
import { compare, predict } from '../../../lib/src/lessons/index.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { at } from '../../support/history.ts';
import { recordingHost } from '../../support/lab.ts';

const [ORDERS, BILLS] = ['orders.05-scaling.abc', 'bills.05-scaling.abc'];
const [SHIPPING, BILLING] = ['shipping.05-scaling.abc', 'billing.05-scaling.abc'];

/** A group that reads two topics; their partitions, and the members, turn up in any order. */
const history = fc.record({
  partitions: fc.shuffledSubarray([...Array(14).keys()], { minLength: 12 }),
  members: fc.shuffledSubarray([1, 2, 3, 9, 10, 11, 12], { minLength: 3 }),
});

function written({ partitions, members }: { partitions: number[]; members: number[] }): Ledger {
  const ledger = new Ledger();
  const names = members.map((n) => `m-${n}`);
  const ownerOf = (i: number) => names[i % (names.length - 1)] as string; // the last one is idle
  for (const [i, member] of names.entries()) {
    const own = partitions.filter((_, at) => ownerOf(at) === names[i]);
    ledger.record({
      ...{ kind: 'joined', time: at(0), group: SHIPPING, member },
      assignment: own.length > 0 ? { [ORDERS]: own, [BILLS]: own } : {},
    });
  }
  for (const topic of [ORDERS, BILLS]) {
    for (const [i, partition] of [...partitions, ...partitions, ...partitions].entries()) {
      const offset = 8 + Math.floor(i / partitions.length);
      const key = `customer-${i % 13}`;
      const of = { topic, partition, offset, key };
      ledger.record({ kind: 'produced', time: at(1 + i), group: '', member: 'shop', ...of });
      const by = { group: SHIPPING, member: ownerOf(partitions.indexOf(partition)) };
      ledger.record({ kind: 'delivered', time: at(1.1 + i), ...by, ...of });
      ledger.record({ kind: 'processed', time: at(1.2 + i), ...by, ...of });
      ledger.record({
        ...{ kind: 'committed', time: at(1.3 + i), ...by },
        ...{ topic, partition, offset: offset + 1 },
      });
    }
  }
  return ledger;
}

const ascends = (numbers: number[]) => numbers.every((n, i) => i === 0 || n >= numbers[i - 1]!);

/** The numbers in texts that are alike but for one number, as `partition 2 · shipping` and `partition 10 · shipping` are. */
function series(texts: string[]): number[][] {
  const found = new Map<string, number[]>();
  for (const text of texts) {
    const [, before, number, after] = /^(.*?)(\d+)(.*)$/.exec(text) ?? [];
    if (number === undefined) continue;
    const kind = `${before}#${after}`;
    found.set(kind, [...(found.get(kind) ?? []), Number(number)]);
  }
  return [...found.values()];
}

/** What stands along the axes and in the legends, in its order. */
async function told({ spec }: Chart): Promise<Record<string, (string | number)[]>> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(spec as never).spec), { renderer: 'none' });
  await view.runAsync();
  const domains = ['x', 'y', 'color', 'shape'].flatMap((name) => {
    try {
      const scale = view.scale(name);
      return 'bandwidth' in scale || scale.type === 'ordinal' ? [[name, scale.domain()]] : [];
    } catch {
      return []; // a chart need not have each of them
    }
  });
  view.finalize();
  return Object.fromEntries(domains);
}

/** Lists of numbers in a sentence: "0, 2 and 11". */
const lists = (text: string) =>
  [...text.matchAll(/\d+(?:, \d+)* and \d+\b(?! more)/g)].map(([found]) =>
    found.split(/, | and /).map(Number),
  );

/** What a sentence says of things that are numbered, one after the other. */
const named = (text: string, name: RegExp) => [...text.matchAll(name)].map(([, n]) => Number(n));

test('partitions, offsets and members are told and drawn by their numbers, ten and more too', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (of) => {
      const ledger = written(of);
      const all = {
        ...chartsOf(ledger, { topic: ORDERS, group: SHIPPING, groups: [SHIPPING, BILLING] }),
        segments: segments({
          topic: ORDERS,
          segments: of.partitions.map((partition) => ({
            ...{ partition, from: 0, to: 10, bytes: 100, state: 'active' as const },
          })),
        }),
      };
      for (const [name, chart] of Object.entries(all)) {
        for (const [scale, domain] of Object.entries(await told(chart))) {
          if (name === 'assignment' && scale === 'color') continue; // members, in the order in which they joined
          if (name === 'throughput' && scale === 'color') continue;
          const numbers = domain.filter((entry): entry is number => typeof entry === 'number');
          for (const found of [numbers, ...series(domain.map(String))])
            expect.soft(ascends(found), `${name}, ${scale}: ${domain}`).toBe(true);
        }
        for (const found of lists(chart.text))
          expect.soft(ascends(found), `${name}: ${chart.text}`).toBe(true);
        if (name !== 'assignment')
          expect.soft(ascends(named(chart.text, /partition (\d+)/g)), chart.text).toBe(true);
        if (name !== 'assignment' && name !== 'backlog')
          expect.soft(ascends(named(chart.text, /\bm-(\d+)/g)), chart.text).toBe(true);
      }
    }),
    { numRuns: 2 },
  );
});

test('what two topics have in one group is told apart: a lane for each partition of each', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ partitions, members }) => {
      // More lanes than these are not all drawn.
      const of = { partitions: partitions.slice(0, 12), members };
      const ledger = written(of);
      const { assignment: lanes } = chartsOf(ledger, { topic: ORDERS, group: SHIPPING });
      const { y = [] } = await told(lanes);
      const sorted = [...of.partitions].sort((a, b) => a - b);
      expect(y).toEqual([
        ...sorted.map((partition) => `bills · partition ${partition}`),
        ...sorted.map((partition) => `orders · partition ${partition}`),
        `m-${of.members.at(-1)} is idle`,
      ]);
      const owned = assignment(ledger, SHIPPING);
      expect(Object.keys(owned)).toHaveLength(2 * of.members.length - 1);
      for (const [key, own] of Object.entries(owned)) {
        const [member = '', topic] = key.split(' · ');
        expect(own).toEqual(topic === undefined ? [] : assignment(ledger, SHIPPING, topic)[member]);
        if (!topic) continue;
        const plural = own.length === 1 ? '' : 's';
        const numbers = own.join(', ').replace(/, (\d+)$/, ' and $1');
        const words = `partition${plural} ${numbers} of ${topic.split('.')[0]}`;
        // Of many, a sentence leaves some out, and says so.
        if (!/ more\b/.test(lanes.text)) expect(lanes.text).toContain(words);
        expect(stability(ledger, SHIPPING)).toContain(`${key} owns [${own.join(', ')}]`);
      }
      expect(isStable(ledger, SHIPPING, of.members.length, () => of.partitions.length)).toBe(true);
    }),
    { numRuns: 5 },
  );
});

test('lists that a learner computes are in the order of their numbers', () => {
  const host = recordingHost();
  fc.assert(
    fc.property(history, (of) => {
      const ledger = written(of);
      const numbers = (names: string[]) => names.map((name) => Number(/\d+/.exec(name)?.[0]));
      const owned = assignment(ledger, SHIPPING, ORDERS);
      for (const found of [
        positions(ledger, SHIPPING, ORDERS).map(({ partition }) => partition),
        ledger.trail('produced', { topic: ORDERS }).partitions(),
        numbers(presentMembers(ledger, SHIPPING)),
        numbers(drain(ledger, SHIPPING, ORDERS).members.map(({ member }) => member)),
        ...Object.values(owned),
      ])
        expect(ascends(found), String(found)).toBe(true);
      compare(predict.assignment({ [`m-${of.members[0]}`]: [of.partitions[0] as number] }), owned);
      const text = String(host.shown.at(-1)?.['text/plain']);
      expect(ascends(named(text, /\bm-(\d+)/g)), text).toBe(true);
    }),
  );
});

test('groups whose short names are alike are told by their whole names', () => {
  const ledger = written({ partitions: [0], members: [1, 2] });
  const groups = ['shop.shipping', 'shop.billing'];
  const { lag, copies, backlog, depth } = chartsOf(ledger, { topic: ORDERS, group: '', groups });
  for (const { spec, text } of [lag, copies, backlog, depth]) {
    for (const group of groups) {
      expect(text).toContain(group);
      expect(JSON.stringify(spec)).toContain(group);
    }
  }
});

test('a pause of another topic’s partition is none of this topic’s throughput', () => {
  const ledger = written({ partitions: [0, 1], members: [1, 2] });
  const by = { group: SHIPPING, member: 'm-1' };
  ledger.record({ kind: 'rebalancing', time: at(2), ...by });
  ledger.record({ kind: 'joined', time: at(3), ...by, assignment: { [ORDERS]: [0, 1] } });
  const drawn = (topic: string) => {
    const { spec } = chartsOf(ledger, { topic, group: SHIPPING }).throughput;
    return (spec['layer'] as { data: { values: unknown[] } }[])[1]?.data.values;
  };
  // Nobody has taken the partitions of bills again.
  expect(drawn(ORDERS)).toMatchObject([{ to: 1.8 }, { to: 1.8 }]);
  expect(drawn(BILLS)).toMatchObject([{ to: 5 }, { to: 5 }]);
});
