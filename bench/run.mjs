// npm run bench: what the lab costs beside what a learner would otherwise have. Ratios, both sides in one run.
// npm run bench -- --deno: also beside Deno's kernel, which it fetches.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cells } from './cells.mjs';
import { withDeno } from './deno.mjs';
import { frame } from './frame.mjs';
import { liveChart } from './live.mjs';
import { memory } from './memory.mjs';
import { shareGroup } from './shares.mjs';
import { brokerStart } from './start.mjs';
import { openBench } from './support.mjs';
import { eachMessage, produce } from './throughput.mjs';

const { values } = parseArgs({ options: { deno: { type: 'boolean', default: false } } });
/** @param {string} [deno] */
const kernels = async (deno) => [...(await cells(deno)), ...(await memory(deno))];

/** @type {import('./throughput.mjs').Row[]} */
const rows = [];
/** Says each figure when it is there: all take minutes. @param {import('./throughput.mjs').Row | import('./throughput.mjs').Row[]} measured */
const add = (measured) => {
  for (const row of [measured].flat()) {
    rows.push(row);
    console.log(`${row.what}: ${row.figure} (bound: ${row.bound})`);
  }
};

const lab = await openBench();
try {
  add(await produce(lab));
  add(await eachMessage(lab));
  add(await liveChart());
  add(await frame());
  add(await shareGroup(lab));
  add(await brokerStart());
  add(await (values.deno ? withDeno(kernels) : kernels()));
  mkdirSync('build', { recursive: true });
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync('build/bench.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
} finally {
  await lab.close();
}
process.exit(0);
