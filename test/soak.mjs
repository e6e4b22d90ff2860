// npm run soak [-- TIMES]: the whole course headless, again and again; a line a run. Nothing is retried.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const times = Number(process.argv[2] ?? 20);
if (!Number.isInteger(times) || times < 1) {
  console.error(`'${process.argv[2]}' is no number of runs. Example: npm run soak -- 5`);
  process.exit(2);
}

const command = fileURLToPath(new URL('../lib/bin/kafka-lab.js', import.meta.url));
let failed = 0;
for (let run = 1; run <= times; run++) {
  const began = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [command, 'notebooks'], {
    encoding: 'utf8',
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`run ${run} of ${times}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (status === 0) continue;
  failed++;
  console.log(stdout);
}
console.log(`${times} runs, ${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;
