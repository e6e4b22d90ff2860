import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from '../support/command.ts';

/** Why this machine gets no users for the tests; undefined where it does. */
export const withoutUsers = reason();

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'users are made as Linux has it.';
  if (process.getuid?.() !== 0) return 'only root can be another user: sudo npm run test:hub';
  const isMeant = process.env['KAFKA_LAB_TEST_USERS'] === 'yes';
  return isMeant ? undefined : 'KAFKA_LAB_TEST_USERS=yes lets it make two users of this machine.';
}

/** Names that nobody else has: users of tests that were killed are removed by them. */
const PREFIX = 'kafkalab-';

export interface SystemUser {
  name: string;
  uid: number;
  home: string;
}

/** Users of this machine with homes in a folder, closed to others. */
export function makeUsers(folder: string, names: string[]): SystemUser[] {
  removeUsers();
  return names.map((short) => {
    const name = PREFIX + short;
    const home = join(folder, name);
    run('useradd', '--create-home', '--home-dir', home, '--shell', '/bin/bash', name);
    run('chmod', '700', home);
    return { name, uid: statSync(home).uid, home };
  });
}

/** Ends all that such users run, and removes them. */
export function removeUsers(): void {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = '', , uid] = line.split(':');
    if (!name.startsWith(PREFIX)) continue;
    for (const { pid } of processesBy(Number(uid))) kill(pid, 'SIGKILL');
    run('userdel', '--force', '--remove', name);
    rmSync(`/tmp/hsperfdata_${name}`, { recursive: true, force: true }); // a Java of theirs leaves it there
  }
}

/** The processes of a user. */
export function processesBy(uid: number): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const owner = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return Number(owner) === uid && command ? [{ pid: Number(name), command }] : [];
      } catch {
        return []; // it is gone
      }
    });
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
