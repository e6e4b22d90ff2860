import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import type { Channel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { urlFromEnvironment, withoutPassword } from '../../../lib/src/amqp/address.ts';
import { initialConfiguration } from '../../../lib/src/amqp/configuration.ts';
import { leaseQueue } from '../../../lib/src/amqp/index.ts';
import { Open } from '../../../lib/src/lab/closed.ts';
import { QueueChannels } from '../../../lib/src/lab/queues/channels.ts';
import { Queue } from '../../../lib/src/lab/resources/queues.ts';
import {
  type DepthSample,
  Depths,
  type JobEnd,
  Ledger,
  workOf,
} from '../../../lib/src/ledger/index.ts';

afterEach(() => void delete process.env['AMQP_URL']);

test.each(['amqp://me:secret@rabbit:5672/shop', 'amqps://rabbit', ' amqp://127.0.0.1 '])(
  'AMQP_URL=%s is taken as it is',
  (value) => {
    process.env['AMQP_URL'] = value;
    expect(urlFromEnvironment()).toBe(value.trim());
  },
);

test.each(['rabbit:5672', 'http://me:secret@rabbit', 'amqp://', 'secret'])(
  'AMQP_URL=%s is refused, and not repeated',
  (value) => {
    process.env['AMQP_URL'] = value;
    const refusal = expect.objectContaining({
      code: 'BAD_INPUT',
      message: expect.not.stringContaining('secret'),
    });
    expect(urlFromEnvironment).toThrow(refusal);
  },
);

test('without AMQP_URL there is no address', () => {
  expect(urlFromEnvironment()).toBeUndefined();
});

test('a queue that does not answer is named without its password', async () => {
  process.env['AMQP_URL'] = 'amqp://me:secret@127.0.0.1:1/';
  await expect(leaseQueue({ holder: 'test' })).rejects.toMatchObject({
    code: 'QUEUE_UNREACHABLE',
    message: expect.stringMatching(/amqp:\/\/127\.0\.0\.1:1\/(?!.*secret).*unset AMQP_URL/s),
  });
});

test('Qpid is told to listen on 127.0.0.1 only, and to whom it may open', () => {
  const { ports, authenticationproviders } = JSON.parse(initialConfiguration('pass"word'));
  expect(ports).toMatchObject([{ bindingAddress: '127.0.0.1', protocols: ['AMQP_0_9_1'] }]);
  expect(authenticationproviders[0].users).toMatchObject([{ password: 'pass"word' }]);
});

test('however a queue is shown, its password is not', () => {
  const url = 'amqp://lab:secret@127.0.0.1:4711';
  const lease = { url, address: withoutPassword(url), origin: 'embedded' as const };
  const full = { ...lease, onLost: () => {}, release: async () => {} };
  const queue = new Queue('orders.x.abc', full, async () => 0, new Open('x'));
  expect(queue.url).toBe(url);
  const shown = [
    inspect(queue, { showHidden: true, depth: 9, getters: true }),
    inspect({ queue }),
    JSON.stringify(queue),
    JSON.stringify({ ...queue }),
    String(queue),
  ];
  expect(shown.join()).toContain('orders.x.abc at amqp://127.0.0.1:4711');
  expect(shown.join()).not.toContain('secret');
});

const sample = (time: number, queued: number): DepthSample => ({ time, queued, start: 0, end: 0 });

test('depths keep each change, and how long nothing changed', () => {
  const depths = new Depths('q', 't');
  for (const [time, queued] of [0, 0, 0, 1, 1, 1, 1, 0].entries()) depths.add(sample(time, queued));
  expect(depths.samples.map(({ time, queued }) => [time, queued])).toEqual([
    [0, 0],
    [2, 0],
    [3, 1],
    [6, 1],
    [7, 0],
  ]);
});

test('depths are bounded; the first and the last stay', () => {
  const depths = new Depths('q', 't');
  for (let time = 0; time < 50_001; time++) depths.add(sample(time, time));
  expect(depths.samples.length).toBeLessThanOrEqual(2000);
  expect(depths.samples[0]?.time).toBe(0);
  expect(depths.samples.at(-1)?.time).toBe(50_000);
});

/** A channel that hands out what it is told to, and answers at once. */
function fakeChannel() {
  const consumers = new Map<string, (message: ConsumeMessage | null) => void>();
  const calls: unknown[][] = [];
  const heard = (name: string) => [name, (...args: unknown[]) => void calls.push([name, ...args])];
  const answers = ['ack', 'ackAll', 'nack', 'nackAll', 'reject', 'cancel'].map(heard);
  const channel = Object.assign(new EventEmitter(), Object.fromEntries(answers), {
    recover: async () => void calls.push(['recover']),
    consume: async (_: string, take: never, { consumerTag }: { consumerTag: string }) => {
      consumers.set(consumerTag, take);
      return { consumerTag };
    },
  }) as unknown as Channel;
  const message = (deliveryTag: number, consumerTag: string, text: string) =>
    ({
      fields: { deliveryTag, consumerTag, redelivered: false },
      properties: {},
      content: Buffer.from(text),
    }) as ConsumeMessage;
  return { channel, consumers, calls, message };
}

/** What a consumer may say of the messages that its channel has. */
const saying = fc.record({
  how: fc.constantFrom(...(['ack', 'nack', 'reject', 'ackAll', 'nackAll', 'recover'] as const)),
  which: fc.nat(9),
  upTo: fc.boolean(),
  requeue: fc.constantFrom(true, false, undefined),
  before: fc.nat(3),
});

test('the ledger has what a channel of amqplib was handed, and what it said of it; at its end the rest is requeued', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(saying, { maxLength: 12 }), async (all) => {
      const ledger = new Ledger();
      const { channel, consumers, calls, message } = fakeChannel();
      new QueueChannels(ledger).watch(channel);
      for (const tag of ['a', 'b']) await channel.consume('jobs', () => {}, { consumerTag: tag });
      const handed: ConsumeMessage[] = [];
      const said: string[] = [];
      const ends = new Map<number, JobEnd>();
      const end = (how: JobEnd, isMeant: (tag: number) => boolean) => {
        for (const tag of handed.keys()) if (!ends.has(tag) && isMeant(tag)) ends.set(tag, how);
      };
      for (const { how, which, upTo, requeue, before } of all) {
        for (let n = 0; n < before; n++) {
          const own = message(handed.length, handed.length % 2 ? 'a' : 'b', `job ${handed.length}`);
          handed.push(own);
          consumers.get(own.fields.consumerTag)?.(own);
        }
        const back = requeue === false ? 'rejected' : 'requeued';
        const meant = handed[which % Math.max(1, handed.length)];
        if (meant || how.endsWith('All') || how === 'recover') said.push(how);
        if (how === 'ackAll' || how === 'nackAll' || how === 'recover') {
          if (how === 'nackAll') channel.nackAll(requeue);
          else await channel[how]();
          end(
            how === 'ackAll' ? 'acknowledged' : how === 'recover' ? 'requeued' : back,
            () => true,
          );
        } else if (meant) {
          const { deliveryTag } = meant.fields;
          if (how === 'ack') channel.ack(meant, upTo);
          else if (how === 'nack') channel.nack(meant, upTo, requeue);
          else channel.reject(meant, requeue);
          const isMeant = (tag: number) =>
            tag === deliveryTag || (upTo && how !== 'reject' && tag < deliveryTag);
          end(how === 'ack' ? 'acknowledged' : back, isMeant);
        }
      }
      channel.emit('close');
      end('requeued', () => true);
      const { jobs, present } = workOf(ledger, { queue: 'jobs' });
      expect(jobs.map(({ name, worker, end: how }) => [name, worker, how])).toEqual(
        handed.map(({ fields, content }, n) => [`${content}`, fields.consumerTag, ends.get(n)]),
      );
      expect(present.map(({ worker, to }) => [worker, typeof to])).toEqual([
        ['a', 'number'],
        ['b', 'number'],
      ]);
      expect(calls.map(([how]) => how)).toEqual(said);
    }),
  );
});

test('a message of a consumer that acknowledges nothing is done as it comes; one that is cancelled is there no more', async () => {
  const ledger = new Ledger();
  const { channel, consumers, message } = fakeChannel();
  const channels = new QueueChannels(ledger);
  channels.watch(channel);
  channels.watch(channel); // nothing is told twice
  await channel.consume('jobs', () => {}, { consumerTag: 'a', noAck: true });
  consumers.get('a')?.({ ...message(1, 'a', ''), properties: { messageId: 'one' } } as never);
  await channel.cancel('a');
  const { jobs, present } = workOf(ledger, { queue: 'jobs' });
  expect(jobs).toMatchObject([{ name: 'one', end: 'acknowledged', count: 1 }]);
  expect(present).toMatchObject([{ worker: 'a', to: expect.any(Number) }]);
});
