import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../support/command.ts';

const run = promisify(execFile);

/** Why Docker cannot be used here; undefined where it can. */
export async function missingDocker(): Promise<string | undefined> {
  const unusable = async (...args: string[]) =>
    run('docker', args, { timeout: 20_000 }).then(
      () => undefined,
      (error: Error & { stderr?: string }) => (error.stderr || error.message).trim().split('\n')[0],
    );
  const engine = await unusable('info', '--format', '{{.ServerVersion}}');
  if (engine) return `no Docker engine answers: ${engine}`;
  const compose = await unusable('compose', 'version');
  return compose && `docker compose is not there: ${compose}`;
}

/** docker compose, of the file at the top of the project, under a project name and ports of its own. */
export class Compose {
  constructor(
    private readonly project: string,
    private readonly env: Record<string, string>,
  ) {}

  async run(...args: string[]): Promise<string> {
    const { stdout } = await run('docker', ['compose', '-p', this.project, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...this.env },
      timeout: 180_000,
    });
    return stdout;
  }

  /** Stops all of it, and says what of it is left: containers, volumes, networks. */
  async down(): Promise<string[]> {
    await this.run('--profile', '*', 'down', '-v');
    const own = ['--filter', `label=com.docker.compose.project=${this.project}`, '-q'];
    const left = await Promise.all([
      run('docker', ['ps', '-a', ...own]),
      run('docker', ['volume', 'ls', ...own]),
      run('docker', ['network', 'ls', ...own]),
    ]);
    return left.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
  }
}
