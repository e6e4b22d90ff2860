import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { copyCheckout } from '../faults/clone.ts';
import { ROOT, Started } from '../support/command.ts';
import { withoutUsers } from './users.ts';

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
export default async function setUp({ provide }: TestProject): Promise<(() => void) | undefined> {
  provide('installation', '');
  if (withoutUsers) {
    console.log(`Skipped: ${withoutUsers}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-shared-'));
  chmodSync(folder, 0o755);
  const lab = join(folder, 'lab');
  const end = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  try {
    await install(lab);
  } catch (error) {
    end();
    throw error;
  }
  provide('installation', lab);
  return end;
}

async function install(lab: string): Promise<void> {
  mkdirSync(lab);
  copyCheckout(lab);
  await done('cp', ['-al', join(ROOT, 'node_modules'), lab], lab);
  for (const path of AS_THEY_ARE) cpSync(join(ROOT, path), join(lab, path), { recursive: true });
  await done(process.execPath, ['setup/setup.mjs', '--shared'], lab);
  await Promise.all([
    done(join(lab, '.lab/uv/bin/uv'), [...PIP, '.lab/venv', '-r', 'hub/requirements.txt'], lab),
    done('npm', ['ci', '--prefix', 'hub', '--ignore-scripts', '--no-audit', '--no-fund'], lab),
  ]);
}

const PIP = ['pip', 'install', '--require-hashes', '--quiet', '--python'];

async function done(command: string, args: string[], cwd: string): Promise<void> {
  const { code, output } = await new Started(command, args, {}, { cwd }).ended;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}
