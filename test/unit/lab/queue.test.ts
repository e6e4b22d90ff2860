import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { urlFromEnvironment, withoutPassword } from '../../../lib/src/amqp/address.ts';
import { initialConfiguration } from '../../../lib/src/amqp/configuration.ts';
import { leaseQueue } from '../../../lib/src/amqp/index.ts';
import { Open } from '../../../lib/src/lab/closed.ts';
import { Queue } from '../../../lib/src/lab/resources/queues.ts';
import { type DepthSample, Depths } from '../../../lib/src/ledger/index.ts';

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
