import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Consumer, ConsumerRunConfig, EachMessagePayload } from 'kafkajs';
import { afterEach, expect, test, vi } from 'vitest';
import { type Host, installHost } from '../../../lib/src/host.ts';
import { recordProcessing } from '../../../lib/src/lab/watch/watch-handlers.ts';
import { Ledger, now } from '../../../lib/src/ledger/index.ts';

const failures: unknown[] = [];
installHost({ fail: (error: unknown) => void failures.push(error) } as unknown as Host);
afterEach(() => void failures.splice(0));

/** What kafkajs would call, with the watched handlers in it. */
function running(config: ConsumerRunConfig): { ledger: Ledger; config: ConsumerRunConfig } {
  const ledger = new Ledger();
  let given: ConsumerRunConfig = {};
  const run = async (watched: ConsumerRunConfig = {}) => void (given = watched);
  const consumer = { on: () => {}, events: {}, run } as unknown as Consumer;
  recordProcessing({ consumer, groupId: 'g', name: 'a' }, ledger);
  void consumer.run(config);
  return { ledger, config: given };
}

function payload(partition: number, offset: number): EachMessagePayload {
  const message = { offset: String(offset), key: Buffer.from(`k${offset}`), value: null };
  return { topic: 't', partition, message } as unknown as EachMessagePayload;
}

const places = (ledger: Ledger, kind: 'delivered' | 'processed' | 'failed'): unknown[] =>
  ledger.records(kind).map(({ partition, offset, key }) => [partition, offset, key]);

test('a record is delivered before its handler and processed after it', async () => {
  let release = () => {};
  const { ledger, config } = running({
    eachMessage: () => new Promise((resolve) => (release = resolve)),
  });
  const handled = config.eachMessage?.(payload(0, 7));
  expect(places(ledger, 'delivered')).toEqual([[0, 7, 'k7']]);
  expect(places(ledger, 'processed')).toEqual([]);
  release();
  await handled;
  expect(places(ledger, 'processed')).toEqual([[0, 7, 'k7']]);
});

test('records of several partitions, and one that outlives its turn, are not taken for each other', async () => {
  const open: (() => void)[] = [];
  const { ledger, config } = running({
    eachMessage: () => new Promise((resolve) => void open.push(resolve)),
  });
  const all = [payload(0, 1), payload(1, 5), payload(0, 2)].map((each) =>
    config.eachMessage?.(each),
  );
  for (const i of [2, 0, 1]) {
    open[i]?.();
    await all[i];
  }
  expect(places(ledger, 'processed')).toEqual([
    [0, 2, 'k2'],
    [0, 1, 'k1'],
    [1, 5, 'k5'],
  ]);
});

test.for([
  ['rejects', (): Promise<void> => Promise.reject(new Error('broken'))],
  [
    'throws',
    (): Promise<void> => {
      throw new Error('broken');
    },
  ],
] as const)(
  'a handler that %s fails its record, and is told of at once',
  async ([, eachMessage]) => {
    const { ledger, config } = running({ eachMessage });
    await expect(config.eachMessage?.(payload(0, 3))).rejects.toThrow('broken');
    expect(places(ledger, 'failed')).toEqual([[0, 3, 'k3']]);
    expect(places(ledger, 'processed')).toEqual([]);
    expect(failures).toHaveLength(1);
    await expect(config.eachMessage?.(payload(0, 3))).rejects.toThrow('broken');
    expect(places(ledger, 'delivered')).toHaveLength(2);
  },
);

test('a handler that is no async function works, too', async () => {
  const { ledger, config } = running({ eachMessage: (() => undefined) as never });
  await config.eachMessage?.(payload(0, 3));
  expect(places(ledger, 'processed')).toEqual([[0, 3, 'k3']]);
});

/** What a handler does with a record; as quick ones come by the hundred, their ends are not listened to one by one. */
const HANDLERS = {
  quick: async () => {},
  computes: async () => {
    const until = performance.now() + 0.2;
    while (performance.now() < until);
  },
  awaits: () => Promise.resolve().then(() => {}),
  sleeps: () => sleep(1),
  fails: () => Promise.reject(new Error('on purpose')),
};
type Doing = keyof typeof HANDLERS;

test('whatever handlers do, and however fast: each record is told of once, in order and in time', async () => {
  const quick = fc.array(fc.constantFrom<Doing>('quick', 'awaits'), { maxLength: 60 });
  const slow = fc.constantFrom<Doing>('computes', 'sleeps', 'fails');
  const stretches = fc.array(fc.tuple(quick, slow), { maxLength: 4 });
  const partitions = fc.array(stretches, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(partitions, async (all) => {
      const ends: number[][] = all.map(() => []);
      const plans = all.map((some) => some.flatMap(([many, one]) => [...many, one]));
      const { ledger, config } = running({
        eachMessage: async ({ partition, message }) => {
          await HANDLERS[plans[partition]?.[Number(message.offset)] as Doing]();
          (ends[partition] as number[])[Number(message.offset)] = now();
        },
      });
      await Promise.all(plans.map((plan, n) => handOver(config, plan, n)));
      await nextTurn();
      for (const [n, plan] of plans.entries()) expectTold(ledger, plan, n, ends[n] as number[]);
    }),
    { numRuns: 30 },
  );
}, 30_000);

/** As kafkajs does: one after the other; after an error it waits before it goes on. */
async function handOver(config: ConsumerRunConfig, plan: Doing[], partition: number) {
  for (const offset of plan.keys()) {
    await config.eachMessage?.(payload(partition, offset)).catch(() => sleep(1));
  }
}

function expectTold(ledger: Ledger, plan: Doing[], partition: number, ends: number[]): void {
  const told = (kind: 'delivered' | 'processed' | 'failed') =>
    ledger.records(kind).filter((fact) => fact.partition === partition);
  const offsets = (...wanted: boolean[]) =>
    [...plan.keys()].filter((n) => wanted.includes(plan[n] === 'fails'));
  const [came, done, failed] = [told('delivered'), told('processed'), told('failed')];
  expect(came.map(({ offset }) => offset)).toEqual(offsets(true, false));
  expect(done.map(({ offset }) => offset)).toEqual(offsets(false));
  expect(failed.map(({ offset }) => offset)).toEqual(offsets(true));
  for (const { offset, time } of done) {
    expect(time).toBeGreaterThanOrEqual(ends[offset] as number);
    expect(time).toBeLessThanOrEqual(came[offset + 1]?.time ?? Infinity);
  }
}

test('a quick one is told of in the turn in which it came, though no other follows', async () => {
  const { ledger, config } = running({ eachMessage: async () => {} });
  for (let offset = 0; offset < 40; offset++) await config.eachMessage?.(payload(0, offset));
  await nextTurn();
  expect(ledger.records('processed')).toHaveLength(40);
});

test('of quick records not each is timed, but none is told as processed before it was, also where some compute', async () => {
  const COMPUTES = [1001, 1005, 1999];
  const OTHERS = [600, 602, 1500]; // where a record of another partition comes, too
  const ends: number[] = [];
  let [looks, clock] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => {
    looks++;
    return clock;
  });
  const { ledger, config } = running({
    eachMessage: async ({ message, partition }) => {
      const offset = Number(message.offset);
      clock += COMPUTES.includes(offset) ? 7 : 0.01;
      if (partition === 0) ends[offset] = performance.timeOrigin + clock;
    },
  });
  for (let offset = 0; offset < 2000; offset++) {
    await config.eachMessage?.(payload(0, offset));
    if (OTHERS.includes(offset)) void config.eachMessage?.(payload(1, offset));
  }
  await nextTurn();
  vi.restoreAllMocks();
  expect(looks).toBeLessThan(600);
  const done = ledger.records('processed').filter(({ partition }) => partition === 0);
  expect(done.map(({ offset }) => offset)).toEqual([...ends.keys()]);
  const late = done.map(({ offset, time }) => time - (ends[offset] as number));
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  // Up to three before one that computes are; as soon as one did, each is timed.
  const tooLate = [...late.keys()].filter((offset) => (late[offset] as number) > 0.1);
  const before = [1001, 1999].flatMap((offset) => [offset - 3, offset - 2, offset - 1]);
  expect(before).toEqual(expect.arrayContaining(tooLate));
});

test('a record that outlives its turn is not taken for done by the next, after many quick ones', async () => {
  let release = () => {};
  const { ledger, config } = running({
    eachMessage: ({ message }) =>
      message.offset === '42' ? new Promise((resolve) => (release = resolve)) : Promise.resolve(),
  });
  for (let offset = 0; offset < 42; offset++) await config.eachMessage?.(payload(0, offset));
  const old = config.eachMessage?.(payload(0, 42));
  await nextTurn();
  const seen = now();
  await config.eachMessage?.(payload(0, 43)); // after a rebalance to and fro
  await nextTurn();
  expect(places(ledger, 'processed').at(-1)).toEqual([0, 43, 'k43']);
  expect(places(ledger, 'processed')).toHaveLength(43);
  release();
  await old;
  expect(places(ledger, 'processed').at(-1)).toEqual([0, 42, 'k42']);
  expect(ledger.records('delivered')[42]?.time).toBeLessThanOrEqual(seen);
});

test('in a batch what is resolved is processed, the rest at the end; after an error the next one failed', async () => {
  const messages = [0, 1, 2, 3].map((offset) => payload(0, offset).message);
  const batch = { topic: 't', partition: 0, messages, lastOffset: () => '3' };
  const resolved: string[] = [];
  const resolveOffset = (offset: string) => void resolved.push(offset);
  const seen: unknown[] = [];
  let breaks = false;
  const { ledger, config } = running({
    eachBatch: async ({ resolveOffset }) => {
      resolveOffset('1');
      seen.push(places(ledger, 'processed').length);
      if (breaks) throw new Error('broken');
    },
  });
  await config.eachBatch?.({ batch, resolveOffset } as never);
  expect(resolved).toEqual(['1']);
  expect(seen).toEqual([2]);
  expect(places(ledger, 'processed')).toEqual(places(ledger, 'delivered'));
  breaks = true;
  await expect(config.eachBatch?.({ batch, resolveOffset } as never)).rejects.toThrow('broken');
  expect(places(ledger, 'failed')).toEqual([[0, 2, 'k2']]);
  expect(places(ledger, 'processed')).toHaveLength(6);
});
