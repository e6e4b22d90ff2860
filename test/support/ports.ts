import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports of kernels that the lab starts (lib/python/kernel_ports.py) and of Kafka (lib/src/broker/embedded/ports.ts);
 * none of those that browsers refuse.
 */
const FIRST = 7000;
const BLOCK = 8;
const BLOCKS = 240;

/**
 * Ports of 127.0.0.1 that nobody has, each another: what is free is taken a moment later only. They follow one that this process
 * keeps bound, so that no other process of tests is given them. Chosen up front, they survive a restart.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(...(await claimedBlock()));
  return ports.slice(0, count);
}

async function claimedBlock(): Promise<number[]> {
  for (let attempt = 0; attempt < 10 * BLOCKS; attempt++) {
    const start = FIRST + BLOCK * randomInt(BLOCKS);
    const claim = await bound(start);
    if (!claim) continue;
    const ports = Array.from({ length: BLOCK - 1 }, (_, n) => start + 1 + n);
    const servers = await Promise.all(ports.map(bound));
    await Promise.all(servers.map((server) => server && closed(server)));
    if (!servers.includes(undefined)) return ports;
    await closed(claim);
  }
  throw new Error(`No block of free ports was found from ${FIRST} on.`);
}

/** A server that has the port; undefined if somebody else has. It does not keep the process alive. */
async function bound(port: number): Promise<Server | undefined> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true }).unref();
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
