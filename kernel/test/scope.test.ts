import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namespaceOf } from '../src/running/packages.ts';
import { Scope } from '../src/running/scope.ts';

/** A variable as the code of a cell has it: reading it throws until it has a value. */
function variable(initial?: unknown) {
  const state = { has: initial !== undefined, value: initial };
  return {
    state,
    start: (value: unknown) => Object.assign(state, { has: true, value }),
    accessor: {
      get: () => {
        if (!state.has) throw new ReferenceError('before initialization');
        return state.value;
      },
      set: (value: unknown) => {
        state.value = value;
      },
    },
  };
}

const accessors = (variables: Record<string, ReturnType<typeof variable>>) =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(variables).map(([name, { accessor }]) => [
        name,
        { ...accessor, enumerable: true },
      ]),
    ),
  );

const run = (scope: Scope, variables: Record<string, ReturnType<typeof variable>>) => {
  const names = scope.begin();
  names.declare(accessors(variables));
  return names;
};

describe('the names of cells', () => {
  test('mean what they meant until the new ones have values', () => {
    const scope = new Scope();
    run(scope, { a: variable(1) }).done();
    const second = variable();
    const names = run(scope, { a: second, b: variable() });
    expect(scope.values['a']).toBe(1);
    second.start(2);
    expect(scope.values['a']).toBe(2);
    expect([...names.failed()]).toEqual(['b']);
    expect([scope.values['a'], scope.has('b')]).toEqual([2, false]);
  });

  test('that can be read as undefined are there when they have another value', () => {
    const scope = new Scope();
    const hoisted = (value?: unknown) => ({
      get: () => value,
      enumerable: true,
      configurable: true,
    });
    const declare = (value: unknown, names: string[]) => {
      const cell = scope.begin(names);
      cell.declare(Object.defineProperty({}, 'v', hoisted(value)));
      return cell;
    };
    expect([...declare(undefined, []).failed()]).toEqual([]);
    expect([...declare(undefined, ['v']).failed()]).toEqual(['v']);
    declare(1, ['v']).done();
    const cell = declare(undefined, ['v']);
    expect(scope.values['v']).toBe(1);
    cell.done();
    expect(scope.values['v']).toBeUndefined();
  });

  test('are not touched by what a failed cell does later', () => {
    const scope = new Scope();
    run(scope, { a: variable('first') }).done();
    const late = variable();
    expect([...run(scope, { a: late }).failed()]).toEqual(['a']);
    late.start('late');
    expect(scope.values['a']).toBe('first');
  });

  test('are variables of the code that declared them, as long as no other cell does', () => {
    const scope = new Scope();
    const first = variable(1);
    run(scope, { a: first }).done();
    scope.values['a'] = 2;
    expect(first.state.value).toBe(2);
    run(scope, { a: variable(3) }).done();
    scope.values['a'] = 4;
    expect(first.state.value).toBe(2);
  });

  test('of constants cannot be assigned to, whether their cell has ended or not', () => {
    const scope = new Scope();
    const names = scope.begin();
    names.declare({
      get fixed() {
        return 1;
      },
    });
    const assign = () => {
      scope.values['fixed'] = 2;
    };
    expect(assign).toThrow(TypeError);
    names.done();
    expect(assign).toThrow(TypeError);
  });

  test('are those of the last cell that gave each a value, whatever failed', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const cell = fc.record({
      declares: fc.uniqueArray(name, { minLength: 1 }),
      reached: fc.nat(3),
      fails: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const scope = new Scope();
        const expected = new Map<string, number>();
        for (const [index, { declares, reached, fails }] of cells.entries()) {
          const variables = Object.fromEntries(declares.map((each) => [each, variable()]));
          const names = run(scope, variables);
          const given = fails ? declares.slice(0, reached) : declares;
          for (const each of given) {
            variables[each]?.start(index);
            expected.set(each, index);
            expect(scope.values[each]).toBe(index);
          }
          if (fails) expect([...names.failed()]).toEqual(declares.slice(reached));
          else names.done();
        }
        expect(Object.fromEntries(Object.entries(scope.values))).toEqual(
          Object.fromEntries(expected),
        );
      }),
    );
  });
});

describe('a CommonJS module as it is imported', () => {
  test('has its exports by name, as they have become, and itself as default', () => {
    const exports = {
      count: 0,
      get lazy() {
        return this.count + 1;
      },
    };
    const namespace = namespaceOf(exports);
    exports.count = 5;
    expect([namespace['count'], namespace['lazy'], namespace['default']]).toEqual([5, 6, exports]);
    expect(namespaceOf(exports)).toBe(namespace);
  });

  test.each([[5], ['text'], [null], [undefined]])('may be %j', (exports) => {
    expect(namespaceOf(exports)).toEqual({ default: exports });
  });

  test('that was an ES module once is that one', () => {
    const exports = { __esModule: true, default: 1, named: 2 };
    expect(namespaceOf(exports)).toBe(exports);
  });
});
