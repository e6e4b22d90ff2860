import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaLab, kill, ROOT, Started, waitUntil } from '../support/command.ts';
import { KernelClient } from '../support/kernel-client.ts';
import { writeNotebook } from '../support/notebook.ts';
import type { Place } from './place.ts';

const ADDRESS = /JupyterLab runs at (http:\/\/127\.0\.0\.1:\d+)\S+\?token=(\w+)/;
const READY = /Ctrl-C stops everything\.\n/;
/** How long a lab may take to start, or to end, on a machine with much to do; in ms. */
export const PATIENCE = 90_000;

/** `npm start` or `npm run notebooks`, as a terminal starts it: in a process group of its own. */
export abstract class Running {
  constructor(
    readonly place: Place,
    readonly started: Started,
  ) {}

  /** What Ctrl-C does: the terminal signals everything that it runs, npm too. */
  interrupt(): void {
    kill(-this.started.child.pid!, 'SIGINT');
  }

  /** The lab itself, npm's child. */
  get own(): number {
    // At the start of the command line: npm may have put a shell in between.
    return this.place.pidOf(this.script, { first: true })!;
  }

  /** Waits until all who could say something have ended; returns what they said. */
  async ended(): Promise<string> {
    let closed = false;
    void this.started.ended.then(() => (closed = true));
    await waitUntil(() => closed, 'npm and the lab to end', PATIENCE);
    return this.told();
  }

  get hasEnded(): boolean {
    return this.started.child.exitCode !== null || this.started.child.signalCode !== null;
  }

  abstract told(): string;
  protected abstract readonly script: string;
}

/** A lab in the browser: JupyterLab, Kafka, and a kernel that does nothing. */
export class RunningLab extends Running {
  protected readonly script = 'node setup/start.mjs';

  static async open(place: Place): Promise<RunningLab> {
    const options = { detached: true };
    const started = new Started('npm', ['start', '--', '--no-browser'], place.env, options);
    await started.says(READY, PATIENCE);
    const lab = new RunningLab(place, started);
    await lab.startKernel();
    place.notePorts();
    return lab;
  }

  /** What was said after all had been started. */
  told(): string {
    return this.started.output.split(READY).at(-1)!;
  }

  /** Returns the kernel's id. */
  async startKernel(): Promise<string> {
    const response = await this.ask('/api/kernels', {
      method: 'POST',
      body: '{"name":"kafka-lab"}',
    });
    const { id } = (await response.json()) as { id: string };
    return id;
  }

  async restart(kernel: string): Promise<void> {
    const response = await this.ask(`/api/kernels/${kernel}/restart`, { method: 'POST' });
    if (!response.ok) throw new Error(`The restart was answered with status ${response.status}.`);
  }

  client(kernel: string): Promise<KernelClient> {
    return KernelClient.attach(
      join(this.place.state, 'jupyter', 'run', `kernel-${kernel}.json`),
      PATIENCE,
    );
  }

  /** The lines of JupyterLab's log. */
  logLines(): string[] {
    return readFileSync(join(this.place.state, 'logs', 'jupyter.log'), 'utf8').split('\n');
  }

  async close(): Promise<void> {
    this.interrupt();
    await this.ended();
    const left = await this.place.remains(15_000);
    if (left.length > 0) throw new Error(`Left: ${left.join(', ')}`);
  }

  private async ask(path: string, init: RequestInit): Promise<Response> {
    const [, origin, token] = ADDRESS.exec(this.started.output)!;
    return fetch(`${origin}${path}`, { ...init, headers: { authorization: `token ${token}` } });
  }
}

/** Code that opens the lab and has a consumer of a real group run in it. */
export const consuming = (notebook: string, group: string): string => `
import { Kafka } from 'kafkajs';
import { openLab } from 'kafka-lab';
const lab = await openLab('${notebook}');
const orders = await lab.topic('orders', { partitions: 2 });
const kafka = lab.watch(new Kafka({ clientId: 'a', ...lab.connection }));
const consumer = kafka.consumer({ groupId: '${group}', ...lab.quick, sessionTimeout: 30_000 });
await consumer.connect();
await consumer.subscribe({ topics: [orders.name], fromBeginning: true });
await consumer.run({ eachMessage: async () => {} });
await lab.untilStable('${group}', { members: 1, timeout: 60_000 });
`;

/** A headless run whose notebook consumes, and then waits without end. */
export class RunningNotebooks extends Running {
  protected readonly script = 'node setup/notebooks.mjs';

  private constructor(
    place: Place,
    started: Started,
    private readonly folder: string,
  ) {
    super(place, started);
  }

  static async open(place: Place): Promise<RunningNotebooks> {
    const folder = folderInBuild();
    const mark = join(folder, 'waiting');
    const waiting = `(await import('node:fs')).writeFileSync(${JSON.stringify(mark)}, '');\nawait new Promise(() => {});`;
    const path = join(folder, 'waits.ipynb');
    writeNotebook(path, { 'open-lab': consuming('waits', 'faults.group'), 'wait-here': waiting });
    const args = ['run', 'notebooks', '--', path, '--output', folder, '--timeout', '600'];
    const started = new Started('npm', args, place.env, { detached: true });
    const running = new RunningNotebooks(place, started, folder);
    await waitUntil(() => existsSync(mark) || running.hasEnded, 'the notebook to wait', PATIENCE);
    if (running.hasEnded) throw new Error(`It ended:\n${started.output}`);
    place.notePorts();
    return running;
  }

  told(): string {
    return this.started.output;
  }

  async close(): Promise<void> {
    this.interrupt();
    await this.ended();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A new folder below build/, from where notebooks find the lab's packages. */
export function folderInBuild(): string {
  mkdirSync(join(ROOT, 'build', 'faults'), { recursive: true });
  return mkdtempSync(join(ROOT, 'build', 'faults', 'run-'));
}

/** What `kafka-lab` says to these arguments. */
export async function says(place: Place, ...args: string[]): Promise<string> {
  return (await kafkaLab(place.state, args).ended).output.trim();
}
