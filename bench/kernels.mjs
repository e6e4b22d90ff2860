import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer, Subscriber } from 'zeromq';

const require = createRequire(import.meta.url);
const { freePort } = require('../lib/dist/broker/embedded/ports.js');
const { Wire } = require('../kernel/dist/transport/wire.js');

const TIMEOUT_MS = 60_000;

/**
 * A Jupyter kernel and the smallest client that can time it: a request is over when its reply is there. Not its idle:
 * tslab loses some.
 */
export class BenchKernel {
  folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'));
  /** @type {Map<string, (message: Message) => void>} */
  waiting = new Map();
  key = randomUUID();
  /** @type {import('../kernel/dist/transport/wire.js').Wire} */
  wire = new Wire(this.key);
  shell = new Dealer({ linger: 0 });
  iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  /** @type {import('node:child_process').ChildProcess | undefined} */
  process;

  /**
   * Starts a kernel; resolves when it has answered kernel_info and its broadcasts arrive.
   * @param {string[]} argv `{connection_file}` stands for the file
   * @param {string} cwd
   */
  static async start(argv, cwd) {
    const kernel = new BenchKernel();
    /** @type {number[]} */
    const ports = [];
    while (ports.length < 5) ports.push(await freePort(undefined, ports));
    const [shell_port, control_port, stdin_port, iopub_port, hb_port] = ports;
    const file = join(kernel.folder, 'connection.json');
    const connection = {
      ...{ shell_port, control_port, stdin_port, iopub_port, hb_port },
      ...{ transport: 'tcp', ip: '127.0.0.1', key: kernel.key, signature_scheme: 'hmac-sha256' },
    };
    writeFileSync(file, JSON.stringify(connection));
    const [command = '', ...args] = argv.map((arg) => arg.replace('{connection_file}', file));
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    kernel.process = spawn(command, args, { cwd, env, stdio: 'ignore' });
    kernel.shell.connect(`tcp://127.0.0.1:${shell_port}`);
    kernel.iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
    kernel.iopub.subscribe('');
    void kernel.receive(kernel.shell);
    void kernel.receive(kernel.iopub);
    await kernel.reply('kernel_info_request', {});
    return kernel;
  }

  /**
   * Milliseconds from the request to its reply.
   * @param {string} code
   */
  async time(code) {
    const began = performance.now();
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    const answer = await this.reply('execute_request', content);
    if (answer.status !== 'ok') throw new Error(`${code}: ${JSON.stringify(answer)}`);
    return performance.now() - began;
  }

  /** Waits for the first broadcast: a subscription takes a moment to arrive. */
  async heard() {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { idle } = this.send('kernel_info_request', {});
      const heard = await Promise.race([idle, new Promise((done) => setTimeout(done, 100))]);
      if (heard) return;
    }
    throw new Error('The kernel does not broadcast.');
  }

  /** Has the kernel end in order: what it keeps for its next start, it keeps then. */
  async end() {
    if (!this.process) return;
    const exit = once(this.process, 'exit');
    await this.reply('shutdown_request', { restart: false });
    await within(exit, 'the end of the kernel');
  }

  async close() {
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await exit;
    }
    this.shell.close();
    this.iopub.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param {string} type @param {Record<string, unknown>} content */
  async reply(type, content) {
    return (await within(this.send(type, content).reply, `the reply to ${type}`)).content;
  }

  /** @param {string} type @param {Record<string, unknown>} content */
  send(type, content) {
    const id = randomUUID();
    /** @param {string} what @returns {Promise<Message>} */
    const arrival = (what) => new Promise((done) => this.waiting.set(`${id} ${what}`, done));
    const [reply, idle] = [arrival('reply'), arrival('idle')];
    void this.shell.send(
      this.wire.frames(type, content, { identities: [], parent: undefined, id }),
    );
    return { reply, idle };
  }

  /** @param {Dealer | Subscriber} socket */
  async receive(socket) {
    for await (const frames of socket) {
      const { header, parent, content } = this.wire.parse(frames);
      const { execution_state } = content;
      if (execution_state && execution_state !== 'idle') continue;
      if (!execution_state && !header.msg_type.endsWith('_reply')) continue;
      const key = `${parent?.msg_id} ${execution_state ?? 'reply'}`;
      this.waiting.get(key)?.({ type: header.msg_type, content });
      this.waiting.delete(key);
    }
  }
}

/** @typedef {{ type: string, content: Record<string, any> }} Message */

/** @template T @param {Promise<T>} promise @param {string} what @returns {Promise<T>} */
async function within(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${TIMEOUT_MS} ms for ${what}.`)), TIMEOUT_MS);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, late])).finally(() =>
    clearTimeout(timer),
  );
}
