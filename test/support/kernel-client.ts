import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Dealer, Request, Subscriber } from 'zeromq';
import { KERNEL_OPTIONS } from '../../setup/steps/jupyter.mjs';
import { freePorts } from './ports.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'kernel', 'dist', 'main.js');
const DELIMITER = '<IDS|MSG>';
const TIMEOUT_MS = 20_000;
/** What a kernel has sent before its end is there within this time. */
const LAST_WORDS_MS = 1000;

type Content = Record<string, any>;
export interface Message {
  type: string;
  id: string;
  parent: string;
  content: Content;
}

/** All that came of one execute_request. */
export interface Answer {
  reply: Content;
  /** What was published for it, in order, without status and execute_input. */
  messages: Message[];
  stdout: string;
  stderr: string;
  error: Content | undefined;
}

export interface ClientOptions {
  env?: Record<string, string>;
  /** Starts the kernel; by default as a child of this process. */
  launch?: (file: string, env: NodeJS.ProcessEnv) => ChildProcess;
  /** How long it waits for anything, in ms; 20,000 unless told. */
  patience?: number;
}

/** A Jupyter client, as small as the tests need, with a built kernel of its own over real ZeroMQ. */
export class KernelClient {
  readonly folder = mkdtempSync(join(tmpdir(), 'kernel-test-'));
  readonly published: Message[] = [];
  /** What the kernel wrote to its own stderr. */
  log = '';
  /** How long it waits for anything, in ms. */
  patience = TIMEOUT_MS;
  /** The kernel, if it is this client's own. */
  process!: ChildProcess;
  private key: string = randomUUID();
  /** The same on both sockets: a question goes to who sent the cell. */
  private readonly routingId = randomUUID();
  private readonly sockets = {
    shell: new Dealer({ linger: 0, routingId: this.routingId }),
    control: new Dealer({ linger: 0 }),
    stdin: new Dealer({ linger: 0, routingId: this.routingId }),
  };
  /** What the kernel asked on stdin. */
  readonly asked: Message[] = [];
  private readonly heart = new Request({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private readonly replies: Message[] = [];
  private readonly waiting = new Set<() => void>();
  private endedAt = Infinity;

  /** Starts a kernel and waits until it answers and its broadcasts arrive. */
  static async start(options: ClientOptions = {}): Promise<KernelClient> {
    const client = new KernelClient();
    client.patience = options.patience ?? TIMEOUT_MS;
    await client.launch(options);
    await client.ready();
    return client;
  }

  /** A client of a kernel that somebody else has started and will end: JupyterLab. */
  static async attach(connectionFile: string, patience = TIMEOUT_MS): Promise<KernelClient> {
    const client = new KernelClient();
    client.patience = patience;
    client.connect(JSON.parse(readFileSync(connectionFile, 'utf8')));
    await client.ready();
    return client;
  }

  async execute(code: string, options: Content = {}): Promise<Answer> {
    return this.answer(await this.send('shell', 'execute_request', { code, ...options }));
  }

  /** Waits for reply and idle of a request sent before. */
  async answer(id: string): Promise<Answer> {
    const reply = await this.replyTo(id);
    await this.until(`idle of ${id}`, () =>
      this.published.some((m) => m.parent === id && m.content['execution_state'] === 'idle'),
    );
    const mine = this.of(id);
    const messages = mine.filter(({ type }) => type !== 'status' && type !== 'execute_input');
    const error = messages.find(({ type }) => type === 'error')?.content;
    const text = (name: string) =>
      messages
        .filter((m) => m.content['name'] === name)
        .map((m) => m.content['text'])
        .join('');
    return { reply, messages, stdout: text('stdout'), stderr: text('stderr'), error };
  }

  /** Sends a request and waits for its reply. */
  async request(
    type: string,
    content: Content = {},
    channel: 'shell' | 'control' = 'shell',
  ): Promise<Content> {
    return this.replyTo(await this.send(channel, type, content));
  }

  /** Waits for the question of an input() in a cell; returns it with its id. */
  async question(number: number): Promise<Message> {
    await this.until(`question ${number}`, () => this.asked.length >= number);
    return this.asked[number - 1]!;
  }

  /** Answers it, as JupyterLab does: with the question as parent. */
  async respond(question: Message, value: string): Promise<void> {
    await this.send('stdin', 'input_reply', { value, status: 'ok' }, this.key, question.id);
  }

  /** Returns the id of the request. */
  async send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: Content,
    key = this.key,
    parent?: string,
  ): Promise<string> {
    const id = randomUUID();
    const header = {
      msg_id: id,
      session: 'test',
      username: 'test',
      date: new Date().toISOString(),
      msg_type: type,
      version: '5.3',
    };
    const parts = [header, parent ? { msg_id: parent } : {}, {}, content].map((part) =>
      JSON.stringify(part),
    );
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    await this.sockets[channel].send([DELIMITER, hmac.digest('hex'), ...parts]);
    return id;
  }

  /** Asks whether the kernel lives, as Jupyter does; fails when it does not say so. */
  async heartbeat(): Promise<void> {
    this.heart.receiveTimeout = this.patience;
    await this.heart.send('ping');
    const [echo] = await this.heart.receive();
    if (String(echo) !== 'ping') throw new Error(`The heartbeat answered ${echo}.`);
  }

  async sendRaw(frames: string[]): Promise<void> {
    await this.sockets.shell.send(frames);
  }

  /** What was published for a request so far. */
  of(id: string): Message[] {
    return this.published.filter(({ parent }) => parent === id);
  }

  /** Polls `condition` after each message; fails with `what` when it does not come true, or the kernel has ended. */
  async until(what: string, condition: () => boolean, timeout = this.patience): Promise<void> {
    const deadline = Date.now() + timeout;
    let left = timeout;
    while (!condition()) {
      if (this.isSilent()) throw new Error(`The kernel ended before ${what}. Its log: ${this.log}`);
      if (left <= 0) throw new Error(`Waited ${timeout} ms for ${what}. Kernel's log: ${this.log}`);
      await new Promise<void>((done) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          done();
        };
        const timer: NodeJS.Timeout = setTimeout(wake, Math.min(left, 200));
        this.waiting.add(wake);
      });
      left = deadline - Date.now();
      // After a stall of this process its timers come before what has arrived: that is heard before the last look.
      await nextTurn();
    }
  }

  /** Waits for the end of the kernel; returns its exit code. */
  async ended(timeout = this.patience): Promise<number | null> {
    await this.until('the end of the kernel', () => this.dead, timeout);
    return this.process.exitCode;
  }

  /** Kills the kernel if it lives and lets go of everything. */
  async close(): Promise<void> {
    if (this.process && !this.dead) {
      const exit = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await exit;
    }
    const sockets = [...Object.values(this.sockets), this.iopub, this.heart];
    for (const socket of sockets) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async launch({ env = {}, launch = spawnKernel }: ClientOptions): Promise<void> {
    const [shell_port = 0, control_port = 0, stdin_port = 0, iopub_port = 0, hb_port = 0] =
      await freePorts(5);
    const file = join(this.folder, 'connection.json');
    const ports = { shell_port, control_port, stdin_port, iopub_port, hb_port };
    const base = {
      transport: 'tcp',
      ip: '127.0.0.1',
      key: this.key,
      signature_scheme: 'hmac-sha256',
    };
    writeFileSync(file, JSON.stringify({ ...base, ...ports }));
    // As Jupyter says it: a kernel ends whose client has been killed.
    const own = { KAFKA_LAB_STATE: this.folder, JPY_PARENT_PID: String(process.pid) };
    this.process = launch(file, { ...process.env, ...own, ...env });
    this.process.once('exit', () => (this.endedAt = Date.now()));
    for (const log of [this.process.stderr, this.process.stdio[3]]) {
      log?.on('data', (data: Buffer) => (this.log += data.toString()));
    }
    this.connect({ ...base, ...ports });
  }

  private connect(
    to: Record<`${'shell' | 'control' | 'stdin' | 'iopub' | 'hb'}_port`, number> & { key: string },
  ): void {
    this.key = to.key;
    this.sockets.shell.connect(`tcp://127.0.0.1:${to.shell_port}`);
    this.sockets.control.connect(`tcp://127.0.0.1:${to.control_port}`);
    this.sockets.stdin.connect(`tcp://127.0.0.1:${to.stdin_port}`);
    this.iopub.connect(`tcp://127.0.0.1:${to.iopub_port}`);
    this.heart.connect(`tcp://127.0.0.1:${to.hb_port}`);
    this.iopub.subscribe('');
    void this.receive(this.sockets.shell, this.replies);
    void this.receive(this.sockets.control, this.replies);
    void this.receive(this.sockets.stdin, this.asked);
    void this.receive(this.iopub, this.published);
  }

  /** Asks until an answer's status was broadcast: a subscription takes a moment to arrive. */
  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      await this.request('kernel_info_request');
      if (this.published.some(({ type }) => type === 'status')) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`The kernel does not broadcast. Its log: ${this.log}`);
  }

  private get dead(): boolean {
    if (!this.process) return false;
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Whether nothing more can come of it: it has ended, and what it had sent has arrived. */
  private isSilent(): boolean {
    return Date.now() > this.endedAt + LAST_WORDS_MS;
  }

  private async replyTo(id: string): Promise<Content> {
    const find = () => this.replies.find(({ parent }) => parent === id);
    await this.until(`the reply to ${id}`, () => find() !== undefined);
    return find()!.content;
  }

  private async receive(socket: Dealer | Subscriber, into: Message[]): Promise<void> {
    for await (const frames of socket) {
      const texts = (frames as Buffer[]).map(String);
      const [header, parent, , content] = texts
        .slice(texts.indexOf(DELIMITER) + 2)
        .map((text) => JSON.parse(text));
      into.push({ type: header.msg_type, id: header.msg_id, parent: parent.msg_id, content });
      for (const wake of this.waiting) wake();
    }
  }
}

function spawnKernel(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const cwd = join(ROOT, 'notebooks');
  // As its kernelspec starts it, with a descriptor of its own for its log.
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'pipe'];
  const args = [...kernelArgs(file), '--log-descriptor=3'];
  return spawn(process.execPath, args, { env, cwd, stdio });
}

/** What Node is given to start the lab's kernel; it logs late output beside its connection file. */
export function kernelArgs(file: string): string[] {
  const lateOutput = join(dirname(file), 'logs', 'late-output.log');
  return [MAIN, file, ...KERNEL_OPTIONS, `--late-output=${lateOutput}`];
}
