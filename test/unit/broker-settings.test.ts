import { expect, test } from 'vitest';
import { propertiesText, serverSettings } from '../../lib/src/broker/settings.ts';

const ports = { broker: 20_001, controller: 20_002 };
const alone = serverSettings({
  nodeId: 1,
  ports,
  logDir: 'log',
  voters: [{ nodeId: 1, controllerPort: 20_002 }],
});

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

test('a misspelt topic is not created', () => {
  expect(alone['auto.create.topics.enable']).toBe('false');
});

test('values that Java would misread are escaped', () => {
  expect(propertiesText({ a: 'C:\\x', b: 'Übung', c: ' lead' })).toBe(
    'a=C:\\\\x\nb=\\u00dcbung\nc=\\ lead\n',
  );
});
