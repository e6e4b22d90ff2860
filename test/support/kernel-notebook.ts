import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { KernelClient, kernelArgs } from './kernel-client.ts';

/** A kernel in a folder of its own, whose name has a blank and a letter outside ASCII. */
export class Notebook {
  readonly folder = mkdtempSync(join(tmpdir(), 'kernel tödày '));
  kernel!: KernelClient;

  async start(files: Record<string, string> = {}): Promise<this> {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe'];
    this.kernel = await KernelClient.start({
      patience: 60_000,
      launch: (file, env) =>
        spawn(process.execPath, kernelArgs(file), { env, cwd: this.folder, stdio }),
    });
    return this;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** What a cell shows: what it writes and the text of its last value, or that of its error. */
  async show(code: string): Promise<string> {
    const { messages, error, stdout } = await this.kernel.execute(code);
    if (error) return plain(error['traceback'].join('\n'));
    const result = messages.find(({ type }) => type === 'execute_result');
    return stdout + (result?.content['data']['text/plain'] ?? '');
  }

  async close(): Promise<void> {
    await this.kernel.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One notebook for all tests of a file, beside such files. */
export function notebookForTests(files: Record<string, string> = {}): Notebook {
  const notebook = new Notebook();
  beforeAll(() => notebook.start(files), 60_000);
  afterAll(() => notebook.close());
  return notebook;
}
