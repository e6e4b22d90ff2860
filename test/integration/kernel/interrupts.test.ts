import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkerOf } from '../../support/checker.ts';
import { kill } from '../../support/command.ts';
import { goAhead } from '../../support/go-ahead.ts';
import { KernelClient } from '../../support/kernel-client.ts';

/** One kernel for all: what an interrupt leaves behind, the next cell would meet. */
let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start({ patience: 60_000 });
  const { error } = await kernel.execute(
    `const host = (globalThis as any)[Symbol.for('Jupyter.host')];
    const up = () => host.display({ 'text/plain': 'up' });
    const kept = 42;
    const folder: string = ${JSON.stringify(kernel.folder)};
    let ran = false;
    const asleep = new Int32Array(new SharedArrayBuffer(4));
    import { execFileSync, execSync, spawnSync } from 'node:child_process';
    import { pbkdf2Sync } from 'node:crypto';
    import { openSync, readSync } from 'node:fs';
    import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
    import { gzipSync } from 'node:zlib';
    import { createRequire } from 'node:module';
    const own = createRequire(folder + '/cell.js');`,
  );
  expect(error).toBeUndefined();
  const files = {
    'loops.cjs': `exports.first = 1; globalThis[Symbol.for('Jupyter.host')].display({ 'text/plain': 'up' });
      while (!globalThis.goOn) {}
      exports.second = 2;`,
    'loops.mjs': `globalThis[Symbol.for('Jupyter.host')].display({ 'text/plain': 'up' }); while (true) {}`,
    'waits.mjs': `globalThis[Symbol.for('Jupyter.host')].display({ 'text/plain': 'up' }); await new Promise(() => {});`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(kernel.folder, name), text);
}, 60_000);
afterAll(() => kernel?.close());

/** Runs a cell that calls up(), interrupts it then, `times` over, and holds that the kernel is what it was. */
async function interrupted(code: string, times = 1): Promise<void> {
  const id = await kernel.send('shell', 'execute_request', { code, allow_stdin: true });
  await kernel.until('what the cell shows', () =>
    kernel.of(id).some(({ type }) => type === 'display_data' || type === 'error'),
  );
  const asked = Array.from({ length: times }, () =>
    kernel.request('interrupt_request', {}, 'control'),
  );
  const { error } = await kernel.answer(id);
  expect(error).toMatchObject({ ename: 'KeyboardInterrupt', evalue: 'interrupted' });
  await Promise.all(asked);
  const { messages, stdout } = await kernel.execute('console.log("next"); kept');
  expect(stdout).toBe('next\n');
  expect(messages.at(-1)?.content['data']['text/plain']).toBe('42');
}

describe('an interrupt ends a cell, and nothing else, that', () => {
  test.each([
    ['sleeps by Atomics.wait', 'up(); Atomics.wait(asleep, 0, 0);'],
    ['sleeps so again and again', 'up(); while (true) Atomics.wait(asleep, 0, 0, 20);'],
    ['waits by execSync', "up(); execSync('sleep 600; sleep 600');"],
    ['waits by spawnSync', "up(); spawnSync('sleep', ['600']); while (true) {}"],
    [
      'waits for a child that ignores SIGINT',
      "up(); execFileSync(process.execPath, ['-e', 'process.on(`SIGINT`, () => {}); setInterval(() => {}, 1000)']);",
    ],
    [
      'waits for a worker, which computes',
      'const worker = new Worker("postMessage(1); while (true) {}".replace("postMessage", "require(`node:worker_threads`).parentPort.postMessage"), { eval: true }); worker.once("message", up); await new Promise(() => {});',
    ],
    [
      'looks for a message of a worker',
      'up(); const { port1 } = new MessageChannel(); while (!receiveMessageOnPort(port1)) {}',
    ],
    ['hashes passwords', "up(); while (true) pbkdf2Sync('a', 'b', 1000, 64, 'sha512');"],
    ['compresses', 'const zeros = Buffer.alloc(1_000_000); up(); while (true) gzipSync(zeros);'],
    [
      'reads',
      "up(); const zero = openSync('/dev/zero', 'r'); while (true) readSync(zero, asleep);",
    ],
    ['parses JSON', "up(); while (true) JSON.parse('[' + '1,'.repeat(100_000) + '1]');"],
    ['matches a regular expression', "up(); /(a+)+$/.test('a'.repeat(60) + 'b');"],
    ['prints', "up(); while (true) console.log('x');"],
    [
      'computes in a timer',
      'setTimeout(() => { up(); while (true) {} }); await new Promise(() => {});',
    ],
    ['awaits what never settles', 'up(); await new Promise(() => {});'],
    [
      'awaits a chain of promises',
      'const go = (): Promise<void> => Promise.resolve().then(go); up(); await go();',
    ],
    ['awaits an answer', "import { input } from 'kafka-lab'; up(); await input('Go on? ');"],
    [
      'runs WebAssembly',
      'const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 108, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]); up(); new (globalThis as any).WebAssembly.Instance(new (globalThis as any).WebAssembly.Module(bytes)).exports.l();',
    ],
    ['imports what never loads', "await import(folder + '/waits.mjs');"],
    ['imports what computes', "await import(folder + '/loops.mjs');"],
  ])('%s', { timeout: 60_000 }, (_, code) => interrupted(code));

  test('is interrupted several times in a row', { timeout: 60_000 }, async () => {
    await interrupted('up(); Atomics.wait(asleep, 0, 0);', 5);
    await interrupted('up(); while (true) {}', 5);
    await interrupted("up(); execSync('sleep 600');", 5);
  });

  test('loads a module, which is loaded anew by the next', { timeout: 60_000 }, async () => {
    await interrupted("own('./loops.cjs');");
    const { messages } = await kernel.execute(
      "(globalThis as any).goOn = true; own('./loops.cjs').second",
    );
    expect(messages.at(-1)?.content['data']['text/plain']).toBe('2');
  });

  test('is still checked, and does not begin to run', { timeout: 60_000 }, async () => {
    // While a cell runs, the kernel checks nothing else: it does not warm up.
    const go = goAhead(kernel);
    const before = await kernel.send('shell', 'execute_request', {
      code: `up(); await ${go.given};`,
    });
    await kernel.until('the cell before', () =>
      kernel.of(before).some((m) => m.type === 'display_data'),
    );
    const checker = checkerOf(kernel)!;
    process.kill(checker, 'SIGSTOP'); // no check ends before the interrupt is there
    onTestFinished(() => kill(checker, 'SIGCONT'));
    const id = await kernel.send('shell', 'execute_request', {
      code: `ran = true;\n${SLOW_TYPES}`,
    });
    go.give();
    await kernel.until('the cell', () => kernel.of(id).some((m) => m.type === 'execute_input'));
    await kernel.send('control', 'interrupt_request', {});
    await kernel.heartbeat();
    kill(checker, 'SIGCONT');
    expect((await kernel.answer(id)).error?.['ename']).toBe('KeyboardInterrupt');
    const { messages } = await kernel.execute('ran');
    expect(messages.at(-1)?.content['data']['text/plain']).toBe('false');
  });

  test('would be checked for a minute, and the next one is checked', {
    timeout: 60_000,
  }, async () => {
    const checker = checkerOf(kernel)!;
    const id = await kernel.send('shell', 'execute_request', {
      code: `ran = true;\n${ENDLESS_TYPES}`,
    });
    await kernel.until('the cell', () => kernel.of(id).some((m) => m.type === 'execute_input'));
    await kernel.request('interrupt_request', {}, 'control');
    expect((await kernel.answer(id)).error?.['ename']).toBe('KeyboardInterrupt');
    // Its check was not waited for: the process that computes it is ended.
    await expect.poll(() => checkerOf(kernel)).not.toBe(checker);
    const { messages } = await kernel.execute('[ran, kept]');
    expect(messages.at(-1)?.content['data']['text/plain']).toBe('[ false, 42 ]');
  });

  test('is in native code: as soon as that returns', { timeout: 60_000 }, async () => {
    const pipe = join(kernel.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Both its ends: nobody waits for the other one to be opened.
    const ends = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(ends));
    const code = "up(); readSync(openSync(folder + '/pipe', 'r'), asleep); while (true) {}";
    const id = await kernel.send('shell', 'execute_request', { code });
    await kernel.until('the cell', () => kernel.of(id).some((m) => m.type === 'display_data'));
    await kernel.send('control', 'interrupt_request', {});
    await setTimeout(1000); // longer than the kernel waits for its thread before it stops it
    expect(kernel.of(id).some((m) => m.type === 'error')).toBe(false);
    writeSync(ends, 'go');
    expect((await kernel.answer(id)).error?.['ename']).toBe('KeyboardInterrupt');
  });
});

/** Each is counted up to by itself. */
const ENDLESS_TYPES = `type UpTo<N extends number, A extends 0[] = []> = A['length'] extends N ? A : UpTo<N, [...A, 0]>;
${Array.from({ length: 99 }, (_, n) => `const n${n}: UpTo<${900 + n}>['length'] = ${900 + n};`).join('\n')}`;

/** Half a million pairs to compare. */
const SLOW_TYPES = `type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Number = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
const check = (number: Exclude<Number, '0000'>): Exclude<Number, \`9\${Digit}\${Digit}9\`> | '9999' => number as never;`;
