import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const module = JSON.stringify(join(import.meta.dirname, '../../lib/dist/lab/waiting/wait.js'));
const WAIT = `const { within } = require(${module});
  const done = new Promise((resolve) => process.stdin.once('data', () => resolve('in time')));
  within(done, { what: 'a line' }, { timeout: 4000 })
    .then(console.log, ({ code }) => console.log(code)).then(() => process.exit());
  console.log('waits');`;

test('time in which the process did not run, as on a laptop asleep, does not count', async () => {
  const child = spawn(process.execPath, ['-e', WAIT], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await expect.poll(() => said, { timeout: 10_000 }).toContain('waits');
  child.kill('SIGSTOP');
  await sleep(6000);
  child.kill('SIGCONT');
  await sleep(500); // its clock comes first
  child.stdin.write('a line\n');
  await once(child, 'close');
  expect(said).toBe('waits\nin time\n');
}, 30_000);
