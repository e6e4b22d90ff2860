import { expect, test } from 'vitest';
import { retentionBytes } from '../../../lib/src/broker/config/retention-bytes.ts';
import { propertiesText, serverSettings } from '../../../lib/src/broker/embedded/settings.ts';

const ports = { broker: 20_001, controller: 20_002 };
const one = { nodeId: 1, ports, logDir: 'log', voters: [{ nodeId: 1, controllerPort: 20_002 }] };
const alone = serverSettings(one);

test('listens on 127.0.0.1 only', () => {
  const endpoints = alone['listeners']!.split(',');
  expect(endpoints).toHaveLength(2);
  for (const endpoint of endpoints) expect(endpoint).toMatch(/^[A-Z]+:\/\/127\.0\.0\.1:2000[12]$/);
  expect(alone['advertised.listeners']).toBe('PLAINTEXT://127.0.0.1:20001');
});

test('one node keeps one copy of what is its own', () => {
  const factors = Object.entries(alone).filter(([key]) => /replication\.factor|min\.isr/.test(key));
  expect(factors).toHaveLength(6);
  expect(new Set(factors.map(([, value]) => value))).toEqual(new Set(['1']));
});

test('three nodes name each other and keep three copies', () => {
  const voters = [1, 2, 3].map((nodeId) => ({ nodeId, controllerPort: 21_000 + nodeId }));
  const settings = serverSettings({ nodeId: 2, ports, logDir: 'log', voters });
  expect(settings['controller.quorum.voters']).toBe(
    '1@127.0.0.1:21001,2@127.0.0.1:21002,3@127.0.0.1:21003',
  );
  expect(settings['offsets.topic.replication.factor']).toBe('3');
  expect(settings['transaction.state.log.min.isr']).toBe('2');
});

test('a controller and a broker that are nodes of their own listen to what is theirs alone', () => {
  const voters = [{ nodeId: 100, controllerPort: 20_002 }];
  const shared = { nodeId: 100, ports, logDir: 'log', voters, brokers: 3 };
  const controller = serverSettings({ ...shared, roles: ['controller'] });
  expect(controller).toMatchObject({
    'process.roles': 'controller',
    listeners: 'CONTROLLER://127.0.0.1:20002',
  });
  expect(controller).not.toHaveProperty('advertised.listeners');
  expect(controller).not.toHaveProperty('inter.broker.listener.name');
  const broker = serverSettings({ ...shared, nodeId: 1, roles: ['broker'] });
  expect(broker).toMatchObject({
    'process.roles': 'broker',
    listeners: 'PLAINTEXT://127.0.0.1:20001',
    'offsets.topic.replication.factor': '3',
    'transaction.state.log.min.isr': '2',
  });
});

test('a node that was killed is let back soon; else a JVM that stands still outlasts its session', () => {
  const session = 'broker.session.timeout.ms';
  expect(alone).not.toHaveProperty(session);
  expect(serverSettings({ ...one, wasKilled: true })[session]).toBe('1500');
});

test('a misspelt topic is not created', () => {
  expect(alone['auto.create.topics.enable']).toBe('false');
});

test('values that Java would misread are escaped', () => {
  expect(propertiesText({ a: 'C:\\x', b: 'Übung', c: ' lead' })).toBe(
    'a=C:\\\\x\nb=\\u00dcbung\nc=\\ lead\n',
  );
});

test('what a partition keeps is bounded, in segments that are much smaller', () => {
  const settings = (retentionBytes: number) =>
    serverSettings({ nodeId: 1, ports, logDir: 'log', voters: [], retentionBytes });
  expect(settings(retentionBytes({}))).toMatchObject({
    'log.retention.bytes': '268435456',
    'log.segment.bytes': '67108864',
  });
  expect(settings(1_048_576)['log.segment.bytes']).toBe('1048576');
  expect(settings(-1)['log.retention.bytes']).toBe('-1');
  expect(settings(-1)).not.toHaveProperty('log.segment.bytes');
});

test('KAFKA_LAB_RETENTION_BYTES sets it; what is no number of bytes is refused', () => {
  const set = (value: string) => retentionBytes({ KAFKA_LAB_RETENTION_BYTES: value });
  expect([set(''), set(' 2097152 '), set('-1')]).toEqual([268_435_456, 2_097_152, -1]);
  for (const value of ['1000', '-2', '1.5e6.', '256MB', '0'])
    expect(() => set(value)).toThrow(/KAFKA_LAB_RETENTION_BYTES/);
});
