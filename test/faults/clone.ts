import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kill, processesOf, ROOT, Started, waitUntil } from '../support/command.ts';
import { newFolder, Place } from './place.ts';

/** A repository that holds the files of this one as they are now, committed or not: what clones are made from. */
export function upstream(): string {
  const folder = join(newFolder(), 'upstream');
  copyCheckout(folder);
  git(folder, 'init', '--quiet');
  git(folder, 'config', 'receive.denyCurrentBranch', 'ignore'); // its own files are nobody's to read
  commitAll(folder);
  return folder;
}

/** Copies the files that git knows, or would. */
export function copyCheckout(folder: string): void {
  const names = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split(
    '\0',
  );
  for (const name of names.filter((name) => name && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, name), join(folder, name));
  }
}

export function commitAll(folder: string): void {
  git(folder, 'add', '--all');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  git(folder, ...author, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'test');
}

export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface SetupOptions {
  env?: Record<string, string>;
  /** Runs as this user and group. */
  uid?: number;
  node?: string;
}

const LOG = join('.lab', 'logs', 'setup.log');

/** A clone of its own, whose set-up is done by the real thing. Its path has blanks and a letter outside ASCII. */
export class Clone {
  readonly place: Place;

  /** @param folder where it is to be */
  constructor(
    from: string,
    readonly folder = join(newFolder(), 'my kafka läb'),
  ) {
    git(dirname(folder), 'clone', '--quiet', from, folder);
    this.place = new Place(join(folder, '.lab'));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** `node setup/setup.mjs` */
  setUp({ env = {}, uid, node = process.execPath }: SetupOptions = {}): Started {
    const user = uid === undefined ? {} : { uid, gid: uid };
    const options = { cwd: this.folder, detached: true, ...user };
    return new Started(node, ['setup/setup.mjs'], { ...this.place.env, ...env }, options);
  }

  /** Sets up and expects it to succeed. Returns what it said. */
  async complete(): Promise<string> {
    const { code, output } = await this.setUp().ended;
    if (code !== 0) throw new Error(`Set-up ended with code ${code}:\n${output}`);
    return output;
  }

  /** Forgets that a step was done, and removes its results and the log, so that there is something to do and to see. */
  async undo(step: string, ...results: string[]): Promise<void> {
    for (const result of [LOG, join('.lab', 'stamps', step), ...results])
      await remove(this.path(result));
  }

  edit(file: string, change: (text: string) => string): void {
    writeFileSync(this.path(file), change(readFileSync(this.path(file), 'utf8')));
  }

  log(): string {
    const file = this.path(LOG);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Ends what set-up had started and removes the clone. */
  async dispose(): Promise<void> {
    for (const { pid } of processesOf(this.place.state)) kill(pid, 'SIGKILL');
    await remove(dirname(this.folder));
  }

  /**
   * Waits until the set-up runs this program; fails at once when it ends without. Its log tells also of what runs for a moment
   * only, while this process has no time to look.
   */
  async untilRuns(part: string, started: Started): Promise<void> {
    const { child } = started;
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const calls = () => this.log().match(/^\$ .*/gm) ?? [];
    const runs = () => calls().some((call) => call.includes(part));
    let seen = false;
    const look = () => (seen = runs()) || hasEnded();
    await waitUntil(look, `set-up to run ${part}`, { limit: 60_000, every: 10 });
    if (!seen)
      throw new Error(`Set-up ended without being seen to run ${part}:\n${started.output}`);
  }
}

/** Not at one stroke: thousands of files, and the other series of this process have to see what passes meanwhile. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10 });
}

/** What a set-up says that has to fail. */
export async function failed(started: Started): Promise<{ told: string }> {
  const { code, output } = await started.ended;
  if (code === 0) throw new Error(`Set-up succeeded:\n${output}`);
  return { told: output };
}
