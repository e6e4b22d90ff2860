import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a learner of `learner.mjs` saw, as its ledger tells. */
export interface Saw {
  names: { topic: string; group: string };
  split: Record<string, number[]>;
  clean: { produced: number; processed: number; repeated: number; missing: number };
  ms: number;
}

type Said<S> = 'here' | (S & { prefix: string }) | { bytes: number };

/** A few learners in a process of their own, each of whom does what a file says. */
export class Learners<S extends object> {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  constructor(file: URL, prefixes: string[], env: Record<string, string>) {
    const main = new URL('learners-main.mjs', import.meta.url).pathname;
    this.child = spawn(process.execPath, [main, file.href, ...prefixes], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.lines = createInterface({ input: this.child.stdout as Readable })[Symbol.asyncIterator]();
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  /** Resolves when all have opened the lab. */
  async here(): Promise<void> {
    if ((await this.next()) !== 'here') throw new Error('The learners began by themselves.');
  }

  /** Has them begin. Resolves when all have finished; they stay. `bytes` is the memory that they take together. */
  async work(): Promise<{ saw: (S & { prefix: string })[]; bytes: number }> {
    this.child.stdin?.write('begin\n');
    const saw: (S & { prefix: string })[] = [];
    for (;;) {
      const said = await this.next();
      if (said === 'here') throw new Error('The learners came twice.');
      if ('bytes' in said) return { saw, bytes: said.bytes };
      saw.push(said);
    }
  }

  /** Sends them home. */
  async leave(): Promise<void> {
    const gone = once(this.child, 'close');
    this.child.stdin?.end();
    const [code] = await gone;
    if (code !== 0) throw new Error(`The learners failed:\n${this.errors}`);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async next(): Promise<Said<S>> {
    const { done, value } = await this.lines.next();
    if (done) throw new Error(`The learners ended before they were done:\n${this.errors}`);
    return JSON.parse(value) as Said<S>;
  }
}
