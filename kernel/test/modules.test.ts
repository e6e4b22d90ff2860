import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Positions } from '../src/errors/positions.ts';
import { Modules } from '../src/running/modules.ts';
import { folderForTest } from './folder.ts';

test('tslab is that of the folder, and shows things by way of the kernel', async () => {
  const folder = folderForTest();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const display = vi.fn();
  const modules = new Modules(folder, new Positions(), display);
  await expect(modules.load('tslab')).rejects.toThrow("Cannot find module 'tslab'");
  write('node_modules/tslab/package.json', '{ "name": "tslab", "main": "dist/main.js" }');
  write('node_modules/tslab/dist/jupyter.js', 'exports.lastWriteDisplayData = null;');
  write(
    'node_modules/tslab/dist/main.js',
    "exports.html = (text) => require('./jupyter').lastWriteDisplayData({ data: { 'text/html': text } }, false);",
  );
  const { html } = (await modules.load('tslab')) as { html: (text: string) => void };
  html('<b>1</b>');
  expect(display.mock.calls).toEqual([[{ data: { 'text/html': '<b>1</b>' } }, false]]);
});

test('a package is that of the folder, else that of the first other folder that has it', async () => {
  const folders = [folderForTest(), folderForTest(), folderForTest()] as const;
  const [own, first, second] = folders;
  const install = (folder: string, name: string, type: string, code: string) => {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    const json = { name, type, exports: type === 'module' ? { import: './i.js' } : './i.js' };
    writeFileSync(join(place, 'package.json'), JSON.stringify(json));
    writeFileSync(join(place, 'i.js'), code);
  };
  install(own, 'near', 'commonjs', 'exports.from = "own"');
  for (const folder of [first, second]) {
    install(folder, 'near', 'commonjs', 'exports.from = "other"');
    install(folder, 'far', 'commonjs', `exports.from = ${folders.indexOf(folder)}`);
  }
  install(second, 'only-imported', 'module', 'export const from = "second"');
  const modules = new Modules(own, new Positions(), vi.fn(), [first, second]);
  writeFileSync(join(own, 'beside.ts'), 'import { from } from "far"; export const seen = from;');
  const load = async (id: string) => (await modules.load(id))['from'];
  expect(await Promise.all(['near', 'far', 'only-imported'].map(load))).toEqual([
    ...['own', 1, 'second'],
  ]);
  expect((await modules.load('./beside.ts'))['seen']).toBe(1);
  expect(modules.require('far')).toEqual({ from: 1 });
  expect(modules.require.resolve('far')).toBe(join(first, 'node_modules', 'far', 'i.js'));
  await expect(modules.load('nowhere')).rejects.toThrow("Cannot find module 'nowhere'");
  await expect(modules.load('nowhere')).rejects.toThrow(join(own, 'cell.js'));
});
