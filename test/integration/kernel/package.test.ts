import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { npmProgram, withoutNpm } from '../../../setup/steps/npm.mjs';
import { ROOT, Started } from '../../support/command.ts';
import { readNotebook, writeNotebook } from '../../support/notebook.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** All that a newcomer has: an empty folder, npm, and Jupyter. */
const home = mkdtempSync(join(tmpdir(), 'kernel päckage '));
const folder = join(home, 'notebooks');
const prefix = join(home, 'env');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const env = {
  ...(withoutNpm(process.env) as Record<string, string>),
  ...{ HOME: home, XDG_DATA_HOME: '', JUPYTER_DATA_DIR: '', VIRTUAL_ENV: '', CONDA_PREFIX: '' },
};
async function output(command: string, args: string[], cwd: string, more = {}): Promise<string> {
  const { code, output } = await new Started(command, args, { ...env, ...more }, { cwd }).ended;
  expect(code, output).toBe(0);
  return output;
}
async function npm(args: string[], cwd: string): Promise<string> {
  const [program, ...before] = npmProgram(process.env);
  const userconfig =
    process.env['npm_config_userconfig'] ?? join(`${process.env['HOME']}`, '.npmrc');
  const cache = process.env['npm_config_cache'] ?? join(`${process.env['HOME']}`, '.npm');
  const where = { npm_config_userconfig: userconfig, npm_config_cache: cache };
  return output(program, [...before, ...args], cwd, where);
}
const command = (...args: string[]) =>
  output(join(folder, 'node_modules', '.bin', 'ts-notebook-kernel'), args, folder);

let packed: { filename: string; files: { path: string }[] };
beforeAll(async () => {
  mkdirSync(folder);
  const kernel = join(ROOT, 'kernel');
  const listed = await npm(['pack', '--json', '--silent', '--pack-destination', home], kernel);
  [packed] = JSON.parse(listed.slice(listed.indexOf('[')));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', '--prefix', folder, ...quietly, join(home, packed.filename)], folder);
});

const CELLS = {
  value: 'interface Sum { total: number }\nconst sum: Sum = { total: 1 + 2 };\nsum.total',
  package: "import { parse } from 'acorn';\nparse('1', { ecmaVersion: 2022 }).type",
  helper: "import { greet } from './helper.ts';\ngreet('Jo')",
  error: 'greet(sum.total)',
  tslab: "import { display } from 'tslab';",
  host: "import type { Host } from 'ts-notebook-kernel';\nconst host: Host = (globalThis as any)[Symbol.for('Jupyter.host')];\nhost.display({ 'text/html': '<b>1</b>' });",
  child:
    "import { execSync } from 'node:child_process';\nexecSync('echo child', { stdio: 'inherit' });",
};

/** What each cell of the notebook shows, executed as whoever has Jupyter would. */
async function executed(): Promise<{ shown: Record<string, string>; language: unknown }> {
  const path = join(folder, 'first.ipynb');
  writeFileSync(
    join(folder, 'helper.ts'),
    'export const greet = (name: string): string => `Hello, ${name}`;\n',
  );
  writeNotebook(path, CELLS);
  const jupyter = join(ROOT, '.lab', 'venv', 'bin', 'jupyter-execute');
  const args = ['--kernel_name=ts-notebook-kernel', '--allow-errors', '--timeout=60', '--inplace'];
  const told = { JUPYTER_PATH: join(prefix, 'share', 'jupyter') };
  await output(jupyter, [...args, path], folder, told);
  const { cells, metadata } = readNotebook(path);
  const shown = cells.map(({ id, outputs }) => [id, (outputs as Output[]).map(textOf).join('')]);
  return { shown: Object.fromEntries(shown), language: metadata['language_info'] };
}

interface Output {
  text?: string | string[];
  data?: Record<string, string | string[]>;
  traceback?: string[];
}
function textOf({ text, data, traceback }: Output): string {
  const shown = text ?? data?.['text/html'] ?? data?.['text/plain'] ?? traceback?.join('\n');
  return plain([shown ?? ''].flat().join(''));
}

/** The folder of the kernel by Jupyter's own word. */
async function folderInJupyter(more: Record<string, string>): Promise<string | undefined> {
  const jupyter = join(ROOT, '.lab', 'venv', 'bin', 'jupyter-kernelspec');
  const listed = JSON.parse(
    await output(jupyter, ['list', '--json', '--log-level=ERROR'], folder, more),
  );
  return listed.kernelspecs['ts-notebook-kernel']?.resource_dir;
}

test('the package holds what it needs, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  const others = paths.filter((path) => !/^dist\/.*\.js$/.test(path));
  const [bin, types] = ['bin/ts-notebook-kernel.js', 'dist/host.d.ts'];
  expect(others.sort()).toEqual([
    'LICENSE',
    'README.md',
    bin,
    types,
    'logo-svg.svg',
    'package.json',
  ]);
  const source = join(ROOT, 'kernel', 'src');
  const sources = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const compiled = sources.filter((path) => path.endsWith('.ts'));
  expect(paths.filter((path) => path.endsWith('.js')).sort()).toEqual(
    [bin, ...compiled.map((path) => join('dist', path.replace(/ts$/, 'js')))].sort(),
  );
});

test.each([
  ['the home folder', {}, ['.local', 'share', 'jupyter']],
  ['XDG_DATA_HOME', { XDG_DATA_HOME: join(home, 'xdg') }, ['xdg', 'jupyter']],
  ['JUPYTER_DATA_DIR', { JUPYTER_DATA_DIR: join(home, 'data') }, ['data']],
])('installed for the user, Jupyter finds it by %s', async (_, more, below) => {
  const own = join(folder, 'node_modules', '.bin', 'ts-notebook-kernel');
  await output(own, ['install'], folder, more);
  expect(await folderInJupyter(more)).toBe(join(home, ...below, 'kernels', 'ts-notebook-kernel'));
  await output(own, ['uninstall'], folder, more);
  expect(await folderInJupyter(more)).toBe(undefined);
});

test('installed in an empty folder it runs a notebook, and can be removed again', async () => {
  expect(await command('install', '--prefix', prefix)).toContain(join(prefix, 'share', 'jupyter'));
  const { version } = JSON.parse(
    readFileSync(join(folder, 'node_modules', 'typescript', 'package.json'), 'utf8'),
  );
  expect(await command('status', '--prefix', prefix)).toContain(`TypeScript ${version})\n`);
  const { shown, language } = await executed();
  expect(language).toMatchObject({ name: 'typescript', version });
  expect(shown).toEqual({
    ...{ value: '3', package: "'Program'", helper: "'Hello, Jo'", host: '<b>1</b>' },
    child: 'child\n',
    error: expect.stringMatching(/^TypeScriptError 1:7 - .*'number'.*'string'.*\n.*greet\(sum/),
    tslab: expect.stringMatching(/^TypeScriptError 1:25 - Cannot find module 'tslab'/),
  });
  expect(await command('uninstall', '--prefix', prefix)).toMatch(/^Removed “TypeScript \d+”/);
  expect(readdirSync(join(prefix, 'share', 'jupyter', 'kernels'))).toEqual([]);
});
