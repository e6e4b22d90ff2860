import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun } from '../../../lib/src/runs/index.ts';
import {
  kafkaLab,
  nothingLeft,
  type Outcome,
  processesOf,
  ROOT,
  temporaryState,
  waitUntil,
} from '../../support/command.ts';
import { openToOthers } from '../../support/permissions.ts';

const LIMIT = 180_000;
const fixture = (name: string) => join(ROOT, 'test', 'fixtures', 'notebooks', `${name}.ipynb`);

/** What the line of each says. */
const passing = ['good', 'expected-error', 'late', 'prints-much', 'recorded'];
const failing: [name: string, line: string][] = [
  ['throws', 'cell 2 of 3 (id "throw") failed: TypeError: the order was <lost> & gone'],
  ['background', 'cell 2 of 3 (id "meanwhile") failed: Error:'],
  ['compile-error', 'cell 2 of 3 (id "compile") failed: TypeScriptError:'],
  [
    'dies',
    'cell 2 of 3 (id "kill") failed: KernelDied: the kernel ended while this cell ran: ended by SIGKILL',
  ],
  ['endless', 'cell 2 of 3 (id "forever") failed: CellTimeout: the cell ran longer than 20 s'],
  ['recorded-until', 'cell 3 of 4 (id "throw") failed: Error: The order was lost.'],
  ['skipped', 'cell 2 of 3 (id "skip") never ran: the cell was not sent to the kernel'],
];

describe('one run of good and failing notebooks', () => {
  const state = temporaryState();
  const output = join(state.path, 'build');
  let outcome: Outcome;
  let junit: string;

  beforeAll(async () => {
    const names = [...passing, ...failing.map(([name]) => name)];
    const argv = ['notebooks', ...names.map(fixture), '--timeout', '20', '--output', output];
    argv.push('--record');
    const umask = process.umask(0);
    const run = kafkaLab(state.path, argv);
    process.umask(umask);
    outcome = await run.ended;
    junit = readFileSync(join(output, 'junit.xml'), 'utf8');
  }, LIMIT);
  afterAll(() => void state.end());

  test('exits with 1, and leaves nothing running', async () => {
    expect(outcome.code).toBe(1);
    expect(outcome.output).toMatch(/^12 notebooks run, 7 failed in /m);
    // What looks after Kafka says that Kafka has ended, and then ends itself.
    await nothingLeft(state.path, 5000);
  });

  test.each(passing)('%s passes', (name) => {
    expect(lineOf(name)).toMatch(/^✓ \S+ +\d cells {2}\d+\.\d s$/);
    expect(suiteOf(name)).toMatch(/failures="0" errors="0" skipped="0"/);
  });

  test.each(failing)('%s names the cell', (name, line) => {
    expect(lineOf(name)).toContain(line);
    const id = /id "(\S+)"/.exec(line)?.[1];
    const bad = /<testcase [^>]*name="(\S+)"[^>/]*>\s*<failure/.exec(suiteOf(name));
    expect(bad?.[1]).toBe(id);
  });

  test('what it wrote beside its results is its user’s alone, though the umask lets everybody', () => {
    const written = readdirSync(state.path).sort();
    expect(written).toEqual(['build', 'data', 'jupyter', 'logs', 'run']);
    const beside = written.filter((name) => name !== 'build');
    expect(beside.flatMap((name) => openToOthers(join(state.path, name)))).toEqual([]);
  });

  test('cells after a failure are reported as not run', () => {
    expect(suiteOf('throws')).toMatch(/name="after"[^>]*>\s*<skipped message="not run"\/>/);
  });

  test('output that came after its cell is mentioned', () => {
    expect(outcome.output).toMatch(/✓ late .*\n {4}1 output came after the cell had ended, see /);
  });

  test('the executed copies come as far as the notebook came', () => {
    const cells = (name: string) =>
      JSON.parse(readFileSync(join(output, 'notebooks', `${name}.ipynb`), 'utf8')).cells.slice(1);
    expect(cells('expected-error').at(-1).outputs[0].text).toEqual(['2\n']);
    const counts = cells('throws').map((cell: any) => cell.execution_count);
    expect(counts).toEqual([1, 2, null]);
    expect(cells('throws')[1].outputs[0].ename).toBe('TypeError');
  });

  test('what happened in their labs is saved, of each its own, and marked where a notebook failed', () => {
    const runs = join(output, 'runs');
    const of = ['recorded.2.jsonl', 'recorded-until.failed.jsonl', 'recorded.jsonl'];
    expect(readdirSync(runs).sort()).toEqual(of.sort());
    expect(openToOthers(runs)).toEqual([]);
    const produced = (file: string) => openRun(join(runs, file)).records('produced');
    const orders = { topic: 'orders.recorded.run', member: 'shop', key: 'customer-0' };
    expect(produced('recorded.jsonl')).toMatchObject([orders]);
    expect(produced('recorded-until.failed.jsonl')).toMatchObject([orders]);
    expect(produced('recorded.2.jsonl')).toHaveLength(2);
    expect(outcome.output).toContain(`Runs: ${runs}`);
  });

  const lineOf = (name: string) =>
    outcome.output.split('\n').find((line) => new RegExp(`^[✓✗] ${name} `).test(line)) ?? '';
  const suiteOf = (name: string) =>
    new RegExp(`<testsuite name="${name}"[^]*?</testsuite>`).exec(junit)?.[0] ?? '';
});

test('a kernel without enough memory says so, and how to give it more', {
  timeout: LIMIT,
}, async () => {
  const state = temporaryState();
  try {
    const argv = ['notebooks', fixture('hungry'), '--output', join(state.path, 'build')];
    const options = { NODE_OPTIONS: '--max-old-space-size=64' };
    const { output } = await kafkaLab(state.path, argv, options).ended;
    expect(output).toMatch(
      /failed: KernelDied: .* ended by SIGABRT; it ran out of memory; .*it said last: FATAL ERROR: /,
    );
  } finally {
    state.end();
  }
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)('a run that gets %s', (signal, code) => {
  test('ends, and its kernels, servers and Kafka with it', { timeout: LIMIT }, async () => {
    const state = temporaryState();
    try {
      const argv = ['notebooks', fixture('endless'), '--output', join(state.path, 'build')];
      const run = kafkaLab(state.path, argv);
      const running = (part: string) =>
        processesOf(state.path).some(({ command }) => command.includes(part));
      await waitUntil(
        () => running('kernel/dist/main.js') && running('kafka.Kafka'),
        'kernel and Kafka',
      );
      run.kill(signal);
      expect((await run.ended).code).toBe(code);
      if (code) await nothingLeft(state.path, 5000);
      await nothingLeft(state.path);
    } finally {
      state.end();
    }
  });
});
