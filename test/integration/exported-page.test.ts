import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installed } from '../../lib/src/paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'exported page '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sentence = 'a owns 0 & 1, <img src=x onerror=alert(1)>, b owns 2.';
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect/></svg>';
const data = {
  'application/vnd.vegalite.v5+json': { mark: 'bar' },
  'image/svg+xml': svg,
  'text/plain': sentence,
};
const cell = {
  ...{ id: 'chart', cell_type: 'code', execution_count: 1, metadata: {}, source: 'chart' },
  outputs: [{ output_type: 'display_data', metadata: {}, data }],
};

/** The page that Jupyter's own command makes of a notebook with one chart. */
function exported(to: string): string {
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
  const path = join(folder, `${to}.ipynb`);
  writeFileSync(path, JSON.stringify(notebook));
  const argv = ['-m', 'nbconvert', '--to', to, '--stdout', path];
  return execFileSync(installed().python, argv, {
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 60_000,
  });
}

test('who cannot see a chart in an exported page gets its sentence, as text', {
  timeout: 60_000,
}, () => {
  const page = exported('html');
  const name = 'a owns 0 &amp; 1, &lt;img src=x onerror=alert(1)&gt;, b owns 2.';
  expect(page).toContain(`<img alt="${name}" src="data:image/svg+xml;base64,`);
  expect(page).not.toContain('No description has been provided');
  expect(page).not.toContain('<img src=x');
});

test('slides stay slides', { timeout: 60_000 }, () => {
  expect(exported('slides')).toContain('<section');
});
