import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installed, labDir } from '../../../lib/src/paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'exported page '));
mkdirSync(join(folder, 'drawings'));
writeFileSync(
  join(folder, 'drawings', 'log.svg'),
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sentence = 'a owns 0 & 1, <img src=x onerror=alert(1)>, b owns 2.';
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect/></svg>';
const data = {
  'application/vnd.vegalite.v5+json': { mark: 'bar' },
  'image/svg+xml': svg,
  'text/plain': sentence,
};
const drawing = {
  cell_type: 'markdown',
  id: 'idea',
  metadata: {},
  source: '![a log](drawings/log.svg)',
};
const cell = {
  ...{ id: 'chart', cell_type: 'code', execution_count: 1, metadata: {}, source: 'chart' },
  outputs: [{ output_type: 'display_data', metadata: {}, data }],
};

/** What JupyterLab's File menu makes of a notebook with one chart: nbconvert, with the server's configuration. */
const EXPORT = `
import json, sys
from nbconvert.exporters import get_exporter
from traitlets.config import Config
kind, settings, path = sys.argv[1:]
print(get_exporter(kind)(config=Config(json.load(open(settings)))).from_filename(path)[0])
`;

function exported(kind: string): string {
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [drawing, cell] };
  const path = join(folder, `${kind}.ipynb`);
  writeFileSync(path, JSON.stringify(notebook));
  const settings = join(labDir, 'venv', 'etc', 'jupyter', 'jupyter_server_config.json');
  const argv = ['-c', EXPORT, kind, settings, path];
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

test('a drawing is in the exported page itself, which may be opened anywhere', {
  timeout: 60_000,
}, () => {
  expect(exported('html')).toMatch(/<img alt="a log"[^>]* src="data:image\/svg\+xml;base64,/);
});

test('slides stay slides', { timeout: 60_000 }, () => {
  expect(exported('slides')).toContain('<section');
});
