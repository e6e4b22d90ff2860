import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processStart } from '../../../lib/src/processes/processes.ts';
import { ROOT } from '../../support/command.ts';
import { runTool, TOOLS } from '../../support/headless-tools.ts';
import { writeNotebook } from '../../support/notebook.ts';

// What other tools make of the same notebooks: they exit with 0 where npm run notebooks does, and only there; and
// each thing that a kernel can get wrong without a browser comes out right in each of them.
const GOOD = ['good'];
const BAD = ['throws', 'background', 'compile-error', 'dies', 'endless'];
const WHY = [
  ['throws', 'TypeError: the order was <lost> & gone'],
  ['compile-error', "1:7 - Type 'string' is not assignable to type 'number'"],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const note = (what: string) => `require('node:fs').appendFileSync('witness.txt', ${what} + '\\n');`;
const ROWS: (string | { source: string; tags: string[] })[] = [
  { source: "throw new Error('as the tag says');", tags: ['raises-exception'] },
  `let seen = 1; ${note("'second'")}`,
  `seen += 1; ${note("'third ' + seen")}`,
  "for (let n = 0; n < 5000; n++) console.log('line ' + n);",
  "let go = () => {}; void new Promise<void>((resolve) => (go = resolve)).then(() => console.log('of an earlier cell')); console.log('own');",
  "go(); await new Promise((done) => setTimeout(done)); console.log('its own');",
  `setInterval(() => {}, 1000); require('node:net').createServer().listen(0); ${note("'pid ' + process.pid")}`,
];

interface Executed {
  cells: { id: string; outputs: { text?: string | string[] }[] }[];
}

/** A notebook in a folder of its own: `witness.txt` beside it tells what ran, whatever the tool kept. */
function place(tool: string, name: string) {
  const own = join(folder, `${tool} ${name}`);
  const path = join(own, `${name}.ipynb`);
  const copy = tool === 'nbmake' ? path : join(own, `${name}-executed.ipynb`);
  return { own, path, copy, folder };
}

function write(tool: string, name: string): void {
  const { own, path } = place(tool, name);
  mkdirSync(own);
  if (name !== 'rows') {
    copyFileSync(join(ROOT, 'test', 'fixtures', 'notebooks', `${name}.ipynb`), path);
    return;
  }
  writeNotebook(path, Object.fromEntries(ROWS.map((cell, row) => [`row-${row}`, cell])));
}

const outcomes = new Map<string, { code: number | null; output: string }>();
const outcome = (tool: string, name: string) => outcomes.get(`${tool} ${name}`)!;

beforeAll(async () => {
  const runs = Object.keys(TOOLS).flatMap((tool) =>
    ['rows', ...GOOD, ...BAD].map((name) => [tool, name] as const),
  );
  for (const [tool, name] of runs) write(tool, name);
  const queue = runs.values();
  const worker = async () => {
    for (const [tool, name] of queue)
      outcomes.set(`${tool} ${name}`, await runTool(tool, place(tool, name)));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}, 400_000);

describe.each(Object.keys(TOOLS))('%s', (tool) => {
  test.each(GOOD)('passes %s', (name) => {
    const { code, output } = outcome(tool, name);
    expect(code, output).toBe(0);
  });

  test.each(BAD)('fails %s', (name) => {
    const { code, output } = outcome(tool, name);
    expect(code, output).toBeGreaterThan(0);
    // For the notebook's sake, not for want of a kernel or a tool.
    expect(output).not.toMatch(/NoSuchKernel|ModuleNotFoundError|No module named/);
  });

  test.each(WHY)('says why %s fails', (name, why) => {
    expect(stripVTControlCharacters(outcome(tool, name).output)).toContain(why);
  });

  test('loses no line, and shows each output with the cell that it belongs to', () => {
    const { cells } = JSON.parse(readFileSync(place(tool, 'rows').copy, 'utf8')) as Executed;
    const shown = (row: number) => cells.find(({ id }) => id === `row-${row}`)!.outputs;
    const text = (row: number) =>
      shown(row)
        .flatMap((output) => output.text ?? [])
        .join('');
    expect(shown(0)).toMatchObject([
      { output_type: 'error', ename: 'Error', evalue: 'as the tag says' },
    ]);
    expect(text(3)).toBe(Array.from({ length: 5000 }, (_, n) => `line ${n}\n`).join(''));
    expect(text(4)).toBe('own\n'); // these tools drop what comes after a cell has ended
    expect(text(5)).toBe('its own\n');
  });

  test('passes an expected error, unless to this tool every error is one', () => {
    const { code, output } = outcome(tool, 'rows');
    expect(code, output).toBe(tool === 'papermill' ? 1 : 0);
    expect(output).not.toMatch(/NoSuchKernel|ModuleNotFoundError|No module named/);
  });

  test('skips no cell after an expected error, and ends the kernel whatever it holds open', () => {
    const ran = readFileSync(join(place(tool, 'rows').own, 'witness.txt'), 'utf8').split('\n');
    expect(ran.slice(0, 2)).toEqual(['second', 'third 2']);
    const pid = Number(ran[2]?.replace('pid ', ''));
    expect(pid).toBeGreaterThan(0);
    expect(processStart(pid)).toBeUndefined();
  });
});
