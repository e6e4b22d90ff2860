import { freePort } from '../../lib/src/broker/ports.ts';

/** Ports of 127.0.0.1 that nobody has, each another. Chosen up front, they survive a restart. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort(undefined, ports));
  return ports;
}
