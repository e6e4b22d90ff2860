import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listeners, socketsOf } from '../../lib/src/doctor/listeners.ts';
import { kill, processesOf, waitUntil } from '../support/command.ts';
import { listenersOf } from '../support/listeners.ts';

/** A state folder and all that lives by it: found by the environment of its processes, so never anybody else's. */
export class Place {
  readonly state: string;
  private readonly ports = new Set<number>();

  /** @param state by default a new folder, whose name has a blank and a letter outside ASCII */
  constructor(state?: string) {
    this.state = state ?? newFolder();
  }

  get env(): Record<string, string> {
    return { KAFKA_LAB_STATE: this.state };
  }

  /** A process whose command line holds `part`; with `first`, begins with it. */
  pidOf(part: string, { first = false } = {}): number | undefined {
    const isIt = (command: string) => (first ? command.startsWith(part) : command.includes(part));
    return processesOf(this.state).find(({ command }) => isIt(command))?.pid;
  }

  async untilRuns(part: string, limit = 60_000): Promise<number> {
    await waitUntil(() => this.pidOf(part), `a process of ${part}`, limit);
    return this.pidOf(part)!;
  }

  /** Remembers where this lab listens now, to ask later whether somebody still does. */
  notePorts(): void {
    for (const { pid } of processesOf(this.state))
      for (const port of portsOf(pid)) this.ports.add(port);
  }

  /** What is left of it, in words: processes, ports, locks. */
  left(): string[] {
    const living = processesOf(this.state);
    const processes = living.map(({ pid, command }) => `process ${pid} ${command.slice(0, 60)}`);
    const owned = new Set(living.flatMap(({ pid }) => portsOf(pid)));
    const orphaned = [...this.ports].filter((port) => owned.has(port) || isOrphan(port));
    return [...processes, ...orphaned.map((port) => `port ${port}`), ...this.locks()];
  }

  /** Waits until nothing is left; says what is. */
  async remains(limit: number): Promise<string[]> {
    await waitUntil(() => this.left().length === 0, 'nothing to be left', limit).catch(() => {});
    return this.left();
  }

  /** Ends what is left, and removes the folder. */
  dispose(): void {
    for (const { pid } of processesOf(this.state)) kill(pid, 'SIGKILL');
    rmSync(this.state, { recursive: true, force: true, maxRetries: 10 });
  }

  private locks(): string[] {
    const names = (folder: string) =>
      entries(join(this.state, folder)).map((name) => `${folder}/${name}`);
    const own = entries(join(this.state, 'own')).map((name) => `own/${name}/run`);
    return [...['run', 'setup.lock', ...own].flatMap(names)];
  }
}

export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kafka-lab faült ')));
  chmodSync(folder, 0o755); // mkdtemp's own 0700 would keep out the ordinary user of one row
  return folder;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const portsOf = (pid: number): number[] => listenersOf(pid).map(({ port }) => port);

/** Somebody listens there, and it is no process that can be found. */
function isOrphan(port: number): boolean {
  const inodes = [...listeners()]
    .filter(([, other]) => other.port === port)
    .map(([inode]) => inode);
  if (inodes.length === 0) return false;
  const pids = entries('/proc').filter((name) => /^\d+$/.test(name));
  const owned = new Set(pids.flatMap((pid) => socketsOf(Number(pid))));
  return inodes.some((inode) => !owned.has(inode));
}
