import { expect, test, vi } from 'vitest';
import { notebookForTests } from '../../support/kernel-notebook.ts';

vi.setConfig({ testTimeout: 60_000 });

const notebook = notebookForTests();

/** Cells, one after the other, and what each shows. */
const CELLS: Record<string, [code: string, shown: string | RegExp][]> = {
  'names that other code is given': [
    ['const exports = 1, module = 2, process = 3; exports + module + process', '6'],
    ['exports + module + process', '6'],
    ['const async = 1, of = 2, get = 3, set = 4, type = 5, as = 6, from = 7;', ''],
    ['async + of + get + set + type + as + from', '28'],
    ['const Error = 5, Object = 6; await Error + Object', '11'],
    ['class Map { own = 1 }', ''],
    ['new Map().own', '1'],
    ['typeof this', "'undefined'"],
    ['var arguments = 5;', /Invalid use of 'arguments'/],
    ['const evil = eval; evil("1 + 1")', '2'],
  ],
  'names in all letters': [
    ['const ñandú = 1, 变量 = 2, $ = 3, \\u0061bc = 5; ñandú + 变量 + $ + abc', '11'],
    ['({ ñandú, 变量, abc }).变量 + abc', '7'],
  ],
  'blanks, comments and line ends': [
    ['const crlf = 1;\r\nlet two = 2;\r\ncrlf + two', '3'],
    ['\ufeffconst bom = 1; bom', '1'],
    ['// a comment', ''],
    ['/* and\n another */', ''],
    [';;;', ''],
    ['"use strict"; crlf // as it was', '1'],
  ],
  'blocks and labels': [
    ['{ a: 1 }', ''],
    ['outer: for (const a of [1, 2]) { for (;;) continue outer; }', ''],
    ['switch (5 as number) { case 5: var inCase = "five"; break; default: inCase = "" }', ''],
    ['inCase', "'five'"],
  ],
  'defaults and fields that read earlier names': [
    ['const base = 5; let word = "w";', ''],
    ['const { x = base, [`k${base}`]: y = x + 1 } = {} as any; [x, y]', '[ 5, 6 ]'],
    ['class F { a = base; static s = base; [base] = 1; get g() { return word } }', ''],
    ['const base = 6; word = "v"; [new F().a, F.s, new F().g]', "[ 6, 5, 'v' ]"],
    ['({ word, n: { word } } = { word: "a", n: { word: "b" } }); word', "'b'"],
  ],
  'functions and generators': [
    ['function even(n: number): boolean { return n === 0 || odd(n - 1) }', /find name 'odd'/],
    [
      'function odd(n: number): boolean { return n !== 0 && even(n - 1) }\nfunction even(n: number): boolean { return n === 0 || odd(n - 1) }',
      '',
    ],
    ['const even = 5; [even, odd(3)]', '[ 5, true ]'],
    ['function even() { return "again" } even()', "'again'"],
    ['function* numbers() { yield* [1, 2] } [...numbers()]', '[ 1, 2 ]'],
    ['const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join() + v;', ''],
    ['tag`a${tag`\\n${1}`}`', "'a,\\\\n,1'"],
    ['function both() { return 1 } namespace both { export const more = 2 }', ''],
    ['both() + both.more', '3'],
    ['export default function () {}', ''],
    ['export default class { a = 1 }', ''],
  ],
  'timers over names that change': [
    ['let later = 0, isOn = false; const read = () => later;', ''],
    ['const timer = setInterval(() => { if (isOn) later += 1; }, 1);', ''],
    ['later = 10; isOn = true;', 'true'],
    ['while (later < 12) await new Promise((done) => setTimeout(done, 1));', ''],
    ['clearInterval(timer); later = 11; [later, read()]', '[ 11, 11 ]'],
    ['let later = "new"; [later, read()]', "[ 'new', 11 ]"],
  ],
  'whatever is thrown': [
    ['throw undefined', 'Thrown: undefined'],
    ['throw { toString() { throw 1 } }', /^Thrown: \{/],
  ],
};

test.each(Object.entries(CELLS))('%s', async (_, cells) => {
  for (const [code, shown] of cells) {
    const actual = await notebook.show(code);
    if (typeof shown === 'string') expect(actual, code).toBe(shown);
    else expect(actual, code).toMatch(shown);
  }
});

test('cells of thousands of lines, and large literals', async () => {
  const lines = Array.from(
    { length: 3000 },
    (_, n) => `const v${n} = ${n}; const f${n} = () => v${n};`,
  );
  expect(await notebook.show(`${lines.join('\n')}\nf2999()`)).toBe('2999');
  expect(await notebook.show('v17 + f4()')).toBe('21');
  const list = Array.from({ length: 50_000 }, (_, n) => n);
  expect(await notebook.show(`const list = [${list}]; list.length`)).toBe('50000');
  expect(await notebook.show('list.at(-1)?.toFixed()')).toBe("'49999'");
  expect(await notebook.show(`const long = '${'x'.repeat(500_000)}'; long.length`)).toBe('500000');
  expect(await notebook.show('long.length')).toBe('500000');
});
