// npm run bench: what the lab costs beside what a learner would otherwise have. Ratios, both sides in one run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { cells } from './cells.mjs';
import { frame } from './frame.mjs';
import { liveChart } from './live.mjs';
import { brokerStart } from './start.mjs';
import { eachMessage, produce } from './throughput.mjs';

const require = createRequire(import.meta.url);
const { openLab } = require('../lib/dist/lab/index.js');
const { installHost } = require('../lib/dist/host.js');

installHost({
  display: () => {},
  fail: (/** @type {unknown} */ error) => {
    throw error;
  },
  onShutdown: () => () => {},
  signal: () => new AbortController().signal,
});

const lab = await openLab('bench');
try {
  const rows = [await produce(lab), ...(await eachMessage(lab)), await liveChart(), await frame()];
  rows.push(await brokerStart(), ...(await cells()));
  console.table(rows.map(({ what, figure, bound }) => ({ what, figure, bound })));
  mkdirSync('build', { recursive: true });
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync('build/bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
} finally {
  await lab.close();
}
process.exit(0);
