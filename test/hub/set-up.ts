import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { copyCheckout } from '../faults/clone.ts';
import { ROOT, Started } from '../support/command.ts';
import { endAll, inTime } from '../support/ending.ts';
import { endHub } from './hub.ts';
import { removeUsers, withoutUsers } from './users.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of a lab that is set up for all users of the machine; empty where the tests are skipped. */
    installation: string;
  }
}

/** What set-up need not make once more: it does not depend on the folder. */
const AS_THEY_ARE = [
  ...['lib/dist', 'kernel/dist', '.lab/uv', '.lab/java/jars', '.lab/java/qpid'],
  ...['uv', 'jars', 'kernel', 'library'].map((stamp) => `.lab/stamps/${stamp}`),
];

/** A lab for all users, as docs/instructors.md has it, with a hub's packages. */
export default async function setUp({
  provide,
}: TestProject): Promise<(() => Promise<void>) | undefined> {
  provide('installation', '');
  if (withoutUsers) {
    console.log(`Skipped: ${withoutUsers}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-shared-'));
  chmodSync(folder, 0o755);
  const lab = join(folder, 'lab');
  // Also where a test was cut off, and ended nothing itself.
  const end = () =>
    endAll({
      hub: () => endHub(lab),
      users: removeUsers,
      folder: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
    });
  try {
    await install(lab);
  } catch (error) {
    await end();
    throw error;
  }
  provide('installation', lab);
  return end;
}

async function install(lab: string): Promise<void> {
  mkdirSync(lab);
  copyCheckout(lab);
  // No hard links: set-up lets others read it, and may be on another file system.
  await done('cp', ['-a', '--reflink=auto', join(ROOT, 'node_modules'), lab], lab);
  for (const path of AS_THEY_ARE) cpSync(join(ROOT, path), join(lab, path), { recursive: true });
  await done(process.execPath, ['setup/setup.mjs', '--shared'], lab);
  await Promise.all([
    done(join(lab, '.lab/uv/bin/uv'), [...PIP, '.lab/venv', '-r', 'hub/requirements.txt'], lab),
    done('npm', ['ci', '--prefix', 'hub', '--ignore-scripts', '--no-audit', '--no-fund'], lab),
  ]);
}

/** The longest that one step of it may take, in ms. */
const INSTALLING = 600_000;

const PIP = ['pip', 'install', '--require-hashes', '--quiet', '--python'];

async function done(command: string, args: string[], cwd: string): Promise<void> {
  const line = `${command} ${args.join(' ')}`;
  const started = new Started(command, args, {}, { cwd });
  const { code, output } = await inTime(started, line, INSTALLING);
  if (code !== 0) throw new Error(`${line} ended with ${code}:\n${output}`);
}
