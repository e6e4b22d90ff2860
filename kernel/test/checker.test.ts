import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { CellChecker } from '../src/checker/cells.ts';
import { type Checked, type Checker, CheckerFailed, CheckerLost } from '../src/checker/checker.ts';
import { Imports } from '../src/checker/imports.ts';
import { TypeScriptProcess } from '../src/checker/process.ts';
import { RestartingChecker } from '../src/checker/restarting.ts';
import { typescript } from '../src/checker/typescript7.ts';

const folder = mkdtempSync(join(tmpdir(), 'kernel-checker-'));
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
write('node_modules/pkg/package.json', '{ "name": "pkg", "types": "./i.d.ts" }');
write(
  'node_modules/pkg/i.d.ts',
  'export interface Far { far: 1 } export class Opened { size: number; near(): Far } declare const d: 5; export default d;',
);
write('helper.ts', 'export interface Box { width: number }\nexport const box = 1;');
write('data.json', '{ "list": [1] }');

/** One process for all tests: each has cells of its own. */
const processes: Checker[] = [];
const process = new RestartingChecker(() => {
  processes.push(new TypeScriptProcess(folder));
  return processes.at(-1) as Checker;
});
afterAll(() => {
  process.close();
  rmSync(folder, { recursive: true, force: true });
});

const session = (...cells: string[]) => {
  const checker = new CellChecker(process);
  for (const cell of cells) {
    expect(checker.check(cell).findings).toEqual([]);
    checker.declare(new Set());
  }
  return checker;
};
/** What is wrong in the last of the cells: where, and TypeScript's code. */
const wrong = (...cells: string[]) =>
  session(...cells.slice(0, -1))
    .check(cells.at(-1) as string)
    .findings.map(({ start, end, code }) => [start, end, code]);
/** The type of `x`, as a later cell sees it. */
const typeOf = (...cells: string[]) =>
  session(...cells)
    .inspect('x', 0)
    ?.signature.replace(/\s+/g, ' ');

describe('a later cell sees', () => {
  test.each([
    ['const x = "a"', 'const x: "a"'],
    ['let x = "a"', 'string'],
    ['const x = { a: [1], b: { c: "d" } } as const', 'readonly [1]'],
    ['class C<T> { #p = 1; constructor(private t: T) {} } const x = new C(1)', 'C<number>'],
    ['enum E { A, B } let x = E.B', 'E'],
    ['import d from "pkg"; const x = d', '5'],
    ['import { Opened } from "pkg"; const x = new Opened().near()', 'Far'],
    ['import * as x from "pkg"', 'namespace x'],
    ['import data from "./data.json"; const x = data.list', 'number[]'],
    ['const { a: { b: x }, ...rest } = { a: { b: 1n } }', 'bigint'],
    ['for (var i = 0; i < 1; i++) { var x = [i] }', 'number[]'],
    ['namespace N { export interface I { id: number } } const x: N.I[] = []', 'I[]'],
    ['async function* x() { yield 1 }', 'AsyncGenerator<number, void, unknown>'],
    ['const x = Symbol()', 'unique symbol'],
    [
      '/** Says. */ export function x(a: string): void; export function x(a: number): 1; export function x(a: any): any {}',
      'x(a: string): void',
    ],
    ['const x = (await import("pkg")).default', '5'],
    ['using x = { a: 1, [Symbol.dispose]() {} }', 'a: number'],
    ['function x() {} x.count = 1', 'count: number'],
    ['export default class x { y = 1 }', 'class x'],
    ['declare const x: Map<string, number>', 'Map<string, number>'],
    ['abstract class A { abstract m(): void } const x: A[] = []', 'A[]'],
  ])('%s as %s', (cell, type) => {
    expect(typeOf(cell)).toContain(type);
    expect(
      typeOf(cell, ...Array.from({ length: 3 }, (_, n) => `const other${n} = ${n}`)),
    ).toContain(type);
  });

  test('a literal that was constant, and what is made from it, as in one file', () => {
    expect(
      wrong(
        'const a = "x", n = -1, t = true, b = 5n',
        'let s = a, m = n, u = t, c = b; s = "y"; m = 2; u = false; c = 6n',
      ),
    ).toEqual([]);
    expect(wrong('const a: "x" = "x"', 'let s = a; s = "y"')).toEqual([[11, 12, 2322]]);
  });

  test('assertions, predicates, generics and overloads', () => {
    const cell =
      'function as(x: unknown): asserts x is number {} const isS = (x: unknown) => typeof x === "string"; function g<const T>(x: T) { return x }';
    expect(
      wrong(
        cell,
        'const u = Math.random() as unknown; if (isS(u)) u.length; else { as(u); u.toFixed() } const a: readonly ["b"] = g(["b"])',
      ),
    ).toEqual([]);
  });

  test('a module that was imported by import(), whole', () => {
    const cell = 'const all = await import("pkg"), file = await import("./helper.ts");';
    expect(
      wrong(cell, 'const n: 5 = all.default; file.box.toFixed(); new all.Opened().near().far'),
    ).toEqual([]);
    expect(wrong(cell, 'all.none')).toEqual([[4, 8, 2339]]);
  });

  test('merged declarations, and declarations of what is elsewhere', () => {
    expect(
      wrong(
        'interface I { a: 1 } interface I { b: 2 } namespace F { export const q = 1 } function G(n: number) { return n } namespace G { export const r = 1 }',
        'const i: I = { a: 1, b: 2 }; F.q; G(G.r).toFixed()',
      ),
    ).toEqual([]);
    expect(
      wrong(
        'declare global { var answer: number; interface Array<T> { last(): T } }',
        'answer + [1].last()',
      ),
    ).toEqual([]);
    expect(
      wrong(
        'import d from "pkg"',
        'declare module "pkg" { export const added: string }',
        'import { added } from "pkg"; added.length',
      ),
    ).toEqual([]);
  });

  test('what the last one of that name is', () => {
    expect(
      wrong(
        'const x = 1; type T = string',
        'const x = "s"; interface T { a: 1 }',
        'x.length; const t: T = { a: 1 }',
      ),
    ).toEqual([]);
    expect(
      wrong('import { Opened } from "pkg"', 'class Opened { own = 1 }', 'new Opened().own'),
    ).toEqual([]);
  });

  test('earlier values in the place of those that are missing, and types in any case', () => {
    const checker = session('const kept = "k"; class Old { a = 1 }');
    checker.check('interface I { id: 1 } const early = 1, kept = 2, late = 3; class Old { b = 1 }');
    checker.declare(new Set(['kept', 'late', 'Old']));
    expect(
      checker.check('kept.length; early; new Old().a; const i: I = { id: 1 }').findings,
    ).toEqual([]);
    expect(checker.check('late').findings).toMatchObject([{ code: 2304 }]);
  });
});

describe('modules of earlier cells', () => {
  const imported = (name: string, from: string, there: string) => ({
    name,
    imported: { from, name: there },
  });

  test('are imported once each, in the same order for every cell', () => {
    const imports = new Imports();
    const names = [
      imported('Kafka', '"kafkajs"', 'Kafka'),
      imported('fs', "'node:fs'", '*'),
      imported('d', '"kafkajs"', 'default'),
      imported('also', '"kafkajs"', 'default'),
      imported('odd', '"kafkajs"', '"an odd name"'),
    ];
    expect(imports.lines(names)).toEqual([
      'import d, * as __module_0__ from "kafkajs";',
      "import * as __module_1__ from 'node:fs';",
      'import Kafka = __module_0__.Kafka;',
      'import fs = __module_1__;',
      'import also = d;',
      'import { "an odd name" as odd } from "kafkajs";',
    ]);
    expect(imports.withAliases('let a: import("kafkajs").A<typeof import("z")>')).toBe(
      'let a: __module_0__.A<typeof __module_2__>',
    );
    expect(imports.lines([])).toEqual([
      'import * as __module_0__ from "kafkajs";',
      "import * as __module_1__ from 'node:fs';",
      'import * as __module_2__ from "z";',
    ]);
  });

  test('give all that was imported: values, types, classes, all of it', () => {
    const cells = [
      'import d, { Far as F, Opened } from "pkg"; import * as all from "pkg"; import type { Far } from "pkg";',
      'const opened = new Opened();',
      'class Wider extends Opened { wide = d }',
      'import again from "pkg"; import { Opened as Second } from "pkg";',
    ];
    const use =
      'const f: F & Far = opened.near(); const five: 5 = again; const o: all.Opened = new Second(); new Wider().wide.toFixed();';
    expect(wrong(...cells, use)).toEqual([]);
    expect(wrong(...cells, `${use} f.near`)).toHaveLength(1);
    expect(session(...cells).complete('__mod', 5)).not.toContainEqual(
      expect.objectContaining({ name: expect.stringContaining('__module') }),
    );
  });
});

describe('a finding', () => {
  test.each([
    [['const a: number = "1";'], [[6, 7, 2322]]],
    [
      ['let a = 1; class B {}', '\n  const é: string = a; new B().no'],
      [
        [9, 10, 2322],
        [32, 34, 2339],
      ],
    ],
    [['new A(); class A {}'], [[4, 5, 2449]]],
    [['class A {}', 'new A(); class A {}'], [[4, 5, 2449]]],
    [
      ['a; let a = 1;'],
      [
        [0, 1, 2448],
        [0, 1, 2454],
      ],
    ],
    [['const a b = 1; const c: number = ""'], [[8, 9, 1005]]],
    [['function f() { return await 1 }'], [[22, 27, 1308]]],
    [
      ['const x = 1; const x = 2;'],
      [
        [6, 7, 2451],
        [19, 20, 2451],
      ],
    ],
    [['const f = (x) => x;'], [[11, 12, 7006]]],
    [['import { none } from "pkg"'], [[9, 13, 2614]]],
  ])('of %j: %j', (cells, found) => {
    expect(wrong(...cells)).toEqual(found);
  });

  test('explains itself further in', () => {
    const [finding] = session().check(
      'const p: { x: { y: string } } = { x: { y: 1 as number } as { y: number } };',
    ).findings;
    expect(finding?.message.split('\n')).toEqual([
      "Type '{ y: number; }' is not assignable to type '{ y: string; }'.",
      "  Types of property 'y' are incompatible.",
      "    Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test('proposes names of all cells', () => {
    const [finding] = session('const basket = 1', 'const more = 1').check('baskte').findings;
    expect(finding?.message).toContain("Did you mean 'basket'?");
  });

  test('is told of a file that is imported, when it is there, and when it changes', () => {
    const checker = session("import { box } from './helper';");
    const look = () => checker.check("import { late } from './late'; late.x").findings;
    expect(look()).toMatchObject([{ code: 2307 }]);
    write('late.ts', 'export const late: { x: number } = 1;');
    expect(look()).toMatchObject([{ file: join(folder, 'late.ts'), start: 13, code: 2322 }]);
    write('late.ts', 'export const late = { x: 12345 };');
    expect(look()).toEqual([]);
    write('late.ts', 'export const late = { renamed: 1 };');
    expect(look()).toMatchObject([{ code: 2339 }]);
  });
});

test('a file that is wrong is told of to those that import it alone', () => {
  write('wrong.ts', "export const wrong: number = 'x';");
  write('through.ts', "export { wrong } from './wrong.ts';");
  const checker = session();
  expect(checker.check("import { wrong } from './through.ts'").findings).toHaveLength(1);
  expect(checker.check("import { box } from './helper.ts'").findings).toEqual([]);
  expect(checker.check("await import('./through')").findings).toHaveLength(1);
});

test('names that are imported and have no value', () => {
  const { types } = session().check(
    "import { Box, box } from './helper'; import d, { Far, Opened } from 'pkg';",
  );
  expect([...types]).toEqual(['Box', 'Far']);
});

describe('a process that ends', () => {
  const kill = () => processes.at(-1)?.close();

  test('is told of once, and all that cells declared is there', () => {
    const checker = session('const a = { b: 1 };');
    checker.describe();
    kill();
    expect(() => checker.check('a.b')).toThrow(CheckerLost);
    expect(checker.check('a.c').findings).toMatchObject([{ code: 2339 }]);
  });

  test('before the types of a cell were asked for takes nothing away', () => {
    const checker = session();
    checker.check('const a = { b: 1 };');
    checker.declare(new Set());
    kill();
    expect(checker.check('a.c').findings).toMatchObject([{ code: 2339 }]);
  });
});

test('a process that fails says so in sentences, without its stack, and another one takes its place', () => {
  const checker = session('const a = { b: 1 };');
  checker.describe();
  const update = vi.spyOn(typescript.sync.API.prototype, 'updateSnapshot');
  onTestFinished(() => update.mockRestore());
  update.mockImplementationOnce(() => {
    throw new Error(
      'panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()',
    );
  });
  expect(() => checker.check('a.b')).toThrow(
    /^TypeScript failed .* It said: panic: runtime error: index out of range\. Run the cell again: [^\n]*$/,
  );
  expect(checker.check('a.c').findings).toMatchObject([{ code: 2339 }]);
});

test.each([new CheckerLost('It was killed.'), new CheckerFailed('panic: none')])(
  'a cell whose types end one process after another is known by its names: $name',
  (failure) => {
    let left = 2;
    const own = new RestartingChecker(() => ending(() => left-- > 0 && failure));
    onTestFinished(() => own.close());
    const checker = new CellChecker(own);
    checker.check('const a = { b: 1 };');
    checker.declare(new Set());
    checker.describe();
    expect(checker.check('a.c; z;').findings).toMatchObject([{ code: 2304 }]);
    expect(left).toBe(0);
  },
);

/** A process that ends when it is asked for types, as `failing` says. */
function ending(failing: () => Error | false): Checker {
  const real = new TypeScriptProcess(folder);
  let hasEnded = false;
  const types = (checked: Checked) => (places: readonly number[]) => {
    const failure = failing();
    if (!failure) return checked.types(places);
    hasEnded = true;
    real.close();
    throw failure;
  };
  return {
    check: (text) => {
      const checked = real.check(text);
      return { ...checked, types: types(checked) };
    },
    isOutdated: () => hasEnded,
    close: () => real.close(),
  };
}

test('once it is closed no other process is started, whatever is still to be described', () => {
  let started = 0;
  const own = new RestartingChecker(() => {
    started++;
    return new TypeScriptProcess(folder);
  });
  const checker = new CellChecker(own);
  checker.check('const a = { b: 1 };');
  checker.declare(new Set());
  own.close();
  checker.describe();
  expect(() => checker.check('a.b')).toThrow(CheckerLost);
  expect(started).toBe(1);
});

test('other settings are those of another process, whatever is still open in the one before', () => {
  const checker = session('const a = 1 as number;');
  checker.check('none'); // a cell that fails, and is not forgotten yet
  write('tsconfig.json', '{ "compilerOptions": { "strict": false } }');
  expect(checker.complete('a.toF', 5).map(({ name }) => name)).toContain('toFixed');
  expect(checker.check('const f = (x) => a.toFixed(x);').findings).toEqual([]);
  checker.declare(new Set());
  rmSync(join(folder, 'tsconfig.json'));
  expect(checker.check('const g = (x) => f(x).length;').findings).toMatchObject([{ code: 7006 }]);
});

test('packages that the folder lacks are those of other folders, for cells and for files beside them', () => {
  const lab = mkdtempSync(join(tmpdir(), 'kernel-packages-'));
  onTestFinished(() => rmSync(lab, { recursive: true, force: true }));
  for (const [name, type] of [
    ['pkg', 'string'],
    ['far', 'number'],
  ] as const) {
    mkdirSync(join(lab, 'node_modules', name), { recursive: true });
    const json = JSON.stringify({ name, types: './i.d.ts' });
    writeFileSync(join(lab, 'node_modules', name, 'package.json'), json);
    writeFileSync(
      join(lab, 'node_modules', name, 'i.d.ts'),
      `declare const d: ${type}; export default d;`,
    );
  }
  write('beside.ts', 'import far from "far"; export const twice: number = far * 2;');
  const typescript = new TypeScriptProcess(folder, { packages: [lab] });
  onTestFinished(() => typescript.close());
  const checker = new CellChecker(new RestartingChecker(() => typescript));
  const cell = 'import d from "pkg"; import far from "far"; import { twice } from "./beside";';
  expect(
    checker.check(`${cell} const five: 5 = d; const n: number = far + twice;`).findings,
  ).toEqual([]);
  expect(checker.check('import far from "far"; const s: string = far;').findings).toHaveLength(1);
  expect(checker.check('import no from "nowhere";').findings).toMatchObject([{ code: 2307 }]);
});
