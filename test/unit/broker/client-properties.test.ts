import { expect, test } from 'vitest';
import { Login } from '../../../lib/src/broker/config/login.ts';
import { propertiesText } from '../../../lib/src/broker/embedded/settings.ts';
import { clientProperties } from '../../../lib/src/broker/tools/client-properties.ts';
import { groupRows } from '../../../lib/src/broker/tools/describe-group.ts';
import { producerRows } from '../../../lib/src/broker/tools/describe-producers.ts';
import { shareGroupRows } from '../../../lib/src/broker/tools/describe-share-group.ts';

const brokers = ['127.0.0.1:9092'];
const login = (password: string) => new Login('scram-sha-256', 'ann', password);

test('how Kafka’s own clients reach a broker: with and without TLS and a password', () => {
  expect(clientProperties({ brokers })).toEqual({ 'security.protocol': 'PLAINTEXT' });
  expect(clientProperties({ brokers, ssl: true })).toEqual({ 'security.protocol': 'SSL' });
  expect(clientProperties({ brokers, ssl: { ca: ['one\n', 'two\n'] } })).toMatchObject({
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': 'one\n\ntwo\n',
  });
  const plain = new Login('plain', 'ann', 'secret');
  expect(clientProperties({ brokers, sasl: plain })).toMatchObject({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': expect.stringContaining('PlainLoginModule required username="ann"'),
  });
});

test('a password stays whole, whatever is in it', () => {
  const settings = clientProperties({ brokers, ssl: true, sasl: login('a"b\\c; ü\n') });
  expect(settings['security.protocol']).toBe('SASL_SSL');
  expect(settings['sasl.mechanism']).toBe('SCRAM-SHA-256');
  expect(settings['sasl.jaas.config']).toMatch(/password="a\\"b\\\\c; ü\\n";$/);
  const [line] = propertiesText(settings)
    .split('\n')
    .filter((one) => one.includes('jaas'));
  expect(line).toMatch(/password="a\\\\"b\\\\\\\\c; \\u00fc\\\\n";$/);
});

test('what the tool prints of groups, a row for each partition', () => {
  const printed = [
    '',
    "Consumer group 'shipping' has no active members.",
    'GROUP    TOPIC  PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID',
    'shipping orders 1         -              9              -   a-1         /::1 a',
    'shipping orders 0         4              6              2   -           -    -',
  ];
  const rows = [
    { topic: 'orders', partition: 0, committed: 4, end: 6, lag: 2, member: '-' },
    { topic: 'orders', partition: 1, committed: NaN, end: 9, lag: NaN, member: 'a' },
  ];
  expect([...groupRows(printed.join('\n'))]).toEqual([['shipping', rows]]);
});

test('what the tool prints of a share group, a row for each partition', () => {
  const printed = [
    '',
    'GROUP  TOPIC  PARTITION  START-OFFSET  LAG',
    'jobs   photos 1          -             -',
    'jobs   photos 0          3             1',
    'others photos 0          9             0',
  ];
  expect(shareGroupRows(printed.join('\n'), 'jobs')).toEqual([
    { topic: 'photos', partition: 0, start: 3, lag: 1 },
    { topic: 'photos', partition: 1, start: NaN, lag: NaN },
  ]);
});

test('what the tool prints of producers: where a transaction is open, where it begins', () => {
  const printed = [
    'ProducerId ProducerEpoch LatestCoordinatorEpoch LastSequence LastTimestamp CurrentTransactionStartOffset',
    '7          0             -1                     0            1793000000000 10',
    '8          2             0                      4            1793000000001 None',
  ];
  expect(producerRows(printed.join('\n'))).toEqual([
    { producerId: 7, epoch: 0, lastTimestamp: 1793000000000, transactionStart: 10 },
    { producerId: 8, epoch: 2, lastTimestamp: 1793000000001, transactionStart: undefined },
  ]);
});
