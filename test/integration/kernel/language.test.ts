import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { goAhead } from '../../support/go-ahead.ts';
import { KernelClient, kernelArgs } from '../../support/kernel-client.ts';

vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'kernel-language-'));
let kernel: KernelClient;

beforeAll(async () => {
  for (const [path, text] of Object.entries(FILES)) write(path, text);
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe'];
  kernel = await KernelClient.start({
    patience: 60_000,
    launch: (file, env) => spawn(process.execPath, kernelArgs(file), { env, cwd: folder, stdio }),
  });
}, 60_000);
afterAll(async () => {
  await kernel?.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const FILES = {
  // Only import finds it: require gets ERR_PACKAGE_PATH_NOT_EXPORTED.
  'node_modules/only-import/package.json':
    '{"name":"only-import","type":"module","exports":{"types":"./i.d.ts","import":"./i.js"}}',
  'node_modules/only-import/i.js':
    'export default (name) => `hi ${name}`; export const named = 1; export let live = 0; export const step = () => { live++; };',
  'node_modules/only-import/i.d.ts':
    'declare const hi: (name: string) => string; export default hi; export const named: number; export let live: number; export const step: () => void;',
  // Node cannot require it: it awaits.
  'node_modules/awaits/package.json':
    '{"name":"awaits","type":"module","exports":{"types":"./i.d.ts","default":"./i.js"}}',
  'node_modules/awaits/i.js': 'export const ready = await Promise.resolve(42);',
  'node_modules/awaits/i.d.ts': 'export const ready: number;',
  'node_modules/conditions/package.json':
    '{"name":"conditions","exports":{".":{"types":"./m.d.ts","default":"./m.js"},"./sub":{"types":"./s.d.ts","default":"./s.js"}}}',
  'node_modules/conditions/m.js': 'exports.main = 1;',
  'node_modules/conditions/m.d.ts': 'export const main: number;',
  'node_modules/conditions/s.js': 'exports.sub = 7;',
  'node_modules/conditions/s.d.ts': 'export const sub: 7;',
  'node_modules/conditions/hidden.js': 'exports.hidden = 1;',
  'node_modules/conditions/hidden.d.ts': 'export const hidden: number;',
  'node_modules/only-class/package.json':
    '{"name":"only-class","types":"./i.d.ts","main":"./i.js"}',
  'node_modules/only-class/i.js': 'exports.Opened = class { size = 9 };',
  'node_modules/only-class/i.d.ts': 'export declare class Opened { size: number }',
  'data.json': '{"list":[1,2],"text":"x"}',
  'helper.ts':
    "import { named } from 'only-import';\nexport interface Box { width: number }\n\nexport function box(width: number): Box {\n  if (width < 0) {\n    throw new RangeError(`negative ${named}`);\n  }\n  return { width };\n}\n",
  'wrong.ts': "export const fine = 1;\n\n\texport const wrong: number = 'x';\n",
};

/** What a cell shows: the text of its last value, or of its error. */
const show = async (code: string) => {
  const { messages, error, stdout } = await kernel.execute(code);
  if (error) return plain(error['traceback'].join('\n'));
  const result = messages.find(({ type }) => type === 'execute_result');
  return stdout + (result?.content['data']['text/plain'] ?? '');
};

describe('a cell imports', () => {
  test('packages that only import can load, by every form of import', async () => {
    expect(
      await show(
        "import hi, { named, live, step } from 'only-import';\nstep(); [hi('you'), named, live]",
      ),
    ).toBe("[ 'hi you', 1, 1 ]");
    expect(await show("import * as all from 'only-import'; all.default('all')")).toBe("'hi all'");
    expect(await show("(await import('only-import')).default('later')")).toBe("'hi later'");
    expect(await show("import { ready } from 'awaits'; ready")).toBe('42');
  });

  test('what the exports of a package name, and nothing else', async () => {
    expect(
      await show(
        "import { main } from 'conditions'; import { sub } from 'conditions/sub'; main + sub",
      ),
    ).toBe('8');
    expect(await show("import { hidden } from 'conditions/hidden.js';")).toContain(
      "1:24 - Cannot find module 'conditions/hidden.js'",
    );
  });

  test('types, JSON, and CommonJS by import()', async () => {
    expect(await show("import type { Box } from './helper';\nconst b: Box = { width: 1 }; b")).toBe(
      '{ width: 1 }',
    );
    expect(await show("import data from './data.json'; data.text.length + data.list.length")).toBe(
      '3',
    );
    expect(await show("const path = await import('node:path'); path.join('a', 'b')")).toBe("'a/b'");
  });

  test('files beside it, anew when they change and when they appear', async () => {
    expect(await show("import { box } from './helper'; box(2)")).toBe('{ width: 2 }');
    expect(await show("import { late } from './late'; late")).toContain(
      "Cannot find module './late'",
    );
    write('late.ts', 'export const late = 1;');
    expect(await show("import { late } from './late'; late")).toBe('1');
    expect(await show("import { late } from './late'; late")).toBe('1');
  });

  test('a package that is installed while the kernel runs', async () => {
    expect(await show("import { ready } from 'installs'; ready")).toContain(
      "Cannot find module 'installs'",
    );
    const json = '{ "type": "module", "exports": { "types": "./i.d.ts", "default": "./i.js" } }';
    write('node_modules/installs/package.json', json);
    write('node_modules/installs/i.js', 'export const ready = await Promise.resolve(6);');
    write('node_modules/installs/i.d.ts', 'export const ready: number;');
    for (const name of ['first', 'second']) {
      expect(await show(`import { ready as ${name} } from 'installs'; ${name}`)).toBe('6');
    }
  });

  test('packages that are built anew meanwhile, and runs the ones it knows', async () => {
    const rebuild = () => {
      for (const path of ['i.d.ts', 'i.js', 'package.json', 'other.d.ts']) {
        const file = `node_modules/only-import/${path}` as keyof typeof FILES;
        rmSync(join(folder, file), { force: true });
        write(file, FILES[file] ?? 'export {};');
      }
    };
    const pause = 'await new Promise((done) => setTimeout(done, 400));';
    for (let n = 0; n < 2; n++) {
      rebuild();
      expect(await show(`${pause} import { named as n${n} } from 'only-import'; n${n}`)).toBe('1');
    }
  });
});

describe('after a cell that failed', () => {
  test('what it declared until then is there, and the rest means what it did', async () => {
    await show("const kept = 'before'; class Old { a = 1 }");
    expect(
      await show(
        "import { sub as seven } from 'conditions/sub';\ninterface Order { id: number }\nconst order: Order = { id: 3 }; let steps = 0; steps++;\nawait Promise.reject(new Error('boom'));\nconst kept = 1, nope = 2; class Old { b = 2 }",
      ),
    ).toContain('Error: boom');
    expect(await show('const next: Order = order; [next.id, steps, seven]')).toBe('[ 3, 1, 7 ]');
    expect(await show('kept.toUpperCase() + new Old().a')).toBe("'BEFORE1'");
    expect(await show('nope')).toContain("Cannot find name 'nope'");
  });

  test('what it goes on to do touches nothing', async () => {
    await show("let shared = 'first'; const early = 'early';");
    const go = goAhead(kernel);
    const id = await kernel.send('shell', 'execute_request', {
      code: `const during = 1; console.log('on'); await ${go.given}; const early = 2; const after = 3; console.log('end');`,
    });
    await kernel.until('its output', () => kernel.of(id).some(({ type }) => type === 'stream'));
    kernel.process.kill('SIGINT');
    const { error } = await kernel.answer(id);
    expect(error?.['ename']).toBe('KeyboardInterrupt');
    go.give();
    await kernel.until('its end', () =>
      kernel.of(id).some(({ content }) => content['text']?.includes('end')),
    );
    expect(await show('[during, early, shared]')).toBe("[ 1, 'early', 'first' ]");
    expect(await show('after')).toContain("Cannot find name 'after'");
  });
});

test('a variable is one variable, whichever cell assigns to it', async () => {
  await show(
    'let count = 0; let { value, rest: [one] } = { value: 1, rest: [2] }; const all = () => [++count, value, one];',
  );
  expect(await show('count = 10; value = 20; one++; [...all(), count]')).toBe('[ 11, 20, 3, 11 ]');
  await show("let count = 'another'; const value = 0;");
  expect(await show('[...all(), count, value]')).toBe("[ 12, 20, 3, 'another', 0 ]");
});

describe('a cell awaits', () => {
  test.each([
    ['await (Promise.resolve(1))', '1'],
    ['const one = await (async () => 1)(); one', '1'],
    ['await [Promise.resolve(2)][0]', '2'],
    ['const list = [await (3), await 4]; list', '[ 3, 4 ]'],
    ['await -5', '-5'],
    ["await /x/.test('x')", 'true'],
    ['for await (const n of [6]) console.log(n)', '6\n'],
    ['if (await (true)) { console.log(await (7)); }', '7\n'],
    ['class Awaited extends (await (async () => Set)()) {}; new Awaited().size', '0'],
    ['const later = { async m() { return await (8); } }; await later.m()', '8'],
  ])('%s', async (code, shown) => {
    expect(await show(code)).toBe(shown);
  });

  test('in functions that may, and in no others', async () => {
    expect(await show('function not() { return await 1; }')).toContain('only allowed within async');
    expect(await show('const some = async () => { await (1); }; typeof some')).toBe("'function'");
  });

  test('what has a type of a package that it does not import', async () => {
    await show("const opened = async () => new (await import('only-class')).Opened();");
    await show('const first = await (async () => opened())();');
    expect(await show('first.size')).toBe('9');
  });
});

describe('what cells declared', () => {
  test('is known whole, however many came since', async () => {
    await show('namespace Shop { export interface Item { id: number } export const tax = 0.2; }');
    await show(
      "class Basket { items: Shop.Item[] = [] }\ntype Key = keyof Basket; const keyOf = (k: Key) => k + '!';",
    );
    for (let n = 0; n < 3; n++) await show(`const unrelated${n} = ${n};`);
    expect(await show("const basket: Basket = { items: [{ id: 1 }] }; keyOf('items')")).toBe(
      "'items!'",
    );
    expect(await show("basket.items.push({ id: 'x' })")).toContain("'string' is not assignable");
    expect(await show('Shop.tax * basket.items.length')).toBe('0.2');
    expect(await show('baskte')).toContain("Did you mean 'basket'?");
  });

  test('for all code is global: later cells see it, types too', async () => {
    await show('declare global { var answer: number; interface Array<T> { last(): T } }');
    await show(
      'globalThis.answer = 40; Array.prototype.last = function () { return this.at(-1); };',
    );
    expect(await show('answer + [1, 2].last()')).toBe('42');
    expect(await show('({ answer })')).toBe('{ answer: 40 }');
    await show("declare module 'conditions' { export const added: string; }");
    expect(await show("import { added, main } from 'conditions'; [typeof added, main]")).toBe(
      "[ 'undefined', 1 ]",
    );
  });

  test('may be pasted from a module', async () => {
    await show(
      'export interface Pasted { id: number }\nexport const paste = (id: number): Pasted => ({ id });\nexport default paste;',
    );
    expect(await show('paste(7)')).toBe('{ id: 7 }');
    expect(await show("export const wrong: Pasted = { id: '7' };")).toMatch(
      /^TypeScriptError 1:32 -.*\n {4}export const wrong/,
    );
  });
});

describe('an error names lines as written', () => {
  test('in functions of earlier cells, after an await, in timers and in files', async () => {
    await show(
      "function fail(n: number) {\n  if (n > 0) throw new TypeError('late');\n}\nasync function later() {\n  await new Promise((done) => setTimeout(done, 5));\n  fail(1);\n}",
    );
    const lines = (await show('\n\nawait later();')).replace(/\[\d+\]/g, '[n]').split('\n');
    expect(lines).toEqual([
      'TypeError: late',
      '    at fail (cell [n]:2:20)',
      "      if (n > 0) throw new TypeError('late');",
      '                       ^',
      '    at later (cell [n]:6:3)',
      '    at cell [n]:3:1',
    ]);
    const timer = 'setTimeout(() => {\n  fail(1);\n}, 5);\nawait new Promise(() => {});';
    expect(await show(timer)).toMatch(/at fail .*\n.*\n.*\n {4}at .*\(cell \[\d+\]:2:3\)$/);
    expect(await show("import { box } from './helper';\nbox(-1);")).toMatch(
      /negative 1\n {4}at box \(helper\.ts:6:11\)\n.*throw new RangeError.*\n +\^\n {4}at cell \[\d+\]:2:\d+$/,
    );
  });

  test('wherever its stack is shown', async () => {
    const caught =
      'try {\n  fail(1);\n} catch (error) {\n  console.log((error as Error).stack);\n}';
    expect(await show(caught)).toMatch(
      /^TypeError: late\n {4}at fail \(cell \[\d+\]:2:20\)\n {4}at cell \[\d+\]:2:3\n$/,
    );
    expect(await show("\nnew Error('a value')")).toMatch(
      /^Error: a value\n {4}at cell \[\d+\]:2:1$/,
    );
  });

  test('in a file that does not compile', async () => {
    expect(await show("import { fine } from './wrong';")).toBe(
      "TypeScriptError wrong.ts:3:15 - Type 'string' is not assignable to type 'number'.\n    \texport const wrong: number = 'x';\n    \t             ^^^^^",
    );
  });

  test('and of what cannot be parsed, only why not', async () => {
    expect(await show('const a b = 1;')).toBe(
      "TypeScriptError 1:9 - ',' expected.\n    const a b = 1;\n            ^",
    );
  });
});
