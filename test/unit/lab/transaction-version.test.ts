import { Producer } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { askAsClient } from '../../../lib/src/lab/platformatic/transaction-version.ts';

const listApis = Symbol('plt.kafka.base.listApis');
type Listing = (callback: (error: unknown, apis?: unknown[]) => void) => void;
const api = (name: string, maxVersion: number) => ({ name, minVersion: 0, maxVersion });

/** What a client is told of what a broker understands. */
function told(...answer: [error: unknown, apis?: unknown[]]): Promise<unknown[]> {
  class Client {
    [listApis]: Listing = (callback) => callback(...answer);
  }
  const client = new Client();
  askAsClient(client);
  return new Promise((resolve) => client[listApis]((...all) => resolve(all)));
}

test('what is for brokers is not offered to a client, all else is', async () => {
  const understood = [api('AddPartitionsToTxn', 5), api('EndTxn', 5)];
  expect(await told(null, understood)).toEqual([
    null,
    [api('AddPartitionsToTxn', 3), api('EndTxn', 5)],
  ]);
});

test('an older broker stays older, an error an error', async () => {
  const old = [api('AddPartitionsToTxn', 1)];
  expect(await told(null, old)).toEqual([null, old]);
  const error = new Error('no answer');
  expect(await told(error)).toEqual([error, undefined]);
});

test('the client has the call by that name', () => {
  const names: (string | undefined)[] = [];
  for (let of = Producer.prototype; of; of = Object.getPrototypeOf(of))
    names.push(...Object.getOwnPropertySymbols(of).map(({ description }) => description));
  expect(names).toContain(listApis.description);
});

test('what has no such call is left alone', () => {
  const other = { send: () => 1 };
  expect(() => askAsClient(other)).not.toThrow();
});
