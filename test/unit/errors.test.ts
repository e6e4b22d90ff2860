import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_ERROR_CODES } from '../../lib/src/errors.ts';
import { root } from '../../lib/src/paths.ts';

const source = join(root, 'lib', 'src');
const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');

/** The codes in what a pattern finds. */
const codesIn = (pattern: RegExp, code: RegExp) =>
  [...text.matchAll(pattern)].flatMap(([found]) => found.match(code) ?? []);

test('every code of an error is thrown somewhere', () => {
  const thrown = new Set(codesIn(/new LabError\(\s*[^,]+,/g, /[A-Z]+(_[A-Z]+)+|INTERRUPTED/g));
  expect(LAB_ERROR_CODES.filter((code) => !thrown.has(code))).toEqual([]);
});

test('no docstring makes a code up', () => {
  const promised = codesIn(/@throws LabError[^@]*?\*\//g, /\b[A-Z]{3,}(_[A-Z]+)+\b/g);
  const known: readonly string[] = LAB_ERROR_CODES;
  expect(promised.length).toBeGreaterThan(LAB_ERROR_CODES.length);
  expect(promised.filter((code) => !known.includes(code))).toEqual([]);
});

test('the log file stands in why, never in fix', () => {
  expect(text.match(/\bwhy:[^\n]*[Ii]ts log/g)?.length).toBeGreaterThan(5);
  expect(text.match(/\bfix:[^\n]*[Ii]ts log[^\n]*/g) ?? []).toEqual([]);
});
