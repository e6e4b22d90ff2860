import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../../support/command.ts';
import { type ClientOptions, KernelClient, kernelArgs } from '../../support/kernel-client.ts';

let kernel: KernelClient;
afterEach(() => kernel.close());

const HOST = "const host = (globalThis as any)[Symbol.for('Jupyter.host')];";

/** A kernel with handles that stay open, and a hook that leaves a file behind. */
async function busyKernel(options?: ClientOptions): Promise<() => boolean> {
  kernel = await KernelClient.start(options);
  const mark = join(kernel.folder, 'hook-ran');
  const { reply } = await kernel.execute(
    `${HOST}
    import { writeFileSync } from 'node:fs';
    setInterval(() => {}, 1000);
    require('node:net').createServer().listen(0, '127.0.0.1');
    host.onShutdown(async () => { await 0; writeFileSync(${JSON.stringify(mark)}, ''); });`,
  );
  expect(reply['status']).toBe('ok');
  return () => existsSync(mark);
}

describe('an interrupt', () => {
  test.each(['SIGINT', 'interrupt_request'])(
    'by %s ends the waiting of a cell, and no more',
    async (how) => {
      kernel = await KernelClient.start();
      await kernel.execute(`${HOST} const kept = 42; let reason: unknown;`);
      const id = await kernel.send('shell', 'execute_request', {
        code: "host.signal().addEventListener('abort', () => { reason = 'aborted'; });\nconsole.log('up'); await new Promise(() => {});",
      });
      await kernel.until('the cell', () =>
        kernel.of(id).some(({ content }) => content['text'] === 'up\n'),
      );
      if (how === 'SIGINT') kernel.process.kill('SIGINT');
      else
        expect(await kernel.request('interrupt_request', {}, 'control')).toEqual({ status: 'ok' });
      const { reply, error } = await kernel.answer(id);
      expect(reply['status']).toBe('error');
      expect(error).toMatchObject({ ename: 'KeyboardInterrupt', evalue: 'interrupted' });
      const { messages } = await kernel.execute('[kept, reason]');
      expect(messages[0]?.content['data']['text/plain']).toBe("[ 42, 'aborted' ]");
    },
  );

  test.each(['while (true) {}', 'await 0; while (true) {}'])(
    'stops `%s`, and does nothing to a kernel at rest',
    async (code) => {
      kernel = await KernelClient.start();
      expect(await kernel.request('interrupt_request', {}, 'control')).toEqual({ status: 'ok' });
      const id = await kernel.send('shell', 'execute_request', { code: "console.log('up');" });
      expect((await kernel.answer(id)).reply['status']).toBe('ok');
      const loop = await kernel.send('shell', 'execute_request', { code });
      await kernel.until('the cell', () =>
        kernel.of(loop).some(({ type }) => type === 'execute_input'),
      );
      const again = setInterval(() => kernel.process.kill('SIGINT'), 200);
      const { error } = await kernel.answer(loop).finally(() => clearInterval(again));
      expect(error?.['ename']).toBe('KeyboardInterrupt');
      // No cell follows: how soon a thread handles a signal is not known.
      kernel.process.kill('SIGINT');
      expect(await kernel.request('kernel_info_request')).toMatchObject({ status: 'ok' });
      expect(kernel.process.exitCode).toBeNull();
    },
  );

  test.each([
    ['at its start', 'up(); while (true) {}'],
    ['after an await', 'await 0; up(); while (true) {}'],
    ['and awaits in vain', 'up(); while (true) await 0;'],
    ['in a timer', 'setTimeout(() => { up(); while (true) {} }); await new Promise(() => {});'],
    [
      'in a library',
      "await 0; up(); try { /(a+)+$/.test('a'.repeat(60) + 'b'); } finally { kept = 0; }",
    ],
  ])('stops code that computes %s; the heartbeat answers, nothing is lost', async (_, code) => {
    kernel = await KernelClient.start();
    await kernel.execute(
      `${HOST} let kept = 42; let ticks = 0; const timer = setInterval(() => void ticks++, 5);
      const up = () => host.display({ 'text/plain': 'up' });`,
    );
    const loop = await computing(`const made = 1; ${code}`);
    await kernel.heartbeat();
    expect(await kernel.request('interrupt_request', {}, 'control')).toEqual({ status: 'ok' });
    const { error } = await kernel.answer(loop);
    expect(error).toMatchObject({ ename: 'KeyboardInterrupt', evalue: 'interrupted' });
    expect((await kernel.execute('made')).error).toBeUndefined();
    const { messages } = await kernel.execute(
      'const before = ticks; while (ticks === before) await new Promise((done) => setTimeout(done, 5)); kept',
    );
    expect(messages.at(-1)?.content['data']['text/plain']).toBe('42');
  });

  // Where Node notes which promise runs, code must not be stopped: the process aborts. That was one time in seven.
  // Each wait for the kernel has its limit; together they have none.
  test('stops a loop that awaits, twenty times over', { timeout: 0 }, async () => {
    kernel = await KernelClient.start();
    for (let time = 0; time < 20; time++) {
      const loop = await computing(
        `${HOST} host.display({ 'text/plain': 'up' }); while (true) await 0;`,
      );
      await kernel.request('interrupt_request', {}, 'control');
      const { error } = await kernel.answer(loop);
      expect(error?.['ename']).toBe('KeyboardInterrupt');
    }
  });
});

test('what code writes arrives while it computes', async () => {
  kernel = await KernelClient.start();
  const code = `const written = performance.now(); console.log('early');
    while (performance.now() - written < 100) {}
    console.log('late'); console.log('last'); while (true) {}`;
  const id = await kernel.send('shell', 'execute_request', { code });
  for (const word of ['early', 'late', 'last']) {
    await kernel.until(`${word} output`, () =>
      kernel.of(id).some(({ content }) => content['text'] === `${word}\n`),
    );
  }
  await kernel.request('interrupt_request', {}, 'control');
  const { error, stdout } = await kernel.answer(id);
  expect(error?.['ename']).toBe('KeyboardInterrupt');
  expect(stdout).toBe('early\nlate\nlast\n');
});

describe('the end', () => {
  test('by shutdown_request: hooks run, a reply, and whatever is open', async () => {
    const ran = await busyKernel();
    const reply = await kernel.request('shutdown_request', { restart: true }, 'control');
    expect(reply).toEqual({ status: 'ok', restart: true });
    expect(ran()).toBe(true);
    expect(await kernel.ended(3000)).toBe(0);
  });

  test('by SIGTERM: hooks run', async () => {
    const ran = await busyKernel();
    kernel.process.kill('SIGTERM');
    expect(await kernel.ended(3000)).toBe(0);
    expect(ran()).toBe(true);
  });

  test('comes although a hook hangs and a cell waits', async () => {
    await busyKernel();
    await kernel.execute('host.onShutdown(() => new Promise(() => {}));');
    await kernel.send('shell', 'execute_request', { code: 'await new Promise(() => {});' });
    await kernel.request('shutdown_request', { restart: false }, 'control');
    expect(await kernel.ended(4000)).toBe(0);
  });

  test('comes although a cell computes, and hooks run', async () => {
    const ran = await busyKernel();
    await computing("host.display({ 'text/plain': 'up' }); while (true) {}");
    const reply = await kernel.request('shutdown_request', { restart: false }, 'control');
    expect(reply).toEqual({ status: 'ok', restart: false });
    expect(await kernel.ended(4000)).toBe(0);
    expect(ran()).toBe(true);
  });

  test('comes although a hook computes', async () => {
    await busyKernel();
    await kernel.execute('host.onShutdown(() => { while (true) {} });');
    await kernel.send('control', 'shutdown_request', { restart: false });
    await kernel.ended(10_000);
  });

  test.each([
    ['waits', 'await new Promise(() => {});'],
    ['computes', 'while (true) {}'],
  ])('by the death of its server while a cell %s: hooks run', async (_, code) => {
    const ran = await busyKernel({ launch: throughServer });
    await computing(`host.display({ 'text/plain': 'up' }); ${code}`);
    const pid = Number(readFileSync(join(kernel.folder, 'pid'), 'utf8'));
    kernel.process.kill('SIGKILL');
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    expect(ran()).toBe(true);
  });

  test('at once, with the reason, without a connection file', async () => {
    kernel = await KernelClient.start();
    const main = join(ROOT, 'kernel', 'dist', 'main.js');
    const child = spawn(process.execPath, [main, '/nowhere.json']);
    let text = '';
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    const code = await new Promise((done) => child.once('close', done));
    expect(code).toBe(1);
    expect(text).toContain('The connection file /nowhere.json cannot be read.');
  });
});

describe('a death', () => {
  const words = (client: KernelClient) => join(client.folder, 'connection.stderr');

  test('is told by the kernel that follows, in its first cell', async () => {
    kernel = await KernelClient.start({ launch: afterDeath });
    const { stderr } = await kernel.execute('1');
    expect(stderr).toMatch(/^The kernel died \(by SIGABRT\) and was restarted: .*Run All Above/);
    expect(stderr).toMatch(/It ran out of memory\. .*NODE_OPTIONS/);
    expect(stderr).toMatch(/Its last output was: FATAL ERROR: Reached heap limit/);
    expect((await kernel.execute('1')).stderr).toBe('');
  });

  test('leaves its last words; an end in order does not', async () => {
    kernel = await KernelClient.start({ env: { NODE_OPTIONS: '--max-old-space-size=200' } });
    expect(existsSync(words(kernel))).toBe(true);
    const code = 'const all: unknown[] = []; while (true) all.push(new Array(100_000).fill(0.5));';
    await kernel.send('shell', 'execute_request', { code });
    await kernel.ended(60_000);
    expect(readFileSync(words(kernel), 'utf8')).toContain('JavaScript heap out of memory');
    await kernel.close();
    kernel = await KernelClient.start();
    await kernel.request('shutdown_request', { restart: false }, 'control');
    expect(await kernel.ended()).toBe(0);
    expect(existsSync(words(kernel))).toBe(false);
  }, 90_000);
});

/** Starts the kernel where another has died. */
function afterDeath(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const words =
    'GC\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb8 node::Abort()\n[kernel] ended by SIGABRT\n';
  writeFileSync(file.replace(/json$/, 'stderr'), words);
  return spawn(process.execPath, kernelArgs(file), { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Starts a cell that computes for ever; what it shows before has to arrive. */
async function computing(code: string): Promise<string> {
  const loop = await kernel.send('shell', 'execute_request', { code });
  await kernel.until('what the cell shows', () =>
    kernel.of(loop).some(({ type }) => type === 'display_data'),
  );
  return loop;
}

/** Starts the kernel as the child of a process that stands for the server. */
function throughServer(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const server = `
    const { pid } = require('node:child_process').spawn(process.execPath, ${JSON.stringify(kernelArgs(file))}, {
      stdio: 'ignore', env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });
    require('node:fs').writeFileSync(require('node:path').join(process.env.KAFKA_LAB_STATE, 'pid'), String(pid));
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['-e', server], { env, stdio: 'ignore' });
}

/** A process that has ended may stay as a zombie until it is waited for: that is no life. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    if (existsSync('/proc/self')) return false;
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
