import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutExports } from '../../../lib/src/kernel/compiler/exports.ts';
import { Scope } from '../../../lib/src/kernel/compiler/scope.ts';
import { ts } from '../../support/tslab-typescript.ts';

const scopeOf = (...cells: string[]) => {
  const scope = new Scope(ts);
  for (const cell of cells) scope.replace(scope.for(''), cell);
  return scope;
};

describe('a cell is given', () => {
  const scope = scopeOf(
    "import { Kafka, type Producer } from 'kafkajs';\nimport * as path from 'node:path';",
    'declare const kafka: Kafka;\ndeclare const far: import("pkg").Far;',
    'interface Order { id: Id; }\ntype Id = string;\ninterface Order { key: Id; }',
    'declare const one: Order, two: number;\ndeclare function f(a: string): void;\ndeclare function f(a: Id): void;',
  );

  test('what it names, and what that names', () => {
    expect(scope.for('send(kafka)').text).toContain('import { Kafka, type Producer }');
    const { text } = scope.for('two');
    for (const part of ['one: Order, two', 'id: Id', 'key: Id', 'type Id']) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/declare function|Kafka|far/);
    expect(scope.for('f()').text.match(/declare function f/g)).toHaveLength(2);
  });

  test('names of packages at any time, so that these stay loaded', () => {
    expect(scope.for('').text.split('\n')).toEqual([
      "import 'kafkajs';",
      "import 'node:path';",
      'import "pkg";',
    ]);
  });

  test('whatever it refers to, and no more than what hangs together', () => {
    const graph = fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(graph, fc.nat(9), (edges, start) => {
        const cells = edges.map((to, n) => `type T${n} = [${to.map((m) => `T${m}`).join(', ')}];`);
        const reached = new Set([start]);
        for (const n of reached) for (const m of edges[n] ?? []) reached.add(m);
        const given = scopeOf(...cells)
          .for(`let x: T${start}`)
          .text.match(/(?<=type T)\d/g);
        expect(new Set(given?.map(Number))).toEqual(reached);
      }),
    );
  });
});

describe('after a cell', () => {
  test('its declarations stand for the ones it was given', () => {
    const scope = scopeOf('declare const a: 1;', 'declare const b: 2;');
    const given = scope.for('a');
    const now = scope.replace(given, 'declare const a: 3;');
    expect(scope.all().text).toBe('declare const b: 2;\ndeclare const a: 3;');
    scope.replace(now, 'declare const a: 4;');
    expect(scope.all().text).toBe('declare const b: 2;\ndeclare const a: 4;');
  });

  test('namespaces and augmentations stay, of which tslab says nothing', () => {
    const scope = scopeOf('declare namespace N {\n}', 'declare global {\n    var g: 1;\n}');
    scope.replace(scope.for('N'), 'declare const x: 1;');
    expect(scope.for('').text).toBe('declare global {\n    var g: 1;\n}');
    expect(scope.for('N').text).toContain('declare namespace N');
    scope.replace(scope.for('N'), 'declare namespace N {\n    const q = 1;\n}');
    expect(scope.for('N').text.match(/namespace N/g)).toHaveLength(1);
    expect(scope.for('N').text).toContain('q = 1');
  });
});

describe('code pasted from a module', () => {
  test.each([
    ['export const a = 1;', '       const a = 1;'],
    ['export default function f() {}', '               function f() {}'],
    ['export\n{ a, b };\nf();', '      \n         \nf();'],
    ['export default a;', '               a;'],
    ['export abstract class C {}', '       abstract class C {}'],
  ])('loses its %j', (code, expected) => {
    expect(withoutExports(ts, code)).toBe(expected);
  });

  test.each([
    "export * from 'a';",
    "export { a } from 'a';",
    'export { a as b };',
    'export default class {}',
    "const text = 'export const a';",
  ])('keeps %j', (code) => {
    expect(withoutExports(ts, code)).toBe(code);
  });
});
