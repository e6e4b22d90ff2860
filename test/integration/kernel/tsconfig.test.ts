import { describe, expect, test, vi } from 'vitest';
import { notebookForTests } from '../../support/kernel-notebook.ts';

vi.setConfig({ testTimeout: 60_000 });

const options = (compilerOptions: object) => JSON.stringify({ compilerOptions });
const TOLERANT = options({ strict: false, paths: { 'shop/*': ['./src/*'] } });

const notebook = notebookForTests({
  'tsconfig.json': TOLERANT,
  'src/types.ts': 'export interface Item { id: number }',
});
const show = (code: string) => notebook.show(code);
const configure = (text: string) => notebook.write('tsconfig.json', text);

describe('a tsconfig.json beside the notebook', () => {
  test('decides how strict TypeScript is, and where it finds things', async () => {
    expect(await show('const f = (x) => x; f(1)')).toBe('1');
    expect(
      await show("import type { Item } from 'shop/types'; const item: Item = { id: 'x' };"),
    ).toContain("Type 'string' is not assignable");
    expect(await show('using r = null; 1')).toBe('1');
    expect(await show('typeof document')).toContain("Cannot find name 'document'");
  });

  test('is read again when it was changed', async () => {
    configure(options({ strict: false, lib: ['esnext', 'dom'] }));
    expect(await show('typeof document')).toBe("'undefined'");
    configure(options({}));
    expect(await show('const g = (x) => x;')).toContain("1:12 - Parameter 'x' implicitly");
    configure(TOLERANT);
    expect(await show('const g = (x) => x; g(2)')).toBe('2');
  });

  test('is changed, and the cell shows nothing but its own', async () => {
    configure(options({ strict: true }));
    const { messages, stderr } = await notebook.kernel.execute('console.log(1)');
    expect(messages).toMatchObject([{ type: 'stream', content: { text: '1\n' } }]);
    expect(stderr).toBe('');
    configure(TOLERANT);
    await show('1');
  });

  test('is followed through what it extends, wherever that is', async () => {
    const strict = (is: boolean, further = {}) =>
      JSON.stringify({ ...further, compilerOptions: { strict: is } });
    const isStrict = async () => (await show('const g = (x) => x;')).includes('implicitly');
    configure('{ "extends": "./config/near" }');
    expect(await show('1')).toMatch(/^TypeScriptError tsconfig\.json:1:14 - .*near' not found/);
    notebook.write('config/near.json', '{ "extends": ["far-away", "./far.json"] }');
    expect(await show('1')).toMatch(
      /^TypeScriptError config\/near\.json:1:15 - .*'far-away' not found/,
    );
    notebook.write('node_modules/far-away/tsconfig.json', options({ lib: ['esnext', 'dom'] }));
    notebook.write('config/far.json', strict(false));
    expect(await isStrict()).toBe(false);
    expect(await show('typeof document')).toBe("'undefined'");
    notebook.write('config/far.json', strict(true));
    expect(await isStrict()).toBe(true);
    notebook.write('node_modules/far-away/tsconfig.json', options({ lib: ['esnext'] }));
    expect(await show('typeof document')).toContain("Cannot find name 'document'");
    notebook.write('config/near.json', strict(false, { extends: './far.json' }));
    expect(await isStrict()).toBe(false);
    notebook.write('config/far.json', '{ "comp');
    expect(await show('1')).toMatch(/^TypeScriptError config\/far\.json:1:8 - Unterminated/);
    notebook.write('config/far.json', strict(true));
    expect(await isStrict()).toBe(false);
    configure(TOLERANT);
    expect(await show('const g = (x) => x; g(2)')).toBe('2');
  });

  test.each([
    ['{ "comp', /^TypeScriptError tsconfig\.json:1:8 - Unterminated string literal\./],
    [
      '{\n  "compilerOptions": { "strict": "x" }\n}',
      /^TypeScriptError tsconfig\.json:2:34 - Compiler option 'strict' requires .*boolean/,
    ],
    ['{ "compilerOptions": { "nonsense": 1 } }', /tsconfig\.json:1:24 - Unknown .*'nonsense'/],
    ['{ "extends": "./none.json" }', /^TypeScriptError tsconfig\.json:1:1 - Cannot read .*none/],
  ])('that is wrong is told of by every cell, and takes nothing away: %s', async (text, told) => {
    await show("const kept = ['k'];");
    configure(text);
    expect(await show('kept.join()')).toMatch(told);
    expect(await show('const lost = 1;')).toMatch(told);
    configure(TOLERANT);
    expect(await show('kept.join()')).toBe("'k'");
    expect(await show('lost')).toContain("Cannot find name 'lost'");
  });

  test('may ask for the decorators of old, in cells and in files', async () => {
    const standard = 'const now = (m: Function, c: ClassMethodDecoratorContext) => {};';
    const old = 'function old(target: object, key: string) { console.log(typeof target, key) }';
    const parameter = 'const at = (target: object, key: string, n: number) => console.log(key, n);';
    const file = 'export class Filed { @old m() {} }';
    notebook.write('decorated.ts', `${old}\n${file}`);
    expect(await show(`${old}\nclass C { @old m() {} @old f = 1 }`)).toContain(
      '2:12 - Unable to resolve signature of method decorator',
    );
    configure(options({ experimentalDecorators: true, emitDecoratorMetadata: true }));
    expect(await show(`${old}\nclass C { @old m() {} @old f = 1 }`)).toBe('object m\nobject f\n');
    expect(await show("import { Filed } from './decorated.ts'; typeof Filed")).toBe(
      "object m\n'function'",
    );
    expect(await show(`${parameter}\nclass P { m(@at a: number) {} }`)).toBe('m 0\n');
    expect(await show(`${standard}\nclass D { @now m() {} }`)).toMatch(
      /2:12 - Unable to resolve signature of method decorator/,
    );
    configure(TOLERANT);
    expect(await show(`${standard}\nclass D { @now m() {} } 1`)).toBe('1');
  });

  test('decides whether fields are defined or assigned', async () => {
    const code =
      'class Base { set f(v: number) { console.log("set", v); } }\nclass Derived extends Base { // @ts-ignore\n f = 1; }\nnew Derived(); 0';
    configure(options({ useDefineForClassFields: false }));
    expect(await show(code)).toBe('set 1\n0');
    configure(options({}));
    expect(await show(code)).toBe('0');
  });
});
