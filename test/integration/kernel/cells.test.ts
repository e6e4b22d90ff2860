import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { KERNEL } from '../../../setup/steps/jupyter.mjs';
import { ROOT } from '../../support/command.ts';
import { goAhead } from '../../support/go-ahead.ts';
import { KernelClient } from '../../support/kernel-client.ts';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.close());

/** The value of a cell's last expression. */
const value = async (code: string) => {
  const { messages, error } = await kernel.execute(code);
  expect(error).toBeUndefined();
  return messages.find(({ type }) => type === 'execute_result')?.content['data']['text/plain'];
};
const failure = async (code: string) => {
  const { reply, error } = await kernel.execute(code);
  expect(reply).toMatchObject({ status: 'error', ...error });
  return { ...error, text: plain(error?.['traceback'].join('\n') ?? '') } as Record<string, string>;
};

describe('a cell', () => {
  test('shows its last value, and nothing for undefined and null', async () => {
    expect(await value('1 + 1')).toBe('2');
    expect(await value('undefined')).toBeUndefined();
    expect(await value('null')).toBeUndefined();
    expect(await value('false')).toBe('false');
  });

  test('keeps what earlier cells declared, and awaits', async () => {
    await value('const base = 40; const later = async (n: number) => n;');
    expect(await value('base + (await later(2))')).toBe('42');
  });

  test('names what earlier cells declared in the short form of a property, too', async () => {
    await value("const width = 4; import { join as joined } from 'node:path';");
    expect(await value('const box = () => ({ width, height: 2 }); box().width')).toBe('4');
    expect(await value('const tools = { joined }; tools.joined("a", "b")')).toBe("'a/b'");
    expect(await value('const inner = (width: number) => ({ width }); inner(9).width')).toBe('9');
    expect(await value('let height = 0; ({ height } = box()); height')).toBe('2');
    expect(await value('({ height } = { height: 7 }); height')).toBe('7');
  });

  test('shows promises and functions as Node does, without a trace of the kernel', async () => {
    expect(await value('new Promise(() => {})')).toMatch(
      /^Promise { <pending> }\nThe cell did not wait.*`await`/,
    );
    expect(await value('[new Promise(() => {})]')).toBe('[ Promise { <pending> } ]');
    expect(await value('Promise.resolve(4)')).toBe('Promise { 4 }');
    expect(await value('[Promise.resolve(4)]')).toBe('[ Promise { 4 } ]');
    const { stdout } = await kernel.execute(
      'console.log(Promise.resolve({ a: 1 }).then((v) => v))',
    );
    expect(stdout).toBe('Promise { <pending> }\n');
    expect(await value('const timer = setTimeout(() => {}, 1); timer')).not.toContain('request');
    expect(await value('() => 1')).toBe('[Function (anonymous)]');
    expect(await value('const named = () => 1; named')).toBe('[Function: named]');
  });

  test.each(['%time 1', '%%bash\nls', '!ls'])(
    'that says %j is told of TypeScript',
    async (code) => {
      expect((await failure(code)).text).toContain('Magics and shell commands of IPython');
    },
  );

  test('counts, and says what it runs', async () => {
    const first = await kernel.execute('1');
    const second = await kernel.execute('2');
    expect(second.reply['execution_count']).toBe(first.reply['execution_count'] + 1);
    const silent = await kernel.execute('3', { silent: true });
    expect(silent.reply['execution_count']).toBe(second.reply['execution_count']);
    expect(silent.messages).toEqual([]);
  });

  test('sees modern JavaScript and the packages of the course', async () => {
    expect(await value('[3, 1, 2].findLast((n) => n > 1)')).toBe('2');
    expect(await value("import { Kafka } from 'kafkajs';\ntypeof Kafka")).toBe("'function'");
  });

  test('runs in strict mode', async () => {
    const { ename, evalue } = await failure('const f = (x) => x;');
    expect(ename).toBe('TypeScriptError');
    expect(evalue).toContain("Parameter 'x' implicitly has an 'any' type");
  });
});

describe('a cell that names what is not there', () => {
  test.each([
    ['order.id + total;', /No cell that ran .* declares order, total\. Correct .*Run All Above/],
    ['const pair = { order };', /declares order\./],
    ['a1 + a2 + a3 + a4 + a5', /declares a1, a2, a3 \(and 2 more\)\./],
  ])('is told of both that it may be: %s', async (code, advice) => {
    await value('const declared = 1;');
    expect((await failure(code)).text).toMatch(advice);
  });

  test.each([
    'const total2 = 1; total3;',
    'document.title;',
    '"a" as number',
    'import { x } from "./none"',
  ])('is not where TypeScript knows better: %s', async (code) => {
    expect((await failure(code)).text).not.toContain('Run All Above');
  });

  test('is told that the kernel is fresh, where it is', async () => {
    const fresh = await KernelClient.start();
    try {
      await fresh.execute('1 + 1');
      const { error } = await fresh.execute('order.id');
      const text = plain(error?.['traceback'].join('\n'));
      expect(text).toMatch(/The kernel is fresh: .*Run → Run All Above Selected Cell/);
    } finally {
      await fresh.close();
    }
  });
});

describe('a cell that fails', () => {
  test('tells name, message and line', async () => {
    const { ename, evalue, text } = await failure(
      'interface Order { id: number }\n\nfunction ship(order: Order) {\n  throw new RangeError("no stock");\n}\nship({ id: 1 });',
    );
    expect({ ename, evalue }).toEqual({ ename: 'RangeError', evalue: 'no stock' });
    expect(text).toMatch(
      /at ship \(cell \[\d+\]:4:9\)\n +throw new RangeError.*\n +\^\n +at cell \[\d+\]:6:1$/,
    );
    expect(text).not.toMatch(/node:|tslab|dist/);
  });

  test('tells the line after an await too', async () => {
    const { text } = await failure('await Promise.resolve();\nconst o: any = undefined;\no.id;');
    expect(text).toMatch(/TypeError: .*\n +at cell \[\d+\]:3:3\n +o\.id;\n +\^$/);
  });

  test('may throw anything', async () => {
    expect(await failure('throw undefined')).toMatchObject({
      ename: 'Thrown',
      evalue: 'undefined',
    });
    expect(await failure('await Promise.reject("text")')).toMatchObject({ evalue: 'text' });
  });

  test('shows all its type errors, with place, chain and caret, and does not run', async () => {
    const { ename, evalue, text } = await failure(
      'console.log("ran");\nconst a: number = "1";\nconst o = { x: { y: 1 } };\nconst p: { x: { y: string } } = o;',
    );
    expect(ename).toBe('TypeScriptError');
    expect(evalue).toBe("2:7 - Type 'string' is not assignable to type 'number'. (and 1 more)");
    expect(text).toContain('    const a: number = "1";\n          ^');
    expect(text).toMatch(/4:7 - .*\n {2}The types of 'x\.y' are incompatible.*\n {4}Type 'number'/);
    expect(kernel.published.some(({ content }) => content['text'] === 'ran\n')).toBe(false);
  });

  test('explains itself without a stack when the error can', async () => {
    const { evalue, text } = await failure(
      'throw Object.assign(new Error("A. B. C."), { what: "A.", why: "B.", fix: "C.", name: "LabError" })',
    );
    expect(evalue).toBe('A. B. C.');
    expect(text).toBe('LabError: A.\nB.\nC.');
  });

  test('is refused when it is meant for a browser: it would not run', async () => {
    expect((await failure('/** @browser */\n1')).evalue).toContain(
      '@browser cells are not supported',
    );
  });

  test('cannot end the kernel', async () => {
    expect((await failure('process.exit(1)')).evalue).toContain(
      'process.exit(1) would end the kernel',
    );
    expect(await value('"alive"')).toBe("'alive'");
  });

  test.each([
    ['after an await', 'await 0; process.exit(2)', 'process.exit(2)'],
    [
      'from a timer',
      'setTimeout(() => process.exit(3), 5); await new Promise(() => {});',
      'process.exit(3)',
    ],
    ['from a promise', 'Promise.resolve().then(() => process.exit(4)); 1', 'process.exit(4)'],
    ['by abort', 'process.abort()', 'process.abort()'],
    ['by a signal', "process.kill(process.pid, 'SIGKILL')", 'process.kill(process.pid)'],
  ])('cannot end the kernel %s', async (_, code, call) => {
    await value('let kept = 7');
    expect((await failure(code)).evalue).toContain(`${call} would end the kernel`);
    expect(await value('process.kill(process.pid, 0) && kept')).toBe('7');
  });

  test('fails for a rejection that it started and did not await', async () => {
    const { ename, evalue, text } = await failure('Promise.reject(new SyntaxError("lost"));\n1');
    expect({ ename, evalue }).toEqual({ ename: 'SyntaxError', evalue: 'lost' });
    expect(text).toMatch(/cell \[\d+\]:1:16/);
  });

  test('fails while it awaits something else', async () => {
    const { evalue } = await failure(
      'setTimeout(() => { throw new Error("from a timer"); }, 10);\nawait new Promise(() => {});',
    );
    expect(evalue).toBe('from a timer');
  });

  test('aborts what was sent with it, and that runs when sent again', async () => {
    const send = (code: string) => kernel.send('shell', 'execute_request', { code });
    const go = goAhead(kernel);
    const ids = [
      await send(`await ${go.given}; throw new Error("first")`),
      await send('"b"'),
      await send('"c"'),
    ];
    await kernel.request('kernel_info_request'); // answered after the cells have come
    go.give();
    const answers = await Promise.all(ids.map((id) => kernel.answer(id)));
    expect(answers.map(({ reply }) => reply['status'])).toEqual(['error', 'aborted', 'aborted']);
    expect(await value('"b"')).toBe("'b'");
  });

  test('aborts nothing when told not to', async () => {
    const content = { code: 'throw 1', stop_on_error: false };
    const first = await kernel.send('shell', 'execute_request', content);
    const second = await kernel.send('shell', 'execute_request', { code: '2' });
    expect((await kernel.answer(first)).reply['status']).toBe('error');
    expect((await kernel.answer(second)).reply['status']).toBe('ok');
  });
});

test('a kernel that is told nothing but its connection file runs, and keeps nothing', async () => {
  const [node = '', ...args] = KERNEL;
  const bare = await KernelClient.start({
    launch: (file, env) =>
      spawn(node, [...args, file], { env, stdio: ['ignore', 'ignore', 'pipe'] }),
  });
  onTestFinished(() => bare.close());
  const { implementation, implementation_version: version } =
    await bare.request('kernel_info_request');
  const own = JSON.parse(readFileSync(join(ROOT, 'kernel', 'package.json'), 'utf8'));
  expect([implementation, version]).toEqual([own.name, own.version]);
  const { stdout } = await bare.execute(
    'setTimeout(() => console.log("late"), 1); console.log(6 * 7);',
  );
  expect(stdout).toMatch(/^42\n/);
  await bare.until('late output', () =>
    bare.published.some(({ content }) => content['text']?.includes('late')),
  );
  expect(existsSync(join(bare.folder, 'logs'))).toBe(false);
});

describe('a client', () => {
  test('learns the language', async () => {
    const { language_info, ...info } = await kernel.request('kernel_info_request');
    const versionOf = (folder: string): string =>
      JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).version;
    const [version, typescript] = [versionOf('lib'), versionOf('node_modules/typescript')];
    const lab = { implementation: 'kafka-lab', implementation_version: version };
    const banner = `kafka-lab ${version}: TypeScript ${typescript} on Node.js ${process.versions.node}`;
    expect(info).toMatchObject({ protocol_version: '5.3', ...lab, banner });
    expect(language_info).toMatchObject({
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      codemirror_mode: 'typescript',
      pygments_lexer: 'typescript',
      file_extension: '.ts',
    });
  });

  test('and a library learn which TypeScript checks the cells', async () => {
    const { language_info } = await kernel.request('kernel_info_request');
    const { version } = language_info as { version: string };
    const host = "(globalThis as any)[Symbol.for('Jupyter.host')]";
    expect(await value(`${host}.typescript`)).toBe(`'${version}'`);
  });

  test('gets empty comms', async () => {
    expect(await kernel.request('comm_info_request')).toEqual({ status: 'ok', comms: {} });
  });

  test('that opens a comm is told that it is closed: nothing here listens', async () => {
    const content = { comm_id: 'c1', target_name: 'jupyter.widget', data: {} };
    const id = await kernel.send('shell', 'comm_open', content);
    await kernel.until('idle', () =>
      kernel.of(id).some((message) => message.content['execution_state'] === 'idle'),
    );
    expect(kernel.of(id).map(({ type, content }) => [type, content])).toEqual([
      ['status', { execution_state: 'busy' }],
      ['comm_close', { comm_id: 'c1', data: {} }],
      ['status', { execution_state: 'idle' }],
    ]);
  });

  test('is refused, and the refusal logged, when it does not sign or sends garbage', async () => {
    const id = await kernel.send(
      'shell',
      'execute_request',
      { code: 'globalThis.hacked = 1' },
      'guess',
    );
    await kernel.sendRaw(['nonsense']);
    await kernel.until('both refusals', () => (kernel.log.match(/refused/g) ?? []).length === 2);
    expect(kernel.log).toContain('bad signature');
    expect(kernel.of(id)).toEqual([]);
    expect(await value('"hacked" in globalThis')).toBe('false');
  });
});
