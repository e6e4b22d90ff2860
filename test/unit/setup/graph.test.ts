import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inOrder, runSteps } from '../../../setup/engine/graph.mjs';
import type { Step } from '../../../setup/engine/step.mjs';

const nothing = async () => {};

function step(
  name: string,
  after: string[],
  run: () => Promise<void> = nothing,
  current = false,
): Step {
  return { name, title: name, after, isCurrent: () => current, run };
}

/** Runs the steps and notes, in order, what began (+), ended (-) and failed (!). */
async function notesOf(steps: Step[]) {
  const notes: string[] = [];
  const result = await runSteps(steps, (each) => each.run(async () => {}), {
    started: ({ name }) => notes.push(`+${name}`),
    done: ({ name }) => notes.push(`-${name}`),
    failed: ({ name }) => notes.push(`!${name}`),
  });
  return { notes, ...result };
}

test('a step begins when all that it comes after have ended', async () => {
  const { notes } = await notesOf([step('c', ['a', 'b']), step('b', ['a']), step('a', [])]);
  expect(notes).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
});

test('steps that do not wait for each other run side by side', async () => {
  // Each ends only once the other has begun: one after the other they would never end.
  const begun = new EventTarget();
  const [aBegun, bBegun] = ['a', 'b'].map((name) => once(begun, name));
  const first = step('a', [], async () => void (begun.dispatchEvent(new Event('a')), await bBegun));
  const second = step(
    'b',
    [],
    async () => void (begun.dispatchEvent(new Event('b')), await aBegun),
  );
  expect((await notesOf([first, second])).ran).toHaveLength(2);
});

test('what comes after a failed step is left out, the rest goes on', async () => {
  const broken = step('broken', [], () => Promise.reject(new Error('no')));
  const steps = [broken, step('after', ['broken']), step('last', ['after']), step('other', [])];
  const { notes, failed, ran } = await notesOf(steps);
  expect(failed).toEqual([{ step: broken, error: new Error('no') }]);
  expect(ran.map(({ name }) => name)).toEqual(['other']);
  expect(notes.filter((note) => /after|last/.test(note))).toEqual([]);
});

test('what is current is not run, and what comes after it is', async () => {
  const unwanted = () => Promise.reject(new Error('ran'));
  const { notes, failed } = await notesOf([step('a', [], unwanted, true), step('b', ['a'])]);
  expect(failed).toEqual([]);
  expect(notes).toEqual(['+b', '-b']);
});

test('whether a step is current is asked only after those it comes after: they may change it', async () => {
  let made = false;
  const maker = step('maker', [], async () => void (made = true));
  const checker: Step = { ...step('checker', ['maker']), isCurrent: () => made };
  expect((await notesOf([checker, maker])).notes).toEqual(['+maker', '-maker']);
});

test('a circle and an unknown name are refused', () => {
  expect(() => inOrder([step('a', ['b']), step('b', ['a'])])).toThrow('a, b, a');
  expect(() => inOrder([step('a', ['nobody'])])).toThrow("'nobody'");
});
