import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { installed, root } from '../../lib/src/paths.ts';
import { ownState } from '../support/lab.ts';

interface Output {
  output_type: string;
  data?: Record<string, string | string[]>;
}
interface Cell {
  cell_type: string;
  id: string;
  source: string[];
  outputs: Output[];
  execution_count: number | null;
}

const names = readdirSync(join(root, 'notebooks')).filter((file) => file.endsWith('.ipynb'));
let printed = '';
let exitCode: number | null = null;

ownState();
beforeAll(async () => {
  const command = [join(root, 'lib', 'bin', 'kafka-lab.js'), 'notebooks'];
  exitCode = await new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: root }, (_, stdout, stderr) => {
      printed = stdout + stderr;
      resolve(child.exitCode);
    });
  });
}, 180_000);

function cells(folder: string, name: string): Cell[] {
  return JSON.parse(readFileSync(join(root, folder, name), 'utf8')).cells;
}

test('the headless run passes, with one line for each notebook', () => {
  expect(printed, printed).toMatch(/\d+ notebooks passed/);
  expect(exitCode, printed).toBe(0);
  for (const name of names) expect(printed).toContain(basename(name, '.ipynb'));
  expect(printed).not.toContain('after the cell had ended');
});

test.each(names)(
  '%s: every code cell ran, and each of its charts has picture and sentence',
  (name) => {
    const executed = cells('build/notebooks', name).filter(({ cell_type }) => cell_type === 'code');
    expect(executed.map(({ execution_count }) => execution_count)).toEqual(
      executed.map((_, i) => i + 1),
    );
    const outputs = executed.flatMap((cell) => cell.outputs).map(({ data = {} }) => data);
    const charts = outputs.filter((data) => 'application/vnd.vegalite.v5+json' in data);
    expect(charts.length).toBeGreaterThan(0);
    for (const data of charts) {
      expect(text(data['image/svg+xml'])).toMatch(/^<svg/);
      expect(text(data['text/plain'])).toMatch(/\d/);
    }
  },
);

test('the charts are in a static page, too: nbconvert takes the SVG', {
  timeout: 60_000,
}, async () => {
  const executed = join(root, 'build', 'notebooks', '06-fan-out.ipynb');
  const { python } = installed();
  const command = ['-m', 'nbconvert', '--to', 'html', '--stdout', executed];
  const { stdout } = await promisify(execFile)(python, command, { maxBuffer: 50_000_000 });
  const outputs = cells('build/notebooks', '06-fan-out.ipynb').flatMap(
    (cell) => cell.outputs ?? [],
  );
  const charts = outputs.filter(({ data = {} }) => 'application/vnd.vegalite.v5+json' in data);
  const pictures =
    stdout.match(/<img[^>]+src="data:image\/svg\+xml;base64,|<svg[^>]+aria-label=/g) ?? [];
  expect(charts.length).toBeGreaterThan(2);
  expect(pictures).toHaveLength(charts.length);
});

test.each(names)('%s is committed without outputs, with readable cell ids', (name) => {
  const ids = cells('notebooks', name).map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
  for (const { cell_type, id, outputs, execution_count } of cells('notebooks', name)) {
    expect(id).toMatch(/^[a-z][a-z0-9-]{3,}$/);
    if (cell_type === 'code')
      expect({ id, outputs, execution_count }).toEqual({ id, outputs: [], execution_count: null });
  }
});

function text(source: string | string[] | undefined): string {
  return [source].flat().join('');
}
