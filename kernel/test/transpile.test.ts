import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Prepare,
  type Transpiled,
  transpileCell,
  transpileFile,
} from '../src/transpile/cell.ts';
import { Edits } from '../src/transpile/edits.ts';
import { outline } from '../src/transpile/outline.ts';

type Module = Record<string, unknown>;

/** Runs cells one after the other, as simply as it can be done: without what happens when one fails. */
class Runner {
  readonly scope: Module = {};
  constructor(private readonly modules: Record<string, unknown> = {}) {}

  cell(source: string, types: string[] = []): unknown {
    const isEarlier = (name: string) => name in this.scope;
    const cell = transpileCell(outline(source), { isEarlier, types: new Set(types) });
    const shown = this.run(cell, (accessors) => this.declare(this.scope, accessors));
    return cell.awaits
      ? (shown as Promise<[unknown] | undefined>).then((list) => list?.[0])
      : (shown as [unknown] | undefined)?.[0];
  }

  file(source: string): Module {
    const exports: Module = {};
    this.run(transpileFile(outline(source), new Set()), (accessors) =>
      this.declare(exports, accessors),
    );
    return exports;
  }

  /** What was declared by `using`, and whether by `await using`. */
  readonly used: [unknown, boolean][] = [];

  private declare(on: Module, accessors: object): void {
    for (const [name, accessor] of Object.entries(Object.getOwnPropertyDescriptors(accessors))) {
      Object.defineProperty(on, name, { ...accessor, configurable: true });
    }
  }

  private run({ code, imports }: Transpiled, declare: (accessors: object) => void): unknown {
    const modules = imports.map((id) => this.modules[id]);
    const load = async (id: string) => this.modules[id];
    const prepare = runInThisContext(code) as Prepare;
    const use = (value: unknown, isAsync: boolean) => {
      this.used.push([value, isAsync]);
      return value;
    };
    const meta = { url: 'file:///notebook' };
    return prepare(this.scope, modules, load, meta, undefined, declare, use)();
  }
}

const cells = (...sources: string[]) => {
  const runner = new Runner({ m: { a: 1, default: 'd', b: { c: 2 } } });
  return sources.map((source) => runner.cell(source)).at(-1);
};

describe('a cell shows', () => {
  test.each([
    ['1 + 1', 2],
    ['const a = 1; a', 1],
    ['const a = 1;', undefined],
    ['"one"', 'one'],
    ['"use strict"', 'use strict'],
    ['({ a: 1 } as const).a satisfies number // last', 1],
    ['namespace N { export const x = 1 }', undefined],
    ['enum E { A } enum E { B = 1 }', undefined],
    ['export const a = 1; export default a;', 1],
    ['export default class {}', undefined],
    ['if (true) 1', undefined],
    ['let x; x = 3;', 3],
    ['"é😀".length', 3],
    ['/* é😀 */ export const é = 5; export default é', 5],
    ['type A = number; interface B { a: A } 7 as A', 7],
    ['', undefined],
    ['const require = 1, __scope__ = 2; require + __scope__', 3],
  ])('of %j %j', (source, shown) => {
    expect(cells(source)).toEqual(shown);
  });

  test.each([
    [
      'let __value__ = 1, __names__ = 2, __declare__ = 3, __use__ = 4;',
      '__value__ = 5; __names__',
      2,
    ],
    ['const a = 1;', 'const __scope__ = 2; a + __scope__', 3],
    ['const a = 1;', 'function f(__scope__: number) { return a + __scope__ } f(3)', 4],
    ['import d, { a } from "m"; const __imports__ = 1, __import__ = 2; d + a', 'd1'],
    ['const __scope__ = 1, __scope___ = 2;', '__scope__ + __scope___', 3],
    ['using __use__ = 5 as any;', '__use__', 5],
    ['export default 1; const __default__ = 2;', '__default__', 2],
  ])('values, whatever names these have: %j %j', (...cellsAndShown) => {
    expect(cells(...(cellsAndShown.slice(0, -1) as string[]))).toEqual(cellsAndShown.at(-1));
  });

  test('the value of what comes after `using`, and hands over what is to be disposed of', async () => {
    const runner = new Runner();
    const source =
      'using r /* é😀 */ = 1 as any, q: any =\n2; export const y = r + q; class Z {} y';
    expect(runner.cell(source)).toBe(3);
    expect(runner.cell('[y, typeof Z]')).toEqual([3, 'function']);
    await runner.cell('await using later = null; { using inner = null }');
    expect(runner.used).toEqual([
      [1, false],
      [2, false],
      [null, true],
    ]);
  });

  test('after an await, and a promise as it is', async () => {
    expect(await cells('await (Promise.resolve(2))')).toBe(2);
    expect(await cells('for await (const n of [1, 2]) n;\n3')).toBe(3);
    expect(cells('async () => await 1')).toBeTypeOf('function');
    expect(await cells('await 0; [new Promise(() => {})]')).toEqual([expect.any(Promise)]);
  });
});

describe('what a cell declared', () => {
  test.each([
    ['is read', ['const a = 2;', 'a * a'], 4],
    ['is read in the short form of a property', ['const a = 2;', '({ a }).a'], 2],
    ['is assigned to', ['let a = 1;', 'a += 4; a++; a'], 6],
    [
      'is assigned to by patterns',
      ['let a, b, c;', '({ a, b = 3, d: [c] } = { a: 1, d: [2] }); [a, b, c]'],
      [1, 3, 2],
    ],
    ['is assigned to by loops', ['let a;', 'for (a of [1, 2]); a'], 2],
    ['lives on in its closures', ['let a = 1; const up = () => ++a;', 'a = 10; up(); a'], 11],
    [
      'may be declared anew',
      ['const a = 1; const f = () => a;', 'const a = 2;', '[f(), a]'],
      [1, 2],
    ],
    [
      'is called without a this',
      ['function f(this: unknown) { return this }', 'f() === undefined'],
      true,
    ],
    ['is a tag', ['const t = (s: TemplateStringsArray) => s[0];', 't`x`'], 'x'],
    ['is a class to extend', ['class A { x = 1 }', 'class B extends A {} new B().x'], 1],
    ['is an enum', ['enum E { A = 3 } const enum K { B = 4 }', 'E.A + K.B'], 7],
    [
      'is a namespace',
      ['namespace N { export const x = 5 } namespace N.M { export const y = x }', 'N.x + N.M.y'],
      10,
    ],
    [
      'is a variable within a statement',
      ['for (var i = 0; i < 3; i++) { var last = i }', '[i, last]'],
      [3, 2],
    ],
    [
      'is a pattern',
      ['const { a, b: [c = 7], ...d } = { a: 1, b: [], e: 2 } as any', '[a, c, d]'],
      [1, 7, { e: 2 }],
    ],
    [
      'is exported',
      ['export function f() { return 1 } export class C {} export { f as g }', '[f(), typeof C]'],
      [1, 'function'],
    ],
    ['is an alias', ['namespace N { export const x = 5 } import y = N.x;', 'y'], 5],
  ])('%s', (_, sources, shown) => {
    expect(cells(...(sources as string[]))).toEqual(shown);
  });

  test.each([
    'const f = (a: number) => a; f(1)',
    'function f({ a, ...b }: any) { return { a }.a } f({ a: 1 })',
    '(function a() { return typeof a === "function" ? 1 : 0 })()',
    'let r; { const a = 1; r = a } r',
    'let r; for (const a of [1]) r = a; r',
    'let r; try { throw 1 } catch (a) { r = a } r',
    'let r; switch (1) { case 1: let a = 1; r = a } r',
    'a: for (;;) break a; ({ a: 1 }).a',
    'class K { a = 1; static a() {} } new K().a',
    'function f() { if (true) { var a = 1 } return a } f()',
    '(() => { class a { x = 1 } return new a().x })()',
    'type a = number; const x: a = 1; x',
    'const { a } = { a: 1 }; a',
  ])('is not meant by %s', (source) => {
    expect(cells("const a = 'earlier';", source)).toBe(1);
  });

  test('has no value before it is there: earlier ones are read by their names alone', () => {
    const runner = new Runner();
    runner.cell('const a = 1;');
    expect(() => runner.cell('throw new Error("x"); const a = 2')).toThrow('x');
    expect(() => runner.scope['a']).toThrow(ReferenceError);
  });

  test('of a decorated class is what the decorator made of it', () => {
    const declare =
      'const swap = (_: unknown, __: unknown): any => class { x = 2 };\n@swap export class C { x = 1 }';
    expect(cells(declare, 'new C().x')).toBe(2);
    expect(cells(`${declare}\nnew C().x`)).toBe(2);
  });

  test('has the decorators and the fields that it is told to have', () => {
    const code = (style: object) => {
      const told = { legacyDecorators: false, decoratorMetadata: false, definesFields: true };
      const surroundings = { isEarlier: () => false, types: new Set<string>() };
      const source = outline('class C { @log f: string = "x" }');
      return transpileCell(source, { ...surroundings, style: { ...told, ...style } }).code;
    };
    expect(code({})).toContain('addInitializer');
    expect(code({ legacyDecorators: true })).not.toMatch(/addInitializer|design:type/);
    expect(code({ legacyDecorators: true, decoratorMetadata: true })).toContain('design:type');
    expect(code({ legacyDecorators: true, definesFields: false })).toContain('this.f = "x"');
  });

  test('is nothing of what swc adds, nor what is only said to be there', () => {
    const { names } = transpileCell(
      outline(
        'declare const there: number; @log class C { @log f() {} } using r = null; declare global { var g: 1 }',
      ),
      { isEarlier: () => false, types: new Set() },
    );
    expect(names).toEqual(['C', 'r']);
  });
});

describe('a cell imports', () => {
  test.each([
    ['import { a } from "m"; a', 1],
    ['import d, { a as x, type T } from "m"; [d, x]', ['d', 1]],
    ['import * as m from "m"; m.b.c', 2],
    ['import { "a" as y } from "m" with { type: "json" }; ({ y }).y', 1],
    ['import type { T } from "none"; 1', 1],
    ['export * from "m"; export { a } from "m"; 1', 1],
  ])('%s', (source, shown) => {
    expect(cells(source)).toEqual(shown);
    expect(cells(source.replace(/;([^;]*)$/, ';'), source.match(/[^;]*$/)?.[0] ?? '')).toEqual(
      shown,
    );
  });

  test('live, for later cells too, and calls without a this', () => {
    const m = {
      n: 0,
      step() {
        m.n++;
        return this;
      },
    };
    const runner = new Runner({ m });
    expect(runner.cell('import { n, step } from "m"; [step(), n]')).toEqual([undefined, 1]);
    expect(runner.cell('step(); n')).toBe(2);
  });

  test('what turns out to be a type alone without a value', () => {
    const surroundings = { isEarlier: () => false, types: new Set(['T']) };
    const { names } = transpileCell(outline('import { T, a } from "m";'), surroundings);
    expect(names).toEqual(['a']);
  });

  test('by import() and import.meta what a file there would', async () => {
    expect(await cells('const { a } = await import("m"); [a, import.meta.url]')).toEqual([
      1,
      'file:///notebook',
    ]);
  });
});

test('statements do the same in one cell and in many', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const statement = fc.oneof(
    fc.tuple(name, name).map(([a, b]) => `${a} = ${b} + 1;`),
    fc.tuple(name, name).map(([a, b]) => `{ let ${a} = 5; ${b} += ${a}; }`),
    fc
      .tuple(name, name)
      .map(([a, b]) => `run.push((${a}: number) => { ${b} += ${a}; return { ${b} }.${b}; });`),
    fc.tuple(name, name).map(([a, b]) => `({ ${a}, x: ${b} } = { ${a}: ${b} * 2, x: ${a} });`),
    name.map((a) => `for (const f of run) ${a} = f(${a}) % 1000;`),
    name.map((a) => `for (${a} of [${a}++, ${a}]) ${a}--;`),
  );
  const cuts = fc.array(fc.tuple(statement, fc.boolean()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(cuts, (parts) => {
      const begin = 'let a = 1, b = 2, c = 3; const run: ((n: number) => number)[] = [];';
      const end = '[a, b, c]';
      const whole = [begin, ...parts.map(([text]) => text), end].join('\n');
      const split = parts.map(([text, cut]) => (cut ? `\0${text}` : text)).join('\n');
      expect(cells(begin, ...split.split('\0'), end)).toEqual(cells(whole));
    }),
  );
});

test('a place in the code is found in the source', () => {
  const lines = fc.array(
    fc.constantFrom(
      '',
      '// é😀',
      'let é: string = "😀";',
      'import { a } from "m";',
      'export const e = { a } ;',
      'type T = 1;',
      'a; earlier;',
      'enum E { A }',
    ),
    { maxLength: 4 },
  );
  const before = fc.constantFrom(
    '',
    'a + earlier(); ',
    '/* 😀 */ ',
    'const q = <number>(earlier as unknown); ',
    '({ a, earlier }); ',
  );
  fc.assert(
    fc.property(lines, before, fc.boolean(), (above, left, awaits) => {
      const unique = above.filter((line, index) => above.indexOf(line) === index);
      const needs = unique.some((line) => line.startsWith('import'))
        ? []
        : ['import { a } from "m";'];
      const source = [
        ...unique,
        ...needs,
        `${left}throw new Error("x");`,
        awaits ? 'await 0;' : '',
      ].join('\n');
      const isEarlier = (name: string) => name === 'earlier';
      const { code, origin } = transpileCell(outline(source), { isEarlier, types: new Set() });
      const offset = code.indexOf('new Error');
      const line = code.slice(0, offset).split('\n').length - 1;
      const column = offset - (code.lastIndexOf('\n', offset) + 1);
      const expected = {
        line: unique.length + needs.length,
        column: left.length + 'throw '.length,
      };
      expect(origin({ line, column })).toEqual(expected);
      expect(origin({ line: code.split('\n').length - 1, column: 0 })).toBeUndefined();
    }),
  );
});

describe('edits', () => {
  test('keep lines, and know what every place was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
        fc.array(fc.tuple(fc.nat(20), fc.nat(5), fc.constantFrom('', 'xy'))),
        (text, wanted) => {
          const edits = new Edits(text);
          let free = 0;
          for (const [gap, length, put] of wanted) {
            const [start, end] = [
              Math.min(free + gap, text.length),
              Math.min(free + gap + length, text.length),
            ];
            edits.replace(start, end, put);
            free = end + 1;
            if (free > text.length) break;
          }
          const edited = edits.apply();
          expect(edited.text.split('\n')).toHaveLength(text.split('\n').length);
          const made = edited.text
            .split('\n')
            .flatMap((line, row) =>
              Array.from(line, (char, column) => ({ char, place: { line: row, column } })),
            );
          const originals = text.split('\n');
          for (const { char, place } of made) {
            if (char === 'x' || char === 'y') continue;
            const { line, column } = edited.origin(place);
            expect(originals[line]?.[column]).toBe(char);
            expect(line).toBe(place.line);
          }
        },
      ),
    );
  });

  test('do not overlap', () => {
    const edits = new Edits('abc');
    edits.replace(0, 2, '');
    edits.replace(1, 3, '');
    expect(() => edits.apply()).toThrow(RangeError);
  });
});

describe('a file exports', () => {
  test('what it declares, lists and takes over, live', () => {
    const exports = new Runner({ m: { a: 1, default: 'd' } }).file(`
      export const one = 1; export interface I {} export function f() { return n }
      export let n = 0; export const up = () => { n++ };
      const inner = 2; type T = 1; export { inner as outer, type T, inner as 'a name' };
      export { a, default as dd } from 'm'; export * as all from 'm'; export type { Q } from 'none';
      export default { deep: true }`);
    (exports['up'] as () => void)();
    expect((exports['f'] as () => number)()).toBe(1);
    const read = Object.getOwnPropertyNames(exports).filter((name) => !['f', 'up'].includes(name));
    expect(Object.fromEntries(read.map((name) => [name, exports[name]]))).toEqual({
      ...{ one: 1, n: 1, outer: 2, 'a name': 2, a: 1, dd: 'd' },
      ...{ all: { a: 1, default: 'd' }, default: { deep: true } },
    });
  });

  test.each([
    ['export default class {}', 'function'],
    ['export default function () {}', 'function'],
    ['export default function named() {}', 'function'],
    ['export default [1]', 'object'],
    ['export default () => {}', 'function'],
  ])('%j', (source, type) => {
    expect(typeof new Runner().file(source)['default']).toBe(type);
  });
});
