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
