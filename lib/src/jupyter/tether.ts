import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { boundLog, openLog } from '../log.js';
import { installed, root } from '../paths.js';
import { withDeadline } from '../waiting.js';
import { jupyterEnvironment } from './environment.js';

export type TetherEvent = { event: string } & Record<string, unknown>;

export interface TetherOptions {
  /** File name in lib/python. */
  script: string;
  args: string[];
  /** Added to Jupyter's environment. */
  env?: NodeJS.ProcessEnv;
  /** Where its stderr, and what its kernels print past their protocol, goes. */
  log: string;
  /** 'w' begins the log anew. */
  logMode?: 'a' | 'w';
  /** One JSON object that the script reported. */
  onEvent(event: TetherEvent): void;
}

/**
 * A Python process that ends when we do: it stops when its stdin closes, which the system does for us even
 * after a SIGKILL (lib/python/lifeline.py). It has a process group of its own, so that Ctrl-C reaches only us.
 */
export class Tether {
  /** How it ended, in words. */
  readonly exited: Promise<string>;
  private readonly child: ChildProcess;

  constructor({ script, args, env, log, logMode = 'w', onEvent }: TetherOptions) {
    if (logMode === 'w') rmSync(log, { force: true });
    const { file: stderr } = openLog(log);
    try {
      const path = join(root, 'lib', 'python', script);
      this.child = spawn(installed().python, ['-I', '-u', path, ...args], {
        detached: true,
        windowsHide: true,
        stdio: ['pipe', 'pipe', stderr],
        env: { ...jupyterEnvironment(), ...env },
      });
    } finally {
      closeSync(stderr);
    }
    this.child.stdin?.on('error', () => undefined);
    const lines = createInterface({ input: this.child.stdout! });
    lines.on('line', (line) => onEvent(JSON.parse(line) as TetherEvent));
    this.exited = ended(this.child).finally(boundLog(log));
  }

  /** Asks it to stop, and kills it if it has not after `limit` ms. */
  async stop(limit: number): Promise<void> {
    this.child.stdin?.end();
    await withDeadline(this.exited, { ms: limit, late: () => this.kill() });
    await this.exited;
  }

  /** Ends it now; its kernels notice within a second or two that their parent is gone. */
  kill(): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      this.child.kill('SIGKILL');
    }
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    // 'close', not 'exit': everything that it reported has then been read.
    child.once('close', (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
    );
  });
}
