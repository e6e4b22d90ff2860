import { describe, expect, test, vi } from 'vitest';
import { notebookForTests } from '../../support/kernel-notebook.ts';

vi.setConfig({ testTimeout: 60_000 });

const notebook = notebookForTests();
const show = (code: string) => notebook.show(code);

const SHAPES =
  "// Shapes.\n/**\n * @module shapes\n */\nimport { half } from './halves';\nexport interface Box { width: number }\nexport const box = (width: number): Box => {\n  if (width < 0) throw new RangeError('negative');\n  return { width: half(width) };\n};\nconsole.log('shapes run');";
const halves = (by: number) =>
  `/** @module halves */ export const half = (n: number) => n / ${by};`;

describe('a cell that is a module', () => {
  test('runs when a later cell imports it, once, and has its types', async () => {
    expect(await show(SHAPES)).toContain("TypeScriptError 5:22 - Cannot find module './halves'");
    await show('const between = 1;');
    expect(await show(halves(2))).toBe('');
    expect(await show("import { box, type Box } from './shapes';\nconst b: Box = box(4); b")).toBe(
      'shapes run\n{ width: 2 }',
    );
    expect(await show("import { box } from './shapes.ts'; box('4')")).toContain(
      "Argument of type 'string' is not assignable",
    );
    expect(await show("(await import('./shapes')).box(6)")).toBe('{ width: 3 }');
    expect(await show('half')).toContain("Cannot find name 'half'");
  });

  test('runs anew after it, or one that it imports, was changed', async () => {
    await show(halves(4));
    expect(await show("import { box } from './shapes'; box(4)")).toBe('shapes run\n{ width: 1 }');
    expect(await show("require('./shapes').box(8)")).toBe('{ width: 2 }');
  });

  test('is told of with its own lines', async () => {
    expect(await show('box(-1)')).toMatch(/^RangeError: negative\n {4}at box \(shapes\.ts:8:24\)/);
    expect(await show("/** @module wrong */\nexport const a: number = 'x';")).toMatch(
      /^TypeScriptError 2:14 - Type 'string'/,
    );
    expect(await show("import { a } from './wrong'; a")).toMatch(
      /^TypeScriptError wrong\.ts:2:14 - Type 'string'/,
    );
  });

  test('says so in what it begins with', async () => {
    expect(await show('const text = 1; /** @module text */ text')).toBe('1');
    expect(await show('// @module text\ntext')).toBe('1');
    expect(await show('/** @module no-name */ text')).toBe('1');
  });
});

describe('a cell requires', () => {
  test('TypeScript beside it, anew when it was changed', async () => {
    notebook.write('deep.ts', 'export enum Size { S = 3 }');
    const text = (more: string) =>
      `import { sep } from 'node:path';\nimport { Size } from './deep.ts';\nexport const size: number = Size.S${more};\nexport { sep };`;
    notebook.write('sizes.ts', text(''));
    expect(await show("require('./sizes.ts').size")).toBe('3');
    notebook.write('sizes.ts', text(' + 10'));
    expect(await show("[require('./sizes').size, require('./sizes').sep]")).toBe("[ 13, '/' ]");
    notebook.write('deep.ts', 'export enum Size { S = 4000 }');
    expect(await show("require('./sizes').size")).toBe('4010');
  });

  test('JSON, anew when it was changed, and CommonJS, as it is', async () => {
    notebook.write('data.json', '{ "list": [1] }');
    expect(await show("require('./data.json').list")).toBe('[ 1 ]');
    notebook.write('data.json', '{ "list": [1, 2] }');
    expect(await show("require('./data.json').list")).toBe('[ 1, 2 ]');
    notebook.write('shape.cts', 'class Shape { n = 2 }\nexport = Shape;');
    expect(await show("import Shape from './shape.cts'; new Shape().n")).toBe('2');
    expect(await show("new (require('./shape.cts'))().n")).toBe('2');
    notebook.write('two.cts', "const { sep } = require('node:path');\nexport = { a: 1, sep };");
    expect(await show("import { a, sep } from './two.cts'; [a, sep]")).toBe("[ 1, '/' ]");
    expect(await show("import two from './two.cts'; two.a")).toBe('1');
    notebook.write('class.cjs', 'module.exports = class { n = 1 };');
    expect(await show("new (require('./class.cjs'))().n")).toBe('1');
    expect(await show("require('node:path') === require('path')")).toBe('true');
    expect(await show("require.resolve('node:fs')")).toBe("'node:fs'");
  });

  test('nothing that awaits, nor what is not there', async () => {
    notebook.write('awaits.ts', 'export const ready = await 1;');
    expect(await show("require('./awaits.ts')")).toContain('Error: awaits.ts awaits: import it.');
    expect(await show("import { ready } from './awaits.ts'; ready")).toBe('1');
    expect(await show("require('./awaits.ts').ready")).toBe('1');
    expect(await show("require('./none.ts')")).toContain("Cannot find module './none.ts'");
  });
});

test('what TypeScript takes and cannot be compiled says why', async () => {
  expect(await show('if (Math.random() < 2) function within() {}')).toMatch(/^SyntaxError: \w+/);
});
