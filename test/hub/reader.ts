import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { kill, type Outcome, processesWith, Started } from '../support/command.ts';
import { inTime } from '../support/ending.ts';

const NOBODY = 65_534;
/** A Java of such a user makes it, and leaves it there. */
const OF_JAVA = '/tmp/hsperfdata_nobody';

/** Somebody who may read an installation, and not change it: the user `nobody`, with a new home. */
export class Reader {
  readonly home = mkdtempSync(join(tmpdir(), 'kafka-lab-nobody-'));
  readonly own = {
    KAFKA_LAB_STATE: join(this.home, 'state'),
    KAFKA_LAB_NOTEBOOKS: join(this.home, 'kafka'),
  };
  /** What has succeeded. */
  readonly ran: string[] = [];
  private readonly ofOthers = existsSync(OF_JAVA);

  constructor(private readonly lab: string) {
    chownSync(this.home, NOBODY, NOBODY);
  }

  start(line: string, env: Record<string, string> = this.own, cwd = this.lab): Started {
    const [command = '', ...args] = line.split(' ');
    const bare = {
      HOME: this.home,
      PATH: process.env['PATH'] ?? '',
      npm_config_cache: join(this.home, '.npm'),
    };
    return new Started(command, args, { ...bare, ...env }, { cwd, uid: NOBODY, gid: NOBODY });
  }

  /** Runs a command to its end. */
  async run(line: string, env?: Record<string, string>, cwd?: string): Promise<Outcome> {
    return inTime(this.start(line, env, cwd), line);
  }

  /** Runs a command that has to succeed, and returns what it says. */
  async says(line: string, cwd?: string): Promise<string> {
    const { code, output } = await this.run(line, this.own, cwd);
    expect([code, /EACCES|EROFS|EPERM/.exec(output)], `${line}\n${output}`).toEqual([0, null]);
    this.ran.push(line);
    return output;
  }

  /** Ends what is left of it, and removes the home. */
  dispose(): void {
    for (const { pid } of processesWith('HOME', this.home)) kill(pid, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10 });
    if (!this.ofOthers) rmSync(OF_JAVA, { recursive: true, force: true });
  }
}
