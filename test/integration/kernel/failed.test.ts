import { describe, expect, test, vi } from 'vitest';
import { notebookForTests } from '../../support/kernel-notebook.ts';

vi.setConfig({ testTimeout: 60_000 });

const notebook = notebookForTests();

const gone = (name: string) => `[Symbol.dispose]() { console.log('${name} is gone'); }`;
const later = `async [Symbol.asyncDispose]() { await 0; console.log('it is gone, later'); }`;

/** Runs a cell that is interrupted once it has written something. */
const interrupted = async (code: string) => {
  const { kernel } = notebook;
  const id = await kernel.send('shell', 'execute_request', { code });
  await kernel.until('its output', () => kernel.of(id).some(({ type }) => type === 'stream'));
  kernel.process.kill('SIGINT');
  const { error, stdout } = await kernel.answer(id);
  expect(error?.['ename']).toBe('KeyboardInterrupt');
  return stdout;
};

/** Declares each kind of name before and after the point at which it ends. */
const declaring = (end: string) => `
  const before = 1; let beforeToo: string | undefined; var beforeVar = 'v';
  class Before { b = 1 } enum Early { A = 'a' } namespace Sooner { export const x = 1 }
  ${end}
  const after = 1; let afterToo = 's'; var afterVar = 'v'; for (var i = 0; i < 1; i++) var inner = 1;
  class After { a = 1 } enum Late { A = 'a' } namespace Then { export const x = 1 }
  const { picked, ...rest } = { picked: 1, more: 2 };
  function hoisted() { return 7 }`;
const NOT_REACHED = [
  'after',
  'afterToo',
  'afterVar',
  'i',
  'inner',
  'After',
  'Late',
  'Then',
  'rest',
];

const throwing = 'if (before) throw new Error("boom");';
const endings: [string, string, (code: string) => Promise<unknown>][] = [
  ['failed', throwing, (code) => notebook.show(code)],
  [
    'failed, and disposed of something',
    `using held = { ${gone('it')} }; ${throwing}`,
    (code) => notebook.show(code),
  ],
  [
    'was interrupted while it waited',
    `console.log('on'); await using held = { ${later} }; await new Promise(() => {});`,
    interrupted,
  ],
  ['was interrupted while it computed', `console.log('on'); while (before) {}`, interrupted],
];

describe.each(endings)('after a cell that %s', (_, end, run) => {
  test('what it reached is there, and nothing else, of whatever kind', async () => {
    await run(declaring(end));
    expect(
      await notebook.show(
        '[before, beforeToo, beforeVar, new Before().b, Early.A, Sooner.x, hoisted()]',
      ),
    ).toBe("[ 1, undefined, 'v', 1, 'a', 1, 7 ]");
    for (const name of NOT_REACHED) {
      expect(await notebook.show(name)).toContain(`Cannot find name '${name}'`);
    }
  });
});

test('what a failed cell did not reach means what it meant before', async () => {
  await notebook.show(
    "var kept = 'k'; enum Colour { Red } class Kept { k = 1 } namespace Space { export const x = 1 }\nconst all = () => [kept, Colour.Red, new Kept().k, Space.x];",
  );
  expect(
    await notebook.show(
      "console.log(all()); throw new Error('boom');\nvar kept = 'n', Colour = 5; class Kept { n = 2 } namespace Space { export const x = 'x' }",
    ),
  ).toMatch(/^Error: boom/);
  expect(
    await notebook.show('[...all(), kept.length, new Kept().k, Space.x.toFixed()].join()'),
  ).toBe("'k,0,1,1,1,1,1'");
});

describe('what a cell declares by `using`', () => {
  test('is disposed of when it ends, the last first, after what it shows was made', async () => {
    expect(
      await notebook.show(
        `let isOpen = true; using a = { ${gone('a')} }, none = null;\nawait using b = { ${later} };\nusing c = { [Symbol.dispose]() { isOpen = false; } };\nisOpen`,
      ),
    ).toBe('it is gone, later\na is gone\ntrue');
    expect(await notebook.show('isOpen')).toBe('false');
  });

  test('is disposed of when it fails or is interrupted, whatever it does', async () => {
    const { kernel } = notebook;
    const failing = await kernel.execute(`using d = { ${gone('d')} }; throw new Error('boom');`);
    expect([failing.stdout, failing.error?.['evalue']]).toEqual(['d is gone\n', 'boom']);
    const waits = `using e = { ${gone('e')} }; console.log('on'); await new Promise(() => {});`;
    expect(await interrupted(waits)).toBe('on\ne is gone\n');
    const computes = `using f = { ${gone('f')} }; console.log('on'); while (true) {}`;
    expect(await interrupted(computes)).toBe('on\nf is gone\n');
  });

  test('tells what fails then, with what it keeps from being told', async () => {
    const fails = "using g = { [Symbol.dispose]() { throw new Error('stuck'); } };";
    expect(await notebook.show(`${fails}\nconst reached = 1; 5`)).toMatch(
      /^Error: stuck\n {4}at .*\(?cell \[\d+\]:1:\d+/,
    );
    expect(await notebook.show('reached')).toBe('1');
    expect(await notebook.show(`${fails}\nthrow new Error('boom');`)).toMatch(
      /^SuppressedError: .*\n {2}Error: stuck\n[\s\S]*\n {2}Error: boom\n/,
    );
    expect(await notebook.show('using h = 5 as any;')).toMatch(/^TypeError: .*Symbol\.dispose/);
  });
});
