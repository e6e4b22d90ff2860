import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, fingerprint } from '../../../setup/engine/fingerprint.mjs';
import { filesStep, stampedStep } from '../../../setup/engine/step.mjs';
import { folderForTest } from '../../support/folder.ts';

const run = async () => {};

/** A step that writes one file from an input that the test can change. */
function example(make = async () => {}) {
  const folder = folderForTest();
  const state = {
    input: 'one',
    last: <string | undefined>'not made',
    result: join(folder, 'result'),
  };
  const step = stampedStep({
    name: 'example',
    title: 'Example',
    stamps: folder,
    fingerprint: () => state.input,
    present: () => existsSync(state.result),
    make: async (_run, last) => {
      state.last = last;
      writeFileSync(state.result, '');
      await make();
    },
  });
  return { state, step };
}

test('a step is current once it has succeeded, until its input changes', async () => {
  const { state, step } = example();
  expect(step.isCurrent()).toBe(false);
  await step.run(run);
  expect(step.isCurrent()).toBe(true);
  state.input = 'two';
  expect(step.isCurrent()).toBe(false);
  await step.run(run);
  expect(step.isCurrent()).toBe(true);
});

test('a step whose result is gone is not current', async () => {
  const { state, step } = example();
  await step.run(run);
  rmSync(state.result);
  expect(step.isCurrent()).toBe(false);
});

test('a step cut off half-way is not current, even with an input that was current before', async () => {
  let broken = false;
  const { state, step } = example(async () => {
    if (broken) throw new Error('cut off');
  });
  await step.run(run);
  broken = true;
  state.input = 'two';
  await expect(step.run(run)).rejects.toThrow('cut off');
  state.input = 'one';
  expect(step.isCurrent()).toBe(false);
});

test('an input that changes while the step runs makes it run again', async () => {
  const { state, step } = example(async () => void (state.input = 'changed meanwhile'));
  await step.run(run);
  expect(step.isCurrent()).toBe(false);
});

test('a step is told what was recorded only if what is there is whole', async () => {
  let broken = false;
  const { state, step } = example(async () => {
    if (broken) throw new Error('cut off');
  });
  await step.run(run);
  expect(state.last).toBeUndefined();
  await step.run(run);
  expect(state.last).toBe('one');
  broken = true;
  await expect(step.run(run)).rejects.toThrow();
  await expect(step.run(run)).rejects.toThrow();
  expect(state.last).toBeUndefined();
});

test('files that say what they should are left alone', async () => {
  const file = join(folderForTest(), 'new', 'file.json');
  const step = filesStep({
    name: 'files',
    title: '',
    after: [],
    files: () => ({ [file]: 'text' }),
  });
  expect(step.isCurrent()).toBe(false);
  await step.run(run);
  expect(step.isCurrent()).toBe(true);
  expect(statSync(file).size).toBe(4);
  writeFileSync(file, 'other');
  expect(step.isCurrent()).toBe(false);
});

test('a fingerprint changes with contents, names and values, not with the folder or the order', () => {
  const [here, there] = [folderForTest(), folderForTest()];
  for (const folder of [here, there]) writeFileSync(join(folder, 'a'), 'x');
  for (const folder of [here, there]) writeFileSync(join(folder, 'b'), 'y');
  const of = (base: string, values?: unknown) =>
    fingerprint({ values, files: filesBelow(base), base });
  expect(of(here)).toBe(of(there));
  expect(fingerprint({ files: filesBelow(here).reverse(), base: here })).toBe(of(here));
  expect(of(here, 1)).not.toBe(of(here));
  writeFileSync(join(there, 'b'), 'z');
  expect(of(here)).not.toBe(of(there));
  writeFileSync(join(there, 'b'), 'y');
  writeFileSync(join(there, 'c'), '');
  expect(of(here)).not.toBe(of(there));
});
