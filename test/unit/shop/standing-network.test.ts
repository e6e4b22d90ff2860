import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { StandsBefore } from '../../../lib/src/lab/service/service-settings.ts';
import { StandingNetwork } from '../../../lib/src/shop/standing-network.ts';
import { waitUntil } from '../../support/command.ts';

const [PRODUCE, FETCH, COMMIT, END_TXN, TXN_COMMIT] = [0, 1, 8, 26, 28];

/** A request of a kind: its size, its kind, and the rest. */
function request(kind: number): Buffer {
  const sent = Buffer.alloc(14);
  sent.writeInt32BE(10, 0);
  sent.writeInt16BE(kind, 4);
  return sent;
}

/** Writes requests in a row. @returns the kinds that arrive at the broker, and how often it stood */
async function arriving(before: StandsBefore | undefined, kinds: number[]) {
  const arrived: number[] = [];
  const server = createServer((peer: Socket) =>
    peer.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += 14) arrived.push(bytes.readInt16BE(at + 4));
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  let stood = 0;
  const network = new StandingNetwork(before, () => stood++);
  const { port } = server.address() as { port: number };
  const onConnect = () => {};
  const socket = network.socketFactory({ host: '127.0.0.1', port, ssl: undefined!, onConnect });
  onTestFinished(() => void socket.destroy());
  for (const kind of [...kinds, FETCH]) socket.write(request(kind));
  await waitUntil(() => arrived.at(-1) === FETCH, 'the last request');
  return { arrived: arrived.slice(0, -1), stood };
}

test.each<[StandsBefore | undefined, number[], number[], number]>([
  [undefined, [PRODUCE, COMMIT, PRODUCE], [PRODUCE, COMMIT, PRODUCE], 0],
  ['commit', [COMMIT, PRODUCE, COMMIT], [COMMIT, PRODUCE], 1],
  ['commit', [PRODUCE, TXN_COMMIT, END_TXN], [PRODUCE], 1],
  ['commit', [PRODUCE, COMMIT, PRODUCE, COMMIT], [PRODUCE], 1],
])('standing before %s, of %j there arrive %j', async (before, kinds, arrived, stood) => {
  expect(await arriving(before, kinds)).toEqual({ arrived, stood });
});
