import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { standsStill } from '../../lib/src/processes/processes.ts';

const module = JSON.stringify(join(import.meta.dirname, '../../lib/dist/lab/waiting/wait.js'));
/** Stops itself at once; what it waits for comes when it has gone on for a while, so that its clock comes first. */
const WAIT = `const { within } = require(${module});
  const done = new Promise((resolve) =>
    process.once('SIGCONT', () => setTimeout(() => resolve('in time'), 500)));
  within(done, { what: 'the other' }, { timeout: 4000 })
    .then(console.log, ({ code }) => console.log(code)).then(() => process.exit());
  process.kill(process.pid, 'SIGSTOP');`;

test('time in which the process did not run, as on a laptop asleep, does not count', async () => {
  const child = spawn(process.execPath, ['-e', WAIT], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await expect.poll(() => standsStill(child.pid!), { timeout: 10_000 }).toBe(true);
  await sleep(6000);
  child.kill('SIGCONT');
  await once(child, 'close');
  expect(said).toBe('in time\n');
}, 30_000);
