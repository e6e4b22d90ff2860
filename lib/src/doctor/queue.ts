import { basename } from 'node:path';
import { urlFromEnvironment, withoutPassword } from '../amqp/address.js';
import { knownQueues } from '../amqp/leftover.js';
import type { Finding, Probe } from './examination.js';

const CLEAN = 'npx --no kafka-lab doctor --clean';

/** Which queues run beside Kafka, and for which notebook's process. */
export const queue: Probe = {
  name: 'Queue',
  limit: 1000,
  fix: 'unset AMQP_URL', // what cannot be read is the address
  look: () => {
    const url = urlFromEnvironment();
    const address = url === undefined ? null : withoutPassword(url);
    const running = knownQueues().flatMap(({ folder, qpid, isLeftover }) =>
      qpid ? [{ folder, pid: qpid.pid, isLeftover }] : [],
    );
    const lines = running.map(({ folder, pid }) => `for ${basename(folder)}, process ${pid}`);
    return {
      lines: [
        ...(address === null ? [] : [`yours, at ${address}`]),
        ...lines,
        ...(address === null && lines.length === 0 ? ['not running'] : []),
      ],
      facts: { address, running: running.map(({ folder, pid }) => ({ folder, pid })) },
      findings: running.filter(({ isLeftover }) => isLeftover).map(({ pid }) => outlived(pid)),
    };
  },
};

function outlived(pid: number): Finding {
  return {
    what: `The queue of process ${pid} is still running, although its notebook has ended.`,
    fix: CLEAN,
  };
}
