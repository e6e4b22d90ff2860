import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CachedModule } from '../../../lib/src/kernel/compiler/code-cache.ts';
import { ROOT } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';

type Loaded = { text: string; path: string; sum(a: number, b: number): number };

const SOURCE = `
  const { basename } = require('node:path');
  exports.text = 'grüße 😀';
  exports.path = basename(__filename);
  exports.sum = (a, b) => a + b;`;

/** A module and an empty folder for its code. */
function moduleForTest() {
  const folder = folderForTest();
  const source = join(folder, 'large.js');
  writeFileSync(source, SOURCE);
  const cache = join(folder, 'code');
  const load = () => {
    delete createRequire(import.meta.url).cache[source];
    const module = new CachedModule<Loaded>(source, cache);
    const { isKept } = module;
    const loaded = module.load();
    const { text, path } = loaded;
    expect([text, path, loaded.sum(1, 2)]).toEqual(['grüße 😀', 'large.js', 3]);
    module.keep();
    return isKept;
  };
  const kept = () => readdirSync(cache).map((name) => join(cache, name));
  return { source, cache, load, kept };
}

test('keeps the code once, and loads the same from it', () => {
  const { load, kept } = moduleForTest();
  expect(load()).toBe(false);
  const [file = ''] = kept();
  const written = readFileSync(file);
  writeFileSync(file, written);
  utimesSync(file, 1, 1);
  expect(load()).toBe(true);
  expect(kept()).toEqual([file]);
  expect(readFileSync(file)).toEqual(written);
});

test('forgets the code when its source has changed', () => {
  const { source, load, kept } = moduleForTest();
  load();
  const before = kept();
  utimesSync(source, 1, 1);
  expect(load()).toBe(false);
  expect(kept()).toHaveLength(1);
  expect(kept()).not.toEqual(before);
});

test('keeps code for one build of Node, though V8 has the same version in the other', () => {
  const { source, cache, kept } = moduleForTest();
  const other = join(folderForTest(), 'node');
  copyFileSync(process.execPath, other);
  const code = `const { CachedModule } = require('${join(ROOT, 'lib/dist/kernel/compiler/code-cache.js')}');
    const module = new CachedModule('${source}', '${cache}');
    console.log(module.isKept);
    module.load();
    module.keep();`;
  const run = (node: string) => execFileSync(node, ['-e', code], { encoding: 'utf8' }).trim();
  const nodes = [process.execPath, other, process.execPath, other];
  expect(nodes.map(run)).toEqual(['false', 'false', 'true', 'true']);
  expect(kept()).toHaveLength(2);
});

test('sweeps what nobody wrote anew for a month', () => {
  const { cache, load, kept } = moduleForTest();
  mkdirSync(cache);
  const left = ['large.js-1-2-3.code', 'large.js-1-2-3.code.77'].map((name) => join(cache, name));
  for (const file of left) writeFileSync(file, '');
  utimesSync(left[1] as string, 1, 1);
  load();
  expect(kept()).toHaveLength(2);
  expect(kept()).toContain(left[0]);
});

test.each([
  ['is empty', () => Buffer.alloc(0)],
  ['was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['has a wrong byte', (bytes: Buffer) => Buffer.from(bytes).fill(1, bytes.length - 9)],
])('does without a file that %s, and replaces it', (_, spoil) => {
  const { load, kept } = moduleForTest();
  load();
  const [file = ''] = kept();
  const good = readFileSync(file);
  writeFileSync(file, spoil(good));
  load();
  expect(kept()).toEqual([file]);
  expect(readFileSync(file).length).toBe(good.length);
});

test('goes on where nothing can be written', () => {
  const { cache, load } = moduleForTest();
  writeFileSync(cache, 'no folder');
  chmodSync(cache, 0o400);
  load();
  expect(readFileSync(cache, 'utf8')).toBe('no folder');
});
