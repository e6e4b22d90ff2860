import { randomInt } from 'node:crypto';
import { freePort } from '../../lib/src/broker/embedded/ports.ts';

/** Each of vitest's processes has ports of its own: what is free is taken a moment later only. */
const RANGE = 1000;
const FIRST = 2000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 8) * RANGE;
const given = new Set<number>();

/** Ports of 127.0.0.1 that nobody has, each another. Chosen up front, they survive a restart. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort(FIRST + randomInt(RANGE), [...given]);
    given.add(port);
    ports.push(port);
  }
  return ports;
}
