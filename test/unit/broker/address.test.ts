import { createServer } from 'node:net';
import { format, inspect } from 'node:util';
import { Kafka } from 'kafkajs';
import { expect, test } from 'vitest';
import { asJson, connectionFromEnvironment } from '../../../lib/src/broker/config/address.ts';
import { verifyReachable } from '../../../lib/src/broker/external/verify.ts';
import type { LabError } from '../../../lib/src/errors.ts';

const SECRET = 'correct-horse';

test('no address: the Kafka of the lab', () => {
  expect(connectionFromEnvironment({})).toBeUndefined();
  expect(connectionFromEnvironment({ KAFKA_BOOTSTRAP_SERVERS: ' ' })).toBeUndefined();
});

test.each(['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_BROKERS'])('%s names one or more brokers', (name) => {
  const connection = connectionFromEnvironment({
    [name]: 'a:9092, b.example:9093,127.0.0.1:9094,',
  });
  expect(connection).toEqual({ brokers: ['a:9092', 'b.example:9093', '127.0.0.1:9094'] });
});

test('the first name wins over its alias', () => {
  const env = { KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_BROKERS: 'b:2' };
  expect(connectionFromEnvironment(env)?.brokers).toEqual(['a:1']);
});

test('TLS and a password', () => {
  const env = {
    KAFKA_BROKERS: 'a:9092',
    KAFKA_SSL: 'TRUE',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
    KAFKA_SASL_USERNAME: 'u',
    KAFKA_SASL_PASSWORD: SECRET,
  };
  const sasl = { mechanism: 'scram-sha-256', username: 'u', password: SECRET };
  const connection = connectionFromEnvironment(env)!;
  expect(connection).toMatchObject({ brokers: ['a:9092'], ssl: true, sasl });
  expect(asJson(connection).sasl).toEqual(sasl);
  const shown = [connection, { ...connection }, new Kafka({ ...connection })];
  for (const value of shown) {
    expect(inspect(value, { depth: null, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(value)).not.toContain(SECRET);
    expect(String(format('%o %j', value, value))).not.toContain(SECRET);
  }
});

const login = { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: SECRET };
test.each([
  [{ KAFKA_BROKERS: 'localhost' }, /KAFKA_BROKERS holds "localhost", which is not host:port/],
  [{ KAFKA_BROKERS: 'a:70000' }, /not host:port/],
  [{ KAFKA_BROKERS: '[::1]:9092' }, /does not accept IPv6 addresses\. .*Use a name/],
  [{ KAFKA_BROKERS: 'kafka://a:9092' }, /not host:port/],
  [{ KAFKA_BROKERS: ',' }, /names no broker/],
  [{ KAFKA_BROKERS: `u:${SECRET}@a:9092` }, /"…@a:9092"/],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SSL: SECRET }, /KAFKA_SSL is neither/],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_PASSWORD: SECRET }, /KAFKA_SASL_USERNAME is not set/],
  [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'u' }, /KAFKA_SASL_PASSWORD is not set/],
  [
    { KAFKA_BROKERS: 'a:1', ...login, KAFKA_SASL_MECHANISM: SECRET },
    /KAFKA_SASL_MECHANISM is not one/,
  ],
])('%o is refused without a word of the secret', (env, message) => {
  const error = thrownBy(() => connectionFromEnvironment(env));
  expect(error).toMatchObject({ name: 'LabError', code: 'BAD_INPUT' });
  expect(error.message).toMatch(message);
  expect(error.fix).not.toBe('');
  expect(everythingIn(error)).not.toContain(SECRET);
});

test('nobody there: says so at once, with what to check', async () => {
  const error = await rejectedBy(verifyReachable({ brokers: ['127.0.0.1:1'] }));
  expect(error).toMatchObject({ name: 'LabError', code: 'BROKER_UNREACHABLE' });
  expect(error.message).toMatch(/127\.0\.0\.1:1.*KAFKA_BOOTSTRAP_SERVERS/);
});

test('somebody there who says nothing: gives up in time, without a word of the secret', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const sasl = { mechanism: 'plain' as const, username: 'u', password: SECRET };
  const connection = { brokers: [`127.0.0.1:${port}`], sasl };
  const interrupt = new AbortController();
  const patient = rejectedBy(
    verifyReachable(connection, { limit: 3_600_000, signal: interrupt.signal }),
  );
  const error = await rejectedBy(verifyReachable(connection, { limit: 500 }));
  interrupt.abort();
  expect((await patient).code).toBe('INTERRUPTED'); // until then it waited
  server.close();
  expect(error.code).toBe('BROKER_UNREACHABLE');
  expect(everythingIn(error)).not.toContain(SECRET);
});

test('an interrupt ends the waiting', async () => {
  const connection = { brokers: ['127.0.0.1:1'] };
  const error = await rejectedBy(verifyReachable(connection, { signal: AbortSignal.abort() }));
  expect(error.code).toBe('INTERRUPTED');
});

function thrownBy(act: () => unknown): LabError {
  try {
    act();
  } catch (error) {
    return error as LabError;
  }
  throw new Error('nothing was thrown');
}

function rejectedBy(promise: Promise<unknown>): Promise<LabError> {
  return promise.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: LabError) => error,
  );
}

/** Whatever of an error could reach a log or a notebook. */
function everythingIn(error: LabError): string {
  const all = inspect(error, { depth: null, showHidden: true });
  return [error.message, error.what, error.why, error.fix, error.stack, all].join('\n');
}
