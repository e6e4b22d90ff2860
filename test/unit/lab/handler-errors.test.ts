import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Consumer, Kafka, type LogEntry } from 'kafkajs';
import { afterEach, expect, test, vi } from 'vitest';
import { HandlerErrors, logOnlyNews } from '../../../lib/src/lab/watch/handler-errors.ts';
import { recordingHost } from '../../support/lab.ts';

afterEach(() => void vi.restoreAllMocks());

test('an error that comes again with each retry is told once; how often, when kafkajs gives up', async () => {
  const { failures } = recordingHost();
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const consumer = new Kafka({ clientId: 'a', brokers: ['127.0.0.1:1'] }).consumer({
    groupId: 'g',
  });
  const heard: ((event: unknown) => void)[] = [];
  vi.spyOn(consumer, 'on').mockImplementation((_, listener) => {
    heard.push(listener as (event: unknown) => void);
    return () => {};
  });
  const errors = new HandlerErrors();
  errors.listenTo(consumer, () => 'a');
  for (let n = 0; n < 6; n++) errors.report(new Error('no paper'));
  errors.report(new Error('no ink'));
  expect(failures.map(String)).toEqual(['Error: no paper', 'Error: no ink']);
  const crash = { payload: { error: new Error('no ink'), restart: true } };
  for (const hear of [...heard, ...heard]) hear(crash);
  expect(said).toHaveBeenCalledTimes(1);
  expect(said.mock.calls[0]?.[0]).toContain('Consumer a: its handler failed 7 times in a row');
});

test("kafkajs's own log of it, a line of JSON each time, is kept out; what else it logs is not", async () => {
  recordingHost();
  const logged: LogEntry[] = [];
  const logCreator = () => (entry: LogEntry) => void logged.push(entry);
  const kafka = new Kafka({ clientId: 'a', brokers: ['127.0.0.1:1'], logCreator });
  logOnlyNews(kafka);
  const runner = kafka.logger().namespace('Runner');
  const error = new Error('no paper');
  new HandlerErrors().report(error);
  runner.error('Error when calling eachMessage', { error });
  runner.error('Crash: KafkaJSNumberOfRetriesExceeded: no paper', {});
  runner.error('Response Fetch', { error: 'not ours' });
  runner.warn('The group is rebalancing');
  await nextTurn();
  expect(logged.map(({ log }) => log.message)).toEqual([
    'Response Fetch',
    'The group is rebalancing',
  ]);
  // A consumer of kafkajs takes its loggers from there.
  const consumer: Consumer = kafka.consumer({ groupId: 'g', retry: { retries: 0 } });
  await expect(consumer.connect()).rejects.toThrow('ECONNREFUSED');
  expect(logged.length).toBeGreaterThan(2);
});

test.for(['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION'])(
  '%s is the end of a membership, which kafkajs mends: it fails no cell',
  (type) => {
    const { failures } = recordingHost();
    const error = Object.assign(new Error('The group is rebalancing'), { type });
    expect(new HandlerErrors().report(error)).toBe(error);
    expect(failures).toEqual([]);
    new HandlerErrors().report(Object.assign(error, { type: 'UNKNOWN_TOPIC_OR_PARTITION' }));
    expect(failures).toEqual([error]);
  },
);
