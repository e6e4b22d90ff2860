import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AT_ONCE, COALESCE_MS, MAX_CHARS } from '../../../kernel/src/transport/iopub.ts';
import { goAhead } from '../../support/go-ahead.ts';
import { type Answer, KernelClient } from '../../support/kernel-client.ts';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.close());

const HOST = "const host = (globalThis as any)[Symbol.for('Jupyter.host')];";
const shown = ({ messages }: Answer) =>
  messages.map(({ type, content }) => [type, content['data'], content['transient']?.display_id]);
/** How many messages so much text makes at most in that time, where the machine pauses the cell as often as it can. */
const most = (chars: number, ms: number) =>
  chars / MAX_CHARS + (ms / COALESCE_MS + 1) * (AT_ONCE + 1);
const lateLog = () => {
  try {
    return readFileSync(join(kernel.folder, 'logs', 'late-output.log'), 'utf8');
  } catch {
    return '';
  }
};

describe('text', () => {
  test('arrives whole and in order, in few messages', async () => {
    const began = performance.now();
    const { stdout, messages } = await kernel.execute(
      'for (let i = 0; i < 100_000; i++) console.log(i);',
    );
    expect(stdout).toBe(Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(''));
    expect(messages.length).toBeLessThan(most(stdout.length, performance.now() - began));
  });

  test('of a loop that never stops is cut, with a note of how much', async () => {
    const began = performance.now();
    const { stdout, stderr, messages, reply } = await kernel.execute(
      `const line = 'x'.repeat(999);
      for (let i = 0; i < 5000; i++) console.log(line);`,
    );
    expect(reply['status']).toBe('ok');
    expect(stdout).toHaveLength(2_000_000);
    expect(stderr).toMatch(
      /\[Output cut: .*2,000,000 characters.*\]\n\[3,000,000 characters .*not shown/,
    );
    expect(messages.length).toBeLessThan(most(stdout.length, performance.now() - began));
    expect((await kernel.execute('console.log("next")')).stdout).toBe('next\n');
  });

  test('keeps the order of both streams and of displays', async () => {
    const { messages } = await kernel.execute(
      `${HOST} console.log('a'); console.error('b'); host.display({ 'text/plain': 'c' }); console.log('d');`,
    );
    const texts = messages.map(({ content }) => content['text'] ?? content['data']['text/plain']);
    expect(texts).toEqual(['a\n', 'b\n', 'c', 'd\n']);
  });

  test('may be cut within a character', async () => {
    const { stdout } = await kernel.execute(
      "const euro = Buffer.from('€'); for (const byte of euro) process.stdout.write(Buffer.of(byte));",
    );
    expect(stdout).toBe('€');
  });

  test.each([
    ["process.stdout.write('4142', 'hex')", 'AB'],
    ["process.stdout.write('QUI=', 'base64', () => process.stdout.write('C'))", 'ABC'],
    ["process.stdout.write('A', () => process.stdout.write('B'))", 'AB'],
    ["process.stdout.write(new Uint8Array([65, 66]), () => process.stdout.write('C'))", 'ABC'],
    ["process.stdout.write(Buffer.of(0xe2)); process.stdout.write('A')", '\ufffdA'],
    ["process.stdout.write(Buffer.of(0xe2)); process.stdout.write('82ac', 'hex')", '€'],
    ["process.stdout.cork(); process.stdout.write('A'); process.stdout.uncork();", 'A'],
    ["process.stdout.end('A', () => process.stdout.write('B'));", 'AB'],
    ["process.stdout.end(() => console.log('A'));", 'A\n'],
    [
      "process.stdout.end(); process.stdout.destroy(); console.log('A', process.stdout.writable);",
      'A true\n',
    ],
    [
      "const { Readable } = require('node:stream'); Readable.from(['A', 'B']).pipe(process.stdout);",
      'AB',
    ],
    [
      "await require('node:stream/promises').pipeline(require('node:stream').Readable.from(['A']), process.stdout)",
      'A',
    ],
    [
      'try { process.stdout.write(5 as any); } catch (error: any) { console.log(error.code); }',
      'ERR_INVALID_ARG_TYPE\n',
    ],
    [
      "try { process.stdout.write('A', 'no' as any); } catch (error: any) { console.log(error.code); }",
      'ERR_UNKNOWN_ENCODING\n',
    ],
  ])('of %s is %j, and the next cell writes', async (code, text) => {
    const { stdout, error } = await kernel.execute(
      `${code}\nawait new Promise((done) => setTimeout(done, 20));`,
    );
    expect([stdout, error]).toEqual([text, undefined]);
    expect((await kernel.execute("console.log('next'); console.error('too')")).stdout).toBe(
      'next\n',
    );
  });

  test('belongs to the cell that started its code, also after that has ended', async () => {
    const started = await kernel.send('shell', 'execute_request', {
      code: "const timer = setInterval(() => console.log('tick'), 20);",
    });
    await kernel.answer(started);
    const other = await kernel.execute('await new Promise((r) => setTimeout(r, 200));');
    await kernel.execute('clearInterval(timer);');
    expect(other.stdout).toBe('');
    const ticks = kernel.of(started).filter(({ content }) => content['text']?.includes('tick'));
    expect(ticks.length).toBeGreaterThan(0);
    expect(lateLog()).toMatch(/^\S+Z \[\d+\] stdout "tick\\n"$/m);
  });
});

describe('what is written past process.stdout', () => {
  beforeAll(async () => {
    await kernel.execute(`import { execSync, spawn } from 'node:child_process';
      import { writeFileSync, writeSync } from 'node:fs';`);
  });

  test.each([
    ["execSync('echo out; echo err >&2', { stdio: 'inherit' });", 'out\n', 'err\n'],
    ["writeSync(1, 'out'); writeSync(process.stderr.fd, 'err');", 'out', 'err'],
    ["writeFileSync(process.stdout.fd, 'out'); writeFileSync('/dev/stderr', 'err');", 'out', 'err'],
    [
      "await new Promise((end) => spawn('sh', ['-c', 'echo out; echo err >&2'], { stdio: 'inherit' }).on('close', end));",
      'out\n',
      'err\n',
    ],
  ])('is in its cell: %s', async (code, out, err) => {
    const { stdout, stderr } = await kernel.execute(code);
    expect([stdout, stderr]).toEqual([out, err]);
  });

  test('keeps its place in what is printed', async () => {
    const { stdout } = await kernel.execute(
      `for (let i = 0; i < 20; i++) console.log(i);
      execSync('echo child', { stdio: 'inherit' }); console.log('then');
      for (let i = 0; i < 20; i++) console.log(i);
      writeSync(1, 'past\\n'); console.log('last');`,
    );
    const numbers = Array.from({ length: 20 }, (_, i) => `${i}\n`).join('');
    expect(stdout).toBe(`${numbers}child\nthen\n${numbers}past\nlast\n`);
  });

  test('arrives while the cell waits for the child, and is cut like all output', async () => {
    const code =
      "execSync('echo early >&2; yes | head -c 3000000; echo late >&2; sleep 600', { stdio: 'inherit' })";
    const id = await kernel.send('shell', 'execute_request', { code });
    await kernel.until('what the child prints', () =>
      kernel.of(id).some(({ content }) => content['text']?.includes('[Output cut: ')),
    );
    await kernel.request('interrupt_request', {}, 'control');
    const { stdout, stderr, error } = await kernel.answer(id);
    expect(error?.['ename']).toBe('KeyboardInterrupt');
    // All that the child writes may come with one look at its files.
    const [said = ''] = /^early\n(late\n)?/.exec(stderr) ?? [];
    expect(said).not.toBe('');
    expect(stdout).toHaveLength(2_000_000 - said.length);
    expect(stderr.slice(said.length)).toMatch(/^\s*\[Output cut: /);
  });

  test('belongs to the cell that ran last when none runs, and is logged', async () => {
    const id = await kernel.send('shell', 'execute_request', {
      code: "spawn('sh', ['-c', 'read go; echo afterwards'], { stdio: ['pipe', 'inherit', 'inherit'] }).stdin!.end('go');",
    });
    await kernel.until('the text', () =>
      kernel.of(id).some(({ content }) => content['text'] === 'afterwards\n'),
    );
    await kernel.sendRaw(['nonsense']);
    const { stderr } = await kernel.execute('1');
    await kernel.until('the refusal', () => kernel.log.includes('refused: no delimiter'));
    expect(stderr).toBe(''); // the kernel's own log is no output of a cell
  });
});

describe('clearing', () => {
  const cleared = ({ messages }: Answer) =>
    messages.map(({ type, content }) => (type === 'clear_output' ? content : content['text']));

  test('is console.clear(), in order with the output', async () => {
    const answer = await kernel.execute('console.log(1); console.clear(); console.log(2);');
    expect(cleared(answer)).toEqual(['1\n', { wait: false }, '2\n']);
  });

  test('waits for what replaces the output if told to, and makes room for it', async () => {
    const answer = await kernel.execute(
      `import { clearOutput } from 'kafka-lab';
      process.stdout.write('x'.repeat(1_500_000));
      clearOutput({ wait: true });
      process.stdout.write('y'.repeat(1_500_000));`,
    );
    expect(cleared(answer)).toContainEqual({ wait: true });
    expect(answer.stdout).toHaveLength(3_000_000);
    expect(answer.stderr).toBe('');
  });
});

describe('a display', () => {
  test('is a bundle, updated in place', async () => {
    const answer = await kernel.execute(
      `${HOST}
      host.display({ 'text/plain': '1', 'image/svg+xml': '<svg/>' }, { id: 'x' });
      host.display({ 'text/plain': '2' }, { id: 'x', update: true });
      host.display({ 'text/plain': '3' });`,
    );
    expect(shown(answer)).toEqual([
      ['display_data', { 'text/plain': '1', 'image/svg+xml': '<svg/>' }, 'x'],
      ['update_display_data', { 'text/plain': '2' }, 'x'],
      ['display_data', { 'text/plain': '3' }, undefined],
    ]);
  });

  test("works with tslab's own functions", async () => {
    const answer = await kernel.execute(
      "import { display, newDisplay } from 'tslab';\ndisplay.html('<b>1</b>');\nconst d = newDisplay(); d.text('2'); d.text('3');",
    );
    const [first, second, third] = shown(answer);
    expect(first).toEqual(['display_data', { 'text/html': '<b>1</b>' }, undefined]);
    expect(second).toEqual(['display_data', { 'text/plain': '2' }, expect.any(String)]);
    expect(third).toEqual(['update_display_data', { 'text/plain': '3' }, second?.[2]]);
  });

  test('may be the last value of a cell', async () => {
    const answer = await kernel.execute(
      "const chart = { [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<i/>' }) };\nchart",
    );
    expect(shown(answer)).toEqual([
      ['execute_result', { 'text/plain': '', 'text/html': '<i/>' }, undefined],
    ]);
    const broken = await kernel.execute(
      "({ [Symbol.for('Jupyter.display')]() { throw new Error('no'); } })",
    );
    expect(broken.error?.['evalue']).toBe('no');
    expect(plain(broken.error?.['traceback'].join('\n'))).toMatch(/^Error: no\n.*cell \[\d+\]:1:/);
    const wrong = await kernel.execute("({ [Symbol.for('Jupyter.display')]: () => 'text' })");
    expect(wrong.error?.['evalue']).toContain("has to return {MIME type: content}, not 'text'");
    const unsendable = await kernel.execute(
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': 1n }) })",
    );
    expect(unsendable.error?.['evalue']).toContain('BigInt');
  });

  test('that is too large for a browser leaves out what makes it so, and says that', async () => {
    const bundle = `{ 'text/plain': 'a picture', 'image/svg+xml': 'x'.repeat(11_000_000) }`;
    const fitted = {
      'text/plain': expect.stringMatching(/^a picture\n\[image\/svg\+xml of 11,000,000 char.*\]$/),
    };
    const display = await kernel.execute(`${HOST} host.display(${bundle});`);
    expect(shown(display)).toEqual([['display_data', fitted, undefined]]);
    const result = await kernel.execute(`({ [Symbol.for('Jupyter.display')]: () => (${bundle}) })`);
    expect(shown(result)).toEqual([['execute_result', fitted, undefined]]);
    const value = await kernel.execute("Array.from({ length: 100 }, () => 'x'.repeat(2000))");
    const text = value.messages[0]?.content['data']['text/plain'] as string;
    expect(text).toHaveLength(100_000 + '\n[100,596 more characters not shown.]'.length);
  });

  test('is one of 1,000 at most; updates count as none', async () => {
    const answer = await kernel.execute(
      `${HOST}
      for (let i = 0; i < 1500; i++) host.display({ 'text/plain': '' }, { id: 'n', update: true });
      for (let i = 0; i < 1002; i++) host.display({ 'text/plain': '' });`,
    );
    const types = answer.messages.map(({ type }) => type);
    expect(types.filter((type) => type === 'update_display_data')).toHaveLength(1500);
    expect(types.filter((type) => type === 'display_data')).toHaveLength(1000);
    expect(answer.stderr).toContain('[2 displays of this cell were not shown.]');
  });
});

describe('a failure between cells', () => {
  test('fails the next cell, names the cell that started it and shows in its output', async () => {
    const go = goAhead(kernel);
    const id = await kernel.send('shell', 'execute_request', {
      code: `void ${go.given}.then(() => void Promise.reject(new TypeError('too late')));`,
    });
    const started = await kernel.answer(id);
    go.give();
    const count = started.reply['execution_count'];
    expect(started.reply['status']).toBe('ok');
    await kernel.until('the note', () =>
      kernel.of(id).some(({ content }) => content['name'] === 'stderr'),
    );
    const next = await kernel.execute("console.log('ran')");
    expect(next.error).toMatchObject({
      ename: 'TypeError',
      evalue: `Started by cell [${count}], failed in the background: too late`,
    });
    expect(plain(next.error?.['traceback'].join('\n'))).toContain('This cell has not run.');
    expect(next.stdout).toBe('');
    expect((await kernel.execute("console.log('ran')")).stdout).toBe('ran\n');
    expect(lateLog()).toContain(`[${count}] stderr "Failed in the background:`);
  });

  test('fails the cell that runs, if one does', async () => {
    const id = await kernel.send('shell', 'execute_request', {
      code: "let go = () => {}; void new Promise<void>((resolve) => (go = resolve)).then(() => setTimeout(() => { throw new Error('in passing'); }));",
    });
    const count = (await kernel.answer(id)).reply['execution_count'];
    const { error } = await kernel.execute('go(); await new Promise(() => {});');
    expect(error?.['evalue']).toBe(
      `Started by cell [${count}], failed in the background: in passing`,
    );
    await kernel.until('the note', () =>
      kernel.of(id).some(({ content }) => content['name'] === 'stderr'),
    );
    expect((await kernel.execute('1')).reply['status']).toBe('ok');
  });

  test('may be reported by the library', async () => {
    const { error } = await kernel.execute(`${HOST} host.fail(new Error('crashed')); 1`);
    expect(error?.['evalue']).toBe('crashed');
  });
});
