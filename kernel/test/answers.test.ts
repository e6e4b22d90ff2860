import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CellChecker } from '../src/checker/cells.ts';
import { TypeScriptProcess } from '../src/checker/process.ts';
import { RestartingChecker } from '../src/checker/restarting.ts';
import { fileMeant } from '../src/files.ts';
import { complete } from '../src/requests/completion.ts';

const folder = mkdtempSync(join(tmpdir(), 'kernel-answers-'));
mkdirSync(join(folder, '.hidden'));
writeFileSync(
  join(folder, 'helper.ts'),
  `export interface Box<T> { held: T }
export interface Options { wide?: boolean }
export class Shelf<T> { boxes: Box<T>[] = []; add(box: Box<T>, options?: Options): this { return this } }`,
);
const process = new RestartingChecker(() => new TypeScriptProcess(folder));
afterAll(() => {
  process.close();
  rmSync(folder, { recursive: true, force: true });
});

const after = (...cells: string[]) => {
  const checker = new CellChecker(process);
  for (const cell of cells) {
    expect(checker.check(cell).findings).toEqual([]);
    checker.declare(new Set());
  }
  return checker;
};
const IMPORT = "import { Shelf, type Box } from './helper';";

describe('the signature of', () => {
  const signature = (marked: string, ...earlier: string[]) =>
    after(...earlier).inspect(marked.replace('|', ''), marked.indexOf('|'))?.signature;

  test.each([
    ['a constant', 'const limit = 1; lim|it', 'const limit: 1'],
    ['a variable', 'let count = 1; cou|nt', 'let count: number'],
    ['a variable of old', 'var count = 1; cou|nt', 'var count: number'],
    ['one of a loop', 'for (let i = 0; i| < 1; ) {}', 'let i: number'],
    ['a resource', 'using file = { [Symbol.dispose]() {} }; fi|le', 'const file: {'],
    ['a parameter', 'const half = (n: number) => n| / 2', '(parameter) n: number'],
    ['a part of one', 'function f({ a }: { a: 1 }) { a| }', '(parameter) a: 1'],
    ['a generic type', 'type Pair<T> = [T, T]; let p: Pai|r<1>', 'type Pair<T> = [T, T]'],
    ['a generic class', 'class Bag<K, V = 1> { k?: K; v?: V } Ba|g', 'class Bag<K, V>'],
    ['a type parameter', 'type Pair<T> = [T|, T]', '(type parameter) T'],
  ])('%s', (_, marked, expected) => {
    expect(signature(marked)).toContain(expected);
  });

  test.each([
    ['new Shelf<1>().ad|d', '(method) add(box: Box<1>, options?: Options): Shelf<1>'],
    ['She|lf', 'class Shelf<T>'],
    ['let b: Bo|x<1>', 'interface Box<T>'],
    ['shelf.bo|xes', '(property) boxes: Box<string>[]'],
    ['mak|e', 'function make(box: Box<1>): Shelf<1>'],
  ])('what is of another module, at %s, without the name of that', (marked, expected) => {
    const cell = `${IMPORT} const shelf = new Shelf<string>(); function make(box: Box<1>) { return new Shelf<1>().add(box) }`;
    expect(signature(marked, cell)).toBe(expected);
    expect(signature(marked, IMPORT, cell.replace(IMPORT, ''))).toBe(expected);
  });
});

test('what overloads say each is told once', () => {
  const cell = `/** @param x is doubled */ function twice(x: number): number;
/** @param x is doubled */ function twice(x: string): string;
function twice(x: any) { return x + x }`;
  const found = after().inspect(`${cell}\ntwice`, cell.length + 1);
  expect(found?.tags).toEqual([{ name: 'param', text: 'x is doubled' }]);
});

describe('completed is', () => {
  /** The code with the first proposal in the place of what it replaces. */
  const completed = (marked: string, ...earlier: string[]) => {
    const cursor = marked.indexOf('|');
    const code = marked.replace('|', '');
    const checker = after(...earlier);
    const reply = complete((text, at) => checker.complete(text, at), code, cursor);
    const { matches, cursor_start: start, cursor_end: end } = reply;
    const names = matches as string[];
    return [code.slice(0, Number(start)) + names[0] + code.slice(Number(end)), names];
  };

  test.each([
    ['const o: { size?: 1 } = { si| }', 'const o: { size?: 1 } = { size }'],
    ["const o: { 'a-b'?: 1 } = { a| }", 'const o: { \'a-b\'?: 1 } = { "a-b" }'],
    ['const o: { at?: Date } = {}; o.at.getD|', 'const o: { at?: Date } = {}; o.at.getDate'],
    ['class A { #own = 1; m() { this.o| } }', 'class A { #own = 1; m() { this.#own } }'],
    ['class A { #own = 1; m() { this.#| } }', 'class A { #own = 1; m() { this.#own } }'],
    ['class A { ownField = 1; m() { ownF| } }', 'class A { ownField = 1; m() { this.ownField } }'],
    ["const o = { 'a-b': 1 }; o['|']", "const o = { 'a-b': 1 }; o['a-b']"],
    ["import {} from './h|'", "import {} from './helper'"],
  ])('%s as %s', (marked, expected) => {
    expect(completed(marked)[0]).toBe(expected);
  });

  test('nothing that would not stand behind a point, and no hidden folder', () => {
    expect(completed('Math.|')[1]).not.toContain('Symbol');
    expect(completed("const o = { 'a-b': 1, c: 2 }; o.|")[1]).toEqual(['c']);
    expect(completed("import {} from './h|'")[1]).toEqual(['helper']);
    expect(completed("import {} from './|'")[1]).toEqual(['helper']);
  });
});

test('of a file that is no program, nothing else is told', () => {
  writeFileSync(join(folder, 'broken.ts'), 'export function f(n: number {\n  return n;\n}\n');
  const { findings } = after().check("import { f } from './broken'; f(1, 2, 3)");
  expect(findings.length).toBeGreaterThan(0);
  for (const { file, code } of findings) {
    expect(file).toBe(join(folder, 'broken.ts'));
    expect(code).toBeLessThan(2000); // syntax
  }
});

test.each([
  ['shop/helper', 'helper.ts'],
  ['shop/deep/helper', undefined],
  ['exact', 'helper.ts'],
  ['exactly', undefined],
  ['kafkajs', undefined],
  ['./helper', 'helper.ts'],
])('by the paths of a tsconfig.json %s is %s', (id, file) => {
  const patterns = {
    '*': ['./none/*'],
    'shop/*': ['./*', './none/*'],
    'shop/deep/*': ['./none/*'],
  };
  const paths = { base: folder, patterns: { ...patterns, exact: ['./helper.ts'] } };
  expect(fileMeant(folder, id, paths)).toBe(file && join(folder, file));
});
