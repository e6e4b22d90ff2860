import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'deno@2.9.6';

/**
 * Calls `use` with Deno's program, fetched from the npm registry into a folder that is removed afterwards: a hundred
 * megabytes, which nothing else here needs.
 * @template T @param {(program: string) => Promise<T>} use
 */
export async function withDeno(use) {
  const folder = mkdtempSync(join(tmpdir(), 'deno-bench-'));
  try {
    const options = ['--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit'];
    execFileSync('npm', ['install', ...options, PACKAGE], { stdio: 'ignore' });
    const platforms = join(folder, 'node_modules', '@deno');
    const [platform] = readdirSync(platforms); // npm installs that of this machine alone
    if (!platform) throw new Error(`${PACKAGE} has no program for this machine.`);
    return await use(join(platforms, platform, 'deno'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
