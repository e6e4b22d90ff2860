import { join } from 'node:path';
import { isOpen } from '../broker/embedded/ports.js';
import type { Ports } from '../broker/embedded/settings.js';
import { usualPort } from '../broker/embedded/usual-port.js';
import { recordedKafka } from '../broker/supervision/leftover.js';
import { files } from '../broker/supervision/protocol.js';
import { readJson } from '../processes/files.js';
import type { Probe } from './examination.js';
import { holderOf } from './port-holder.js';

const LIMIT_MS = 6000;

/** Where Kafka listens, or did last; and whether somebody else listens there now. Kafka then takes others. */
export const ports: Probe = {
  name: 'Ports',
  limit: LIMIT_MS,
  fix: 'npx --no kafka-lab stop',
  look: async () => {
    const { broker, controller } = readJson<Ports>(join(files.data(), 'ports.json')) ?? {};
    const running = recordedKafka() !== undefined;
    const usual = await lookAtUsual(usualPort(), running ? broker : undefined);
    if (!broker || !controller)
      return {
        lines: ['none yet: Kafka has never run here', ...usual],
        facts: { usual },
        findings: [],
      };
    const own = [broker, controller].filter((port) => port !== usualPort());
    const taken = running ? [] : await takenOf(own);
    const others = taken.map((port) => `${port} is used by another program: Kafka takes another`);
    return {
      lines: [`Kafka ${broker}, its controller ${controller}`, ...others, ...usual],
      facts: { broker, controller, takenByOthers: taken, usual },
      findings: [],
    };
  },
};

/** What is where a learner's own code looks for Kafka, unless it is the lab's. `kafka` is where that one listens, if it runs. */
export async function lookAtUsual(
  usual: number | undefined,
  kafka: number | undefined,
): Promise<string[]> {
  if (usual === undefined || usual === kafka) return [];
  const open = await Promise.all([isOpen(usual), isOpen(usual, '::1')]);
  const holder = open.includes(true) && (await holderOf(usual));
  if (kafka === undefined)
    return holder ? [`localhost:${usual} is ${holder}: the lab's Kafka takes another`] : [];
  return [
    holder
      ? `localhost:${usual} is ${holder}; the lab's Kafka is at ${kafka}`
      : `nobody is at localhost:${usual}: the lab's Kafka, at ${kafka}, takes it when it starts again`,
  ];
}

async function takenOf(numbers: number[]): Promise<number[]> {
  const open = await Promise.all(numbers.map((port) => isOpen(port)));
  return numbers.filter((_, i) => open[i]);
}
