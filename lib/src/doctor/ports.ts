import { connect } from 'node:net';
import { join } from 'node:path';
import { readJson } from '../broker/files.js';
import { recordedKafka } from '../broker/leftover.js';
import { files } from '../broker/protocol.js';
import type { Ports } from '../broker/settings.js';
import type { Probe } from './examination.js';

const ANSWER_MS = 1000;

/** Where Kafka listens, or did last; and whether somebody else listens there now. Kafka then takes others. */
export const ports: Probe = {
  name: 'Ports',
  limit: 2 * ANSWER_MS + 1000,
  fix: 'npx --no kafka-lab stop',
  look: async () => {
    const { broker, controller } = readJson<Ports>(join(files.data(), 'ports.json')) ?? {};
    if (!broker || !controller)
      return { lines: ['none yet: Kafka has never run here'], facts: {}, findings: [] };
    const running = recordedKafka() !== undefined;
    const taken = running ? [] : await takenOf([broker, controller]);
    const others = taken.map((port) => `${port} is used by another program: Kafka takes another`);
    return {
      lines: [`Kafka ${broker}, its controller ${controller}`, ...others],
      facts: { broker, controller, takenByOthers: taken },
      findings: [],
    };
  },
};

async function takenOf(numbers: number[]): Promise<number[]> {
  const open = await Promise.all(numbers.map(isOpen));
  return numbers.filter((_, i) => open[i]);
}

/** Whether somebody listens on a port of 127.0.0.1. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(ANSWER_MS, () => done(false));
    socket.once('error', () => done(false));
    socket.once('connect', () => done(true));
  });
}
