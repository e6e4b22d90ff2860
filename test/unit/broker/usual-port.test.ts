import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort, isUnused } from '../../../lib/src/broker/embedded/ports.ts';
import { usualPort } from '../../../lib/src/broker/embedded/usual-port.ts';
import { CORRELATION, text } from '../../../lib/src/broker/wire/requests.ts';
import { describeHolder } from '../../../lib/src/doctor/port-holder.ts';
import { lookAtUsual } from '../../../lib/src/doctor/ports.ts';
import { labDir, root, withState } from '../../../lib/src/paths.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Listens on a free port, and answers whatever comes with these bytes. */
async function listening(host: string, answer?: Buffer): Promise<number> {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (answer) socket.once('data', () => socket.end(answer));
    else socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, host, resolve),
  );
  return port;
}

/** What a broker with no nodes says of its cluster. */
function metadata(clusterId: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32BE(CORRELATION, 4);
  const frame = Buffer.concat([head, text(clusterId), Buffer.alloc(8)]);
  frame.writeInt32BE(frame.length - 4, 0);
  return frame;
}

test('the lab of a checkout wants the usual port; the brokers of notebooks and tests do not', () => {
  expect(withState(labDir, usualPort)).toBe(9092);
  expect(withState(join(labDir, 'own', '02-the-log.abc'), usualPort)).toBeUndefined();
  expect(withState('/tmp/test', usualPort)).toBeUndefined();
});

test.each(['127.0.0.1', '::1', '0.0.0.0'])(
  'a port is used where somebody listens at %s',
  async (host) => {
    const port = await listening(host);
    expect(await isUnused(port)).toBe(false);
    expect(await isUnused(await freePort())).toBe(true);
  },
);

test('who has the port is named: this process, the Kafka of Docker, some Kafka, nobody', async () => {
  const port = await listening('127.0.0.1');
  const here = `another program (process ${process.pid}, node)`;
  expect(await lookAtUsual(port, 5)).toEqual([
    `localhost:${port} is ${here}; the lab's Kafka is at 5`,
  ]);
  const compose = /CLUSTER_ID:-(\S+)\}/.exec(
    readFileSync(join(root, 'docker-compose.yml'), 'utf8'),
  )?.[1];
  const docker = await listening('127.0.0.1', metadata(compose as string));
  expect(await lookAtUsual(docker, undefined)).toEqual([
    `localhost:${docker} is the Kafka of docker-compose.yml: the lab's Kafka takes another`,
  ]);
  const kafka = await listening('127.0.0.1', metadata('somebody'));
  expect((await lookAtUsual(kafka, 5)).join()).toContain(
    `another Kafka (process ${process.pid}, node)`,
  );
  const free = await freePort();
  expect((await lookAtUsual(free, 5)).join()).toMatch(/^nobody is at localhost/);
  expect(await lookAtUsual(free, undefined)).toEqual([]);
  expect(await lookAtUsual(free, free)).toEqual([]);
});

test('a holder is told by its program and never by its arguments; the lab of another checkout by its folder', () => {
  const java = '/usr/bin/java -Dpassword=secret kafka.Kafka';
  const of = (command: string) => describeHolder({ isKafka: true, pid: 7, command });
  expect(of(`${java} /opt/kafka/server.properties`)).toBe('another Kafka (process 7, java)');
  expect(of(`${java} /home/ann/my lab/.lab/data/kafka/server.properties `)).toBe(
    'the Kafka of the lab in /home/ann/my lab',
  );
  expect(describeHolder({ isKafka: false, pid: undefined, command: '' })).toBe('another program');
});
