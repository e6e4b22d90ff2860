import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, test } from 'vitest';
import { describeFindings } from '../src/errors/diagnostics.ts';
import { describeError, KeyboardInterrupt } from '../src/errors/errors.ts';
import { Positions } from '../src/errors/positions.ts';
import { KernelError } from '../src/explained.ts';

const positions = new Positions();
const describePlain = (value: unknown) => {
  const { ename, evalue, traceback } = describeError(value, positions);
  return { ename, evalue, lines: traceback.map(plain) };
};
const withStack = (error: Error, ...frames: string[]) =>
  Object.assign(error, { stack: [`${error.name}: ${error.message}`, ...frames].join('\n') });

describe('a thrown value', () => {
  test('says name and message', () => {
    class OrderError extends Error {}
    expect(describePlain(new OrderError('no such order'))).toMatchObject({
      ename: 'OrderError',
      evalue: 'no such order',
    });
  });

  test('shows frames of own files, without those of node, tslab and the kernel', () => {
    const error = withStack(
      new Error('x'),
      '    at run (/home/me/shop/orders.js:3:7)',
      `    at CellExecutor.run (${process.cwd()}/kernel/src/cells/executor.js:1:1)`,
      `    at execute (/home/me/node_modules/tslab/dist/executor.js:1:1)`,
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at Array.map (<anonymous>)',
    );
    const { lines } = describePlain(error);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/at run \(.*orders\.js:3:7\)/);
  });

  test('shows no frames of folders that the kernel was told to hide', () => {
    const told = new Positions(['/opt/lab']);
    const frames = ['    at a (/opt/lab/a.js:1:1)', '    at b (/opt/laboratory/b.js:1:1)'];
    const error = withStack(new Error('x'), ...frames);
    expect(describeError(error, told).traceback.slice(1)).toEqual([
      expect.stringMatching(/at b \(.*laboratory/),
    ]);
    expect(describeError(error, positions).traceback).toHaveLength(3);
  });

  test('shows frames of a library only if there is nothing else', () => {
    const library = '    at send (/p/node_modules/kafkajs/src/x.js:3:7)';
    expect(describePlain(withStack(new Error('x'), library)).lines[1]).toContain('kafkajs');
    const both = withStack(new Error('x'), library, '    at async /p/mine.js:1:2');
    expect(describePlain(both).lines.join()).not.toContain('kafkajs');
  });

  test('explains itself without a stack when it can', () => {
    const cause = withStack(new Error('ECONNREFUSED'), '    at connect (/p/mine.js:1:2)');
    const error = new KernelError('NO_INPUT', { what: 'What.', why: 'Why.', fix: 'Fix.', cause });
    expect(describePlain(error)).toEqual({
      ename: 'KernelError',
      evalue: 'What. Why. Fix.',
      lines: ['KernelError: What.', 'Why.', 'Fix.', 'Caused by: Error: ECONNREFUSED'],
    });
  });

  test('shows the chain of its causes, even if it goes round', () => {
    const inner = withStack(new Error('inner'));
    const outer = withStack(new Error('outer', { cause: inner }));
    inner.cause = outer;
    expect(describePlain(outer).lines).toEqual(['Error: outer', 'Caused by: Error: inner']);
  });

  test('shows the errors of an AggregateError', () => {
    const parts = [withStack(new Error('one')), 'two'];
    const { lines } = describePlain(withStack(new AggregateError(parts, 'all failed')));
    expect(lines).toEqual(['AggregateError: all failed', '  Error: one', "  'two'"]);
  });

  test('shows causes within an AggregateError, and the errors of one that is a cause', () => {
    const deep = withStack(new Error('one', { cause: withStack(new Error('deep')) }));
    const nested = withStack(new AggregateError([withStack(new TypeError('in it'))], 'nested'));
    const cause = withStack(new AggregateError([deep, 2, nested], 'all failed'));
    expect(describePlain(withStack(new Error('outer', { cause }))).lines).toEqual([
      'Error: outer',
      'Caused by: AggregateError: all failed',
      '  Error: one',
      '  Caused by: Error: deep',
      '  2',
      '  AggregateError: nested',
      '    TypeError: in it',
    ]);
  });

  test('shows each error once, and says how many are left of many', () => {
    const one = withStack(new Error('one'));
    const many = withStack(new AggregateError([one, one, ...Array(7).fill('more')], 'many'));
    expect(describePlain(Object.assign(one, { cause: many })).lines.join()).toMatch(
      /^Error: one,Caused by: AggregateError: many,( {2}'more',){3} {2}… and 4 more$/,
    );
  });

  test.each(['message', 'stack', 'cause', 'name', 'what', 'constructor'])(
    'is shown as far as it can be when its %s throws',
    (property) => {
      const get = () => {
        throw new Error('no');
      };
      const { ename, lines } = describePlain(
        Object.defineProperty(new RangeError('legible'), property, { get }),
      );
      expect(lines[0]).toBe(`${ename}: ${property === 'message' ? '' : 'legible'}`);
      expect(ename).toBe(property === 'name' ? 'Error' : 'RangeError');
    },
  );

  test('has no colour codes where clients show them raw', () => {
    const coloured = '\u001b[31mred\u001b[39m';
    expect(describeError(new Error(coloured), positions).evalue).toBe('red');
    expect(describeError(coloured, positions).evalue).toBe('red');
  });

  test('may have a message that looks like a stack', () => {
    const message = 'a\n    at fake (/p/fake.js:1:1)';
    const error = withStack(new Error(message), '    at real (/p/real.js:1:2)');
    expect(describePlain(error).lines.slice(1).join()).toMatch(/^ {4}at real \(.*real\.js:1:2\)$/);
  });

  test.each([
    ['(0 , __scope__.orders) is not a function', 'orders is not a function'],
    ['__imports__[12].fs.nope is not a function', 'fs.nope is not a function'],
    ['__scope__.a is not iterable', 'a is not iterable'],
    ['__scope___.__scope__ is not iterable', '__scope__ is not iterable'],
    ['of __scope itself', 'of __scope itself'],
  ])('says %j of names as they were written', (message, said) => {
    expect(describePlain(new TypeError(message)).evalue).toBe(said);
  });

  test('tells a frame that recurs once', () => {
    const frame = '    at again (/p/mine.js:1:2)';
    const lines = describePlain(withStack(new Error('x'), frame, ...Array(9).fill(frame))).lines;
    expect(lines).toHaveLength(3);
  });

  test.each([
    ['boom', 'boom'],
    [undefined, 'undefined'],
    [{ a: 1 }, '{ a: 1 }'],
  ])('need not be an error: %j', (value, evalue) => {
    expect(describePlain(value)).toEqual({ ename: 'Thrown', evalue, lines: [`Thrown: ${evalue}`] });
  });

  test('cannot break the kernel', () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no');
      },
    });
    expect(describePlain(hostile).evalue).toBeTypeOf('string');
  });

  test('is brief for an interrupt', () => {
    expect(describePlain(new KeyboardInterrupt()).lines).toEqual([
      'KeyboardInterrupt: interrupted',
    ]);
  });
});

test('everything that TypeScript finds is shown with its place, its chain and its line', () => {
  const code = 'const a = 1;\n\tconst b: string = a;';
  const { ename, evalue, traceback } = describeFindings(
    [
      { start: 20, end: 21, message: 'Not assignable.\n  Because.', code: 1 },
      { start: 6, end: 7, message: 'Unused.', code: 2 },
      { start: 999, end: 999, message: 'Expected.', code: 3 },
    ],
    code,
    { isFresh: false },
  );
  expect({ ename, evalue }).toEqual({
    ename: 'TypeScriptError',
    evalue: '2:8 - Not assignable. (and 2 more)',
  });
  expect(traceback.map(plain)).toEqual([
    'TypeScriptError 2:8 - Not assignable.',
    '  Because.',
    '    \tconst b: string = a;',
    '    \t      ^',
    'TypeScriptError 1:7 - Unused.',
    '    const a = 1;',
    '          ^',
    'TypeScriptError 2:22 - Expected.',
    '    \tconst b: string = a;',
    '    \t                    ^',
  ]);
});

test.each([
  ['at its beginning', 3, 4],
  ['at the end of what fits', 75, 4],
  ['behind it', 79, 4],
  ['far behind it', 400, 4],
  ['at its end', 496, 4],
  ['wider than what is shown', 300, 190],
])('of a long line that part is shown which is meant: %s', (_, start, length) => {
  const code = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(5, '_')).join('');
  const finding = { start, end: start + length, message: 'Wrong.', code: 1 };
  const { traceback } = describeFindings([finding], code, { isFresh: false });
  const [, shown = '', carets = ''] = traceback.map(plain);
  expect(shown.length).toBeLessThanOrEqual(85);
  const meant = shown.slice(carets.indexOf('^'), carets.length);
  expect(meant).not.toBe('');
  expect(code.indexOf(meant, start)).toBe(start);
  expect(meant.length).toBeGreaterThanOrEqual(Math.min(length, 40));
});
