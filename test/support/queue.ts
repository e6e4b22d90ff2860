import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../lib/src/paths.ts';

const SCRIPT = `
const { leaseQueue } = require(${JSON.stringify(join(root, 'lib', 'dist', 'amqp', 'index.js'))});
leaseQueue({ holder: 'holder' }).then(() => console.log('ready'));
setInterval(() => {}, 1000);
`;

/** A process of its own that holds a queue. `ready` settles when it has it. */
export function holderOfQueue() {
  const child = spawn(process.execPath, ['-e', SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  return {
    pid: child.pid as number,
    ready: once(child.stdout, 'data'),
    /** Ends it without its doing anything. */
    kill: () => child.kill('SIGKILL'),
  };
}
