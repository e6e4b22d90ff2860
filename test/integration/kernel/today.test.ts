import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { checkerOf } from '../../support/checker.ts';
import { Notebook, notebookForTests } from '../../support/kernel-notebook.ts';

vi.setConfig({ testTimeout: 60_000 });

const FILES = {
  'data.json': '{ "list": [1, 2], "text": "x" }',
  'helper.ts':
    "import { half } from './deep/half.ts';\nexport enum Size { S = 2 }\nexport const twice = (n: number) => n * 2;\nexport { half };\nexport default class Box { constructor(public width = 1) {} }\nexport type { Unit } from './deep/half.ts';",
  'deep/half.ts':
    'export const half = (n: number) => n / 2;\nexport type Unit = "cm";\nexport const loaded = await Promise.resolve(7);',
  'plain.cjs': 'exports.count = 0; exports.up = () => ++exports.count;',
  'module.mjs':
    "import { sep } from 'node:path'; export const slash = sep; export let n = 0; export const step = () => { n++; };",
  'a.ts': "import { b } from './b.ts'; export const a = () => b() + 1; export const base = 1;",
  'b.ts': "import { base } from './a.ts'; export const b = () => base + 1;",
};

const notebook = notebookForTests(FILES);

const DISPOSABLE = "[Symbol.dispose]() { console.log('gone'); }";

describe('the language of today', () => {
  test.each([
    ['using', `{ using r = { ${DISPOSABLE} }; console.log(typeof r); } 1`, 'object\ngone\n1'],
    [
      'using for the whole cell',
      `using q = { v: 3, ${DISPOSABLE} };\nlet after = q.v + 1; after`,
      'gone\n4',
    ],
    ['what was declared beside it', 'after + q.v', '7'],
    [
      'await using',
      "await using r2 = { async [Symbol.asyncDispose]() { console.log('later'); } }; 2",
      'later\n2',
    ],
    [
      'JSON with its type',
      "import data from './data.json' with { type: 'json' };\ndata.list.length",
      '2',
    ],
    ['JSON by import()', "(await import('./data.json')).default.text", "'x'"],
    [
      'decorators, typed',
      'function log<T extends (...a: any[]) => any>(m: T, c: ClassMethodDecoratorContext): T { return ((...a: any[]) => `${String(c.name)} ${m(...a)}`) as T }\nclass X { @log f(n: number) { return String(n) } }\nnew X().f(1)',
      "'f 1'",
    ],
    ['accessors', 'class Y { accessor z = 1 }\nconst y = new Y(); y.z += 1; y.z', '2'],
    ['inferred predicates', "['a', null].filter((s) => s !== null).map((s) => s.length)", '[ 1 ]'],
    [
      'const type parameters, satisfies',
      'const same = <const T>(x: T) => x satisfies T; const t: readonly ["a"] = same(["a"]); t',
      "[ 'a' ]",
    ],
    [
      'NoInfer and tuples with names',
      'type Pair = [first: string, rest?: NoInfer<number>]; const p: Pair = ["a"]; p',
      "[ 'a' ]",
    ],
    [
      'enums and namespaces',
      'enum Color { Red, Blue = Red + 2 } namespace Shop { export const open = Color.Blue }\nShop.open',
      '2',
    ],
    ['them in later cells', 'Color[Shop.open]', "'Blue'"],
    ['const enums in later cells', 'const enum K { A = 1 }', ''],
    ['their values', 'K.A + 1', '2'],
    ['variables in statements', 'for (var i = 0; i < 3; i++) { if (i === 1) var found = i; }', ''],
    ['that later cells see', '[i, found]', '[ 3, 1 ]'],
    [
      'parameter properties',
      'class P { constructor(readonly n: number, private m = 2) {} sum() { return this.n + this.m } } new P(1).sum()',
      '3',
    ],
    [
      'private names',
      'class Q { #n = 1; static has(o: object) { return #n in o } } Q.has(new Q())',
      'true',
    ],
    [
      'types that are imported as such',
      "import type { Unit } from './deep/half.ts'; const u: Unit = 'cm'; u",
      "'cm'",
    ],
    [
      'types that look like values',
      "import { Unit as U2 } from './deep/half.ts'; const u2: U2 = 'cm'; u2",
      "'cm'",
    ],
    ['import.meta', 'import.meta.url.endsWith("/cell.ts")', 'true'],
    [
      'labels, comma, regular expressions',
      'out: for (;;) { for (;;) break out } /(?<y>\\d)/.exec("a1")?.groups?.y',
      "'1'",
    ],
  ])('%s', async (_, code, shown) => {
    expect(await notebook.show(code)).toBe(shown);
  });

  test.each([
    [
      'legacy decorators',
      'function old(target: object, key: string) {}\nclass O { @old f() {} }',
      /1238|1241|Unable to resolve signature of method decorator/,
    ],
    [
      'a class before it is declared',
      'new Early(); class Early {}',
      /1:5 - Class 'Early' used before its declaration/,
    ],
    [
      'import assertions of old',
      "import d from './data.json' assert { type: 'json' };",
      /1:\d+ - /,
    ],
    [
      'a type as a value',
      "import type { Unit } from './deep/half.ts'; Unit",
      /'Unit' only refers to a type/,
    ],
  ])('refuses %s', async (_, code, message) => {
    expect(await notebook.show(code)).toMatch(message);
  });
});

test('iterator helpers have their types, whether this Node has them or not', async () => {
  const shown = await notebook.show('[1, 2].values().map((n) => n.toFixed(1)).toArray().join()');
  const has = 'map' in [].values();
  expect(shown).toMatch(has ? /^'1\.0,2\.0'$/ : /^TypeError: .*map is not a function/);
  expect(await notebook.show('[1, 2].values().map((n) => n.none)')).toContain(
    "Property 'none' does not exist on type 'number'",
  );
});

describe('a file beside the notebook', () => {
  test('is imported by its name, with its enums, classes and what it takes from others', async () => {
    expect(
      await notebook.show(
        "import Box, { half, Size, twice, type Unit } from './helper.ts';\n[twice(Size.S), half(3), new Box().width]",
      ),
    ).toBe('[ 4, 1.5, 1 ]');
    expect(
      await notebook.show("const u3: Unit = 'cm'; (await import('./deep/half.ts')).loaded"),
    ).toBe('7');
  });

  test('is run anew after it, or what it imports, was changed; its types are those of now', async () => {
    notebook.write(
      'changes.ts',
      "import { from } from './source.ts'; export const value = from + 1;",
    );
    notebook.write('source.ts', 'export const from = 1;');
    const cell = "import { value } from './changes.ts';\nvalue";
    expect(await notebook.show(cell)).toBe('2');
    notebook.write('source.ts', 'export const from = 10;');
    expect(await notebook.show(cell)).toBe('11');
    notebook.write('changes.ts', 'export const value = { text: "ten" };');
    expect(await notebook.show(cell)).toBe("{ text: 'ten' }");
    expect(await notebook.show('value.text.length + value.none')).toContain(
      "1:27 - Property 'none' does not exist",
    );
  });

  test('may be JavaScript, of either kind, and may import one that imports it', async () => {
    expect(await notebook.show("import { count, up } from './plain.cjs';\nup(); count")).toBe('1');
    expect(
      await notebook.show("import { n, slash, step } from './module.mjs';\nstep(); [slash, n]"),
    ).toBe("[ '/', 1 ]");
    expect(await notebook.show("import { a } from './a.ts'; a()")).toBe('3');
  });

  test('that fails is told with its own lines, and is tried again', async () => {
    notebook.write(
      'breaks.ts',
      'const limit: number = 1;\n\nif (limit > 0) throw new RangeError("too much");\nexport {};',
    );
    expect(await notebook.show("import './breaks.ts'")).toMatch(
      /RangeError: too much\n {4}at breaks\.ts:3:22/,
    );
    notebook.write('breaks.ts', 'export const fine = 1;');
    expect(await notebook.show("import { fine } from './breaks.ts'; fine")).toBe('1');
  });
});

describe('a tsconfig.json beside the notebook', () => {
  test('decides how strict TypeScript is, and where it finds things', async () => {
    const tolerant = await new Notebook().start({
      'tsconfig.json':
        '{ "compilerOptions": { "strict": false, "paths": { "shop/*": ["./src/*"] } } }',
      'src/types.ts': 'export interface Item { id: number }',
      'src/stock.ts': "import { first } from 'shop/deep/first'; export const stock = [first];",
      'src/deep/first.ts': 'export const first = 1;',
    });
    try {
      expect(await tolerant.show('const f = (x) => x; f(1)')).toBe('1');
      expect(
        await tolerant.show(
          "import type { Item } from 'shop/types'; const item: Item = { id: 'x' };",
        ),
      ).toContain("Type 'string' is not assignable");
      expect(await tolerant.show('using r = null; 1')).toBe('1');
      expect(await tolerant.show("import { stock } from 'shop/stock'; stock")).toBe('[ 1 ]');
      tolerant.write('src/deep/first.ts', "export const first = 'new';");
      expect(
        await tolerant.show("import { stock } from 'shop/stock'; stock.map((s) => s.length)"),
      ).toBe('[ 3 ]');
      tolerant.write('src/deep/first.ts', "export const first: number = 'wrong';");
      expect(await tolerant.show("import { stock } from 'shop/stock'; stock")).toContain(
        "src/deep/first.ts:1:14 - Type 'string' is not assignable",
      );
    } finally {
      await tolerant.close();
    }
  });
});

describe('the process that checks types', () => {
  const killed = async () => {
    const pid = checkerOf(notebook.kernel)!;
    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => !checkerOf(notebook.kernel), { timeout: 10_000 });
  };

  test('may die: the next cell says so, and the one after it knows all that cells declared', async () => {
    await notebook.show('const kept = { a: 1 }; interface Kept { b: string }');
    expect(await notebook.show('kept.a')).toBe('1');
    await killed();
    expect(await notebook.show('kept.a')).toMatch(
      /^CheckerLost: The process that checks types has ended\.\n.*\nRun the cell again/,
    );
    expect(await notebook.show('const k: Kept = { b: "x" }; [kept.a, k.b]')).toBe("[ 1, 'x' ]");
    expect(await notebook.show('kept.none')).toContain("Property 'none' does not exist");
  });

  /** Another kernel, and its process that checks types. */
  const another = async () => {
    const other = await new Notebook().start({});
    onTestFinished(() => other.close());
    await other.show('const held = 1;');
    return { other, pid: checkerOf(other.kernel)! };
  };
  const untilGone = (pid: number) => vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });

  // Jupyter signals all processes of a kernel that does not end in time.
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'fails at one check after %s: it is ended, and another one takes its place',
    async (signal) => {
      const { other, pid } = await another();
      // After this nothing is left to be asked but the next check: another question it would answer, and end.
      await other.kernel.request('inspect_request', { code: 'held', cursor_pos: 1 });
      process.kill(pid, signal);
      // That check may be one by which the kernel warms up: then no cell tells of it.
      const isGone = () => other.show('held').then(() => !isAlive(pid));
      await vi.waitUntil(isGone, { timeout: 20_000 });
      expect(await other.show('held')).toBe('1');
    },
  );

  test('ends with the kernel', async () => {
    const { other, pid } = await another();
    await other.kernel.close();
    await untilGone(pid);
  });

  test('ends with a kernel that kills itself, whatever it does', async () => {
    const { other, pid } = await another();
    const pipe = join(other.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const code = `console.log('up'); require('node:fs').openSync(${JSON.stringify(pipe)});`;
    const id = await other.kernel.send('shell', 'execute_request', { code });
    await other.kernel.until('the cell', () =>
      other.kernel.of(id).some(({ type }) => type === 'stream'),
    );
    process.kill(pid, 'SIGSTOP');
    await other.kernel.send('control', 'shutdown_request', { restart: false });
    await other.kernel.ended(10_000);
    await untilGone(pid);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
