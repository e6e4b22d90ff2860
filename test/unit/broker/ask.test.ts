import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../lib/src/broker/wire/ask.ts';
import { dial } from '../../../lib/src/broker/wire/dial.ts';
import { askMetadata, request } from '../../../lib/src/broker/wire/requests.ts';

const LIMIT = 10_000;
const question = request(3, 4, Buffer.alloc(5));
const answer = Buffer.from([0, 0, 0, 6, 0, 0, 0, 7, 0, 0]);

/** A server that does `talk` with whoever connects, once a request has come. */
async function listening(talk: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => talk(socket));
    onTestFinished(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function socketAt(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('an answer in pieces is one answer, and no listener stays', async () => {
  const port = await listening(async (socket) => {
    for (const byte of answer) {
      socket.write(Buffer.from([byte]));
      await new Promise((next) => setImmediate(next));
    }
  });
  const socket = socketAt(port);
  const before = ['data', 'error', 'close'].map((event) => socket.listenerCount(event));
  expect(await ask(socket, question, LIMIT)).toEqual(answer);
  expect(['data', 'error', 'close'].map((event) => socket.listenerCount(event))).toEqual(before);
});

test.each<[string, (socket: Socket) => void, object]>([
  ['closes at once', (socket) => socket.end(), { stage: 'talk', code: 'CLOSED' }],
  [
    'closes in between',
    (socket) => socket.end(answer.subarray(0, 5)),
    { bytes: answer.subarray(0, 5) },
  ],
  ['is no Kafka', (socket) => socket.write('HTTP/1.1 400'), { bytes: Buffer.from('HTTP/1.1 400') }],
  [
    'says a size below 0',
    (socket) => socket.write(Buffer.alloc(4, 255)),
    { bytes: Buffer.alloc(4, 255) },
  ],
])('whoever %s has not answered', async (_, talk, error) => {
  const port = await listening(talk);
  await expect(ask(socketAt(port), question, LIMIT)).rejects.toMatchObject(error);
  const line = await dial(`127.0.0.1:${port}`, undefined, LIMIT);
  await expect(line.ask(question)).rejects.toMatchObject(error);
  line.hangUp();
  expect(await askMetadata(port, LIMIT)).toBeUndefined();
});

test('silence ends at the limit; where nobody listens, at once', async () => {
  const port = await listening(() => {});
  await expect(ask(socketAt(port), question, 1)).rejects.toMatchObject({ code: 'SILENT' });
  expect(await askMetadata(port, 1)).toBeUndefined();
  expect(await askMetadata(1, LIMIT)).toBeUndefined();
  const nobody = { stage: 'connect', code: 'ECONNREFUSED' };
  await expect(dial('127.0.0.1:1', undefined, LIMIT)).rejects.toMatchObject(nobody);
});
