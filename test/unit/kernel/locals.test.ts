import { describe, expect, test } from 'vitest';
import { survivors } from '../../../lib/src/kernel/compiler/declarations.ts';
import { Locals } from '../../../lib/src/kernel/compiler/locals.ts';
import { ts } from '../../support/tslab-typescript.ts';

/** Assigns as compiled code does: first it clears what it exports. */
const assign = (exports: object, values: Record<string, unknown>, own = Object.keys(values)) => {
  for (const name of own) Reflect.set(exports, name, undefined);
  for (const [name, value] of Object.entries(values)) Reflect.set(exports, name, value);
};

describe('declarations after a failure', () => {
  const after = [
    "import first, { second, type Third } from 'a';",
    "import * as all from 'b';",
    'declare const a: number, b: string;',
    'declare function f(): void;',
    'declare class C {\n}',
    'interface I {\n    x: 1;\n}',
    'type T = I;',
  ].join('\n');
  const without = (...missing: string[]) => survivors(ts, '', after, new Set(missing));

  test('are all there when nothing is missing', () => {
    expect(without()).toBe(after);
  });

  test('lack what has no value, and keep the types', () => {
    expect(without('first', 'second', 'all', 'b', 'f', 'C', 'I')).toBe(
      'import { type Third } from "a";\ndeclare const a: number;\ninterface I {\n    x: 1;\n}\ntype T = I;',
    );
  });

  test('have the earlier ones in the place of what is missing', () => {
    const before = 'declare const b: number, x: string;\ndeclare class C {\n    old: 1;\n}';
    expect(survivors(ts, before, 'declare const b: 1;', new Set(['b', 'C']))).toBe(
      'declare const b: number;\ndeclare class C {\n    old: 1;\n}',
    );
  });
});

describe('the locals', () => {
  const begin = (locals: Locals, ...own: string[]) =>
    locals.begin(
      locals.scope.for(own.join(' ')),
      own.map((name) => `declare let ${name}: unknown;`).join('\n'),
      own,
    );

  test('keep the earlier value until the new one is assigned', () => {
    const locals = new Locals(ts);
    const first = begin(locals, 'a');
    assign(first.exports, { a: 1 });
    first.done();
    const second = begin(locals, 'a', 'b');
    assign(second.exports, { b: undefined }, ['a', 'b']);
    second.failed();
    expect(Reflect.get(second.exports, 'a')).toBe(1);
    expect(locals.scope.all().text).toBe('declare let b: unknown;\ndeclare let a: unknown;');
  });

  test('are not touched by what a failed cell, or one declared over, does later', () => {
    const locals = new Locals(ts);
    const failed = begin(locals, 'a');
    failed.failed();
    assign(failed.exports, { a: 'late' }, []);
    expect(Reflect.get(failed.exports, 'a')).toBeUndefined();
    const [older, newer] = [begin(locals, 'b'), begin(locals, 'b')];
    assign(older.exports, { b: 1 });
    assign(newer.exports, { b: 2 });
    assign(older.exports, { b: 3 }, []);
    expect(Reflect.get(newer.exports, 'b')).toBe(2);
  });

  test('tell the cell that declared a variable when another assigns to it', () => {
    const locals = new Locals(ts);
    let inside: unknown;
    const declaring = begin(locals, 'a');
    declaring.live({ a: (value) => (inside = value) });
    assign(declaring.exports, { a: 1 });
    Reflect.set(begin(locals).exports, 'a', 2);
    expect(inside).toBe(2);
    assign(begin(locals, 'a').exports, { a: 3 });
    expect(inside).toBe(2);
  });
});
