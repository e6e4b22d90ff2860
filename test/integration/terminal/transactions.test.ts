import { Kafka } from 'kafkajs';
import { afterAll, expect, test, vi } from 'vitest';
import { leaseBroker, stopBroker } from '../../../lib/src/broker/index.ts';
import { describeGroup, openTransactions } from '../../support/kafka-tools.ts';
import { ownState } from '../../support/lab.ts';
import { terminalsForEachTest } from '../../support/terminal.ts';

// It starts the command eleven times.
vi.setConfig({ testTimeout: 120_000 });
ownState();
afterAll(() => stopBroker());

const terminal = terminalsForEachTest();

async function command(line: string): Promise<string> {
  const started = terminal(line);
  expect(await started.ended).toBe(0);
  return started.text;
}

const OPEN = /Transaction open: readers of committed records wait in paid/;

test('groups, topic and consume on a log with markers, and while a transaction is open', async () => {
  const { connection } = await leaseBroker({ holder: 'test' });
  await command('topic paid --partitions 1');
  const kafka = new Kafka({ clientId: 'test', ...connection, logLevel: 0 });
  const once = { idempotent: true, maxInFlightRequests: 1, transactionalId: 'paid' };
  const producer = kafka.producer(once);
  await producer.connect();
  const send = async (values: string[]) => {
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'paid', messages: values.map((value) => ({ value })) });
    return transaction;
  };
  await (await send(['a', 'b', 'c'])).commit();

  const seen = await command('consume paid --group books --count 3');
  expect(seen.match(/^partition 0 {2}offset \d/gm)).toHaveLength(3);
  expect(await command('topic paid')).not.toMatch(OPEN);

  const open = await send(['d']);
  const [row] = await describeGroup(connection.brokers, 'books');
  const [state] = (await command('groups books --json')).trim().split('\n');
  const { partitions } = JSON.parse(state as string);
  const { committed, end, lag } = row!;
  expect(partitions).toEqual([expect.objectContaining({ committed, end, lag, stable: 4 })]);
  expect(await openTransactions(connection.brokers, 'paid', 0)).toEqual([4]);
  expect(await command('groups books')).toMatch(/wait in paid 0 at offset 4\.\n$/);
  expect(await command('topic paid')).toMatch(OPEN);
  expect(JSON.parse(await command('topic paid --json'))).toMatchObject({ offsets: 5, open: 1 });

  await open.abort();
  const reader = terminal('consume paid --group books');
  await reader.shows(/owns partition 0\n/);
  await (await send(['e'])).commit();
  await reader.shows(/offset 6 /);
  expect(reader.text).not.toMatch(/offset 4 /);
  await producer.disconnect();
});
