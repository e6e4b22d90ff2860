import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  mayHaveArrived,
  outcomeOf,
} from '../../../lib/src/lab/kafkajs/produce-attempts.ts';
import { leftBehind, outcomeOfFailed } from '../../../lib/src/lab/watch/send-outcome.ts';

const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ key, value: '' })) as [M, M, M];
type M = { key: string; value: string };

const attempt = (partition: number, outcome: Attempt['outcome'], ...messages: M[]): Attempt => ({
  ...{ partition, messages, outcome },
});

describe('what Kafka’s errors say of the log', () => {
  test.each([
    ['no error', 0, 12, 12],
    ['an unknown error', -1, -1, 'in doubt'],
    ['CORRUPT_MESSAGE', 2, -1, 'refused'],
    ['NOT_LEADER_FOR_PARTITION', 6, -1, 'refused'],
    ['REQUEST_TIMED_OUT', 7, -1, 'in doubt'],
    ['MESSAGE_TOO_LARGE', 10, -1, 'refused'],
    ['NOT_ENOUGH_REPLICAS', 19, -1, 'refused'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 20, -1, 'in doubt'],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 45, -1, 'refused'],
    ['DUPLICATE_SEQUENCE_NUMBER', 46, -1, 'in doubt'],
    ['INVALID_PRODUCER_EPOCH', 47, -1, 'refused'],
  ] as const)('%s', (_, error, offset, outcome) => {
    expect(outcomeOf(error, offset)).toBe(outcome);
  });

  test.each([
    ['KafkaJSRequestTimeoutError', 'Request Produce timed out', true],
    ['KafkaJSConnectionClosedError', 'Closed connection', true],
    ['KafkaJSConnectionError', 'Connection error: read ECONNRESET', true],
    ['KafkaJSConnectionError', 'Connection error: connect ECONNREFUSED 127.0.0.1:9', false],
    ['KafkaJSConnectionError', 'Connection timeout', false],
    ['KafkaJSConnectionError', 'Not connected', false],
    ['KafkaJSNotImplemented', 'ZSTD compression not implemented', false],
  ])('%s, %s: arrived perhaps, %s', (name, message, arrived) => {
    expect(mayHaveArrived({ name, message })).toBe(arrived);
  });
});

describe('a send that was acknowledged in the end', () => {
  test('a first attempt without an answer may be in the log besides; where the producer is idempotent, it is not', () => {
    const attempts = [attempt(0, 'in doubt', a), attempt(0, 5, a)];
    const doubt = { kind: 'in doubt', partition: 0, message: a, again: true };
    expect(leftBehind({ attempts }, new Map([[0, 5]]), false)).toEqual({
      placed: [],
      unplaced: [doubt],
    });
    expect(leftBehind({ attempts }, new Map([[0, 5]]), true)).toEqual({ placed: [], unplaced: [] });
  });

  test('a record without a key is given another partition with the next attempt: idempotence does not help there', () => {
    const attempts = [attempt(0, 'in doubt', a), attempt(1, 'in doubt', a), attempt(2, 5, a)];
    const { unplaced } = leftBehind({ attempts }, new Map([[2, 5]]), true);
    expect(unplaced.map(({ partition }) => partition)).toEqual([0, 1]);
  });

  test('a partition that was acknowledged while another refused has its records twice', () => {
    const attempts = [
      attempt(0, 5, a),
      attempt(1, 'refused', b),
      attempt(0, 6, a),
      attempt(1, 9, b),
    ];
    const acknowledged = new Map([
      [0, 6],
      [1, 9],
    ]);
    const placed = [{ partition: 0, offset: 5, messages: [a] }];
    expect(leftBehind({ attempts }, acknowledged, false)).toEqual({ placed, unplaced: [] });
  });
});

describe('a send that failed', () => {
  const of = (attempts: Attempt[], isRefused = false) =>
    outcomeOfFailed({ attempts, messages: [a, b, c], partitions: [0, 1, 2] }, isRefused);

  test('each partition has its own outcome', () => {
    expect(of([attempt(0, 5, a), attempt(1, 'refused', b), attempt(2, 'in doubt', c)])).toEqual({
      placed: [{ partition: 0, offset: 5, messages: [a] }],
      unplaced: [
        { kind: 'refused', partition: 1, message: b },
        { kind: 'in doubt', partition: 2, message: c },
      ],
    });
  });

  test('what may have arrived once is in doubt, however often it was refused then; and once only', () => {
    const attempts = ['in doubt', 'in doubt', 'refused'] as const;
    const { unplaced } = of(attempts.map((outcome) => attempt(0, outcome, a)));
    expect(unplaced).toEqual([{ kind: 'in doubt', partition: 0, message: a }]);
  });

  test('of what was never sent nothing is known, unless the broker refused it before', () => {
    expect(of([])).toEqual({ placed: [], unplaced: [] });
    expect(of([], true).unplaced.map(({ kind }) => kind)).toEqual([
      'refused',
      'refused',
      'refused',
    ]);
  });
});
