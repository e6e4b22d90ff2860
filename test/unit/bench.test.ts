import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../lib/src/paths.ts';

// Nobody runs the benchmark in CI, and its `require` of built files is not type-checked: a file that moved is found here.
const folder = join(root, 'bench');
const programs = readdirSync(folder).filter((file) => file.endsWith('.mjs'));

test.each(programs)('%s requires files that are there', (file) => {
  const { resolve } = createRequire(join(folder, file));
  const source = readFileSync(join(folder, file), 'utf8');
  const required = [...source.matchAll(/(?:require|import)\('(\.[^']+)'\)/g)].map(
    ([, path]) => path!,
  );
  expect(required.filter((path) => !isThere(() => resolve(path)))).toEqual([]);
});

function isThere(look: () => string): boolean {
  try {
    return look() !== '';
  } catch {
    return false;
  }
}
