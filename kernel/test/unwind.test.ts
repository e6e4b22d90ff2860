import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeError } from '../src/errors/errors.ts';
import { Positions } from '../src/errors/positions.ts';
import { HELD, OPEN, shared, WITHDRAWN } from '../src/interrupt/shield.ts';
import { allowUnwinding, UNWIND } from '../src/interrupt/unwind.ts';

/** What this thread answers when it is asked in the middle of `run`, where that calls what it is given. */
function answerIn(run: (ask: () => number) => unknown, anywhere = false): string {
  let answer = '';
  const unwind = (globalThis as Record<symbol, any>)[Symbol.for(UNWIND)];
  const ask = () => {
    answer = unwind(1, anywhere);
    return 0;
  };
  run(ask);
  return answer;
}

beforeAll(allowUnwinding);
// Whoever would be held is too late.
beforeEach(() => void Atomics.store(shared, HELD, WITHDRAWN));
afterEach(() => void Atomics.store(shared, HELD, OPEN));

const sortedByNode = (ask: () => number) => inspect({ a: 1, b: 2 }, { sorted: ask });
const shownByKernel = (ask: () => number) => {
  const error = Object.assign(new Error('odd'), { stack: { toString: ask } });
  return describeError(error, new Positions());
};

/** A list in a list, so deep that whoever has it written lies beyond what is looked at. */
const deep = (ask: () => number) => {
  let list: unknown = { toString: ask };
  for (let depth = 0; depth < 30; depth++) list = [list];
  return String(list);
};

test.each([
  ['the code of a cell', (ask: () => number) => ask(), 'too late'],
  ['what is built in and a cell has called', (ask: () => number) => [2, 1].sort(ask), 'too late'],
  ['what is built in and Node has called', sortedByNode, 'not here'],
  ['what is built in and the kernel has called', shownByKernel, 'not here'],
  ['what is built in and nobody knows who has called', deep, 'not here'],
])('this thread, in %s, answers: $2', (_, run, answer) => {
  expect(answerIn(run)).toBe(answer);
});

test.each([sortedByNode, shownByKernel])('it may be stopped anywhere when it has to be', (run) => {
  expect(answerIn(run, true)).toBe('too late');
});
