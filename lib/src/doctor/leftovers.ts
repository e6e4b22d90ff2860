import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { knownQueues, removeLeftoverQueues } from '../amqp/leftover.js';
import { isOpen } from '../broker/embedded/ports.js';
import { clearUp, recordedKafka, records } from '../broker/supervision/leftover.js';
import { leftoverFolders } from '../broker/supervision/own-folder.js';
import { files } from '../broker/supervision/protocol.js';
import { stateDir, withState } from '../paths.js';
import { leftDrafts, readJson } from '../processes/files.js';
import { lockHolder } from '../processes/lock.js';
import { isAlive, type ProcessId, processStart } from '../processes/processes.js';
import type { Probe } from './examination.js';
import { isServer } from './jupyter.js';

/** A kernel that just starts does not listen yet; in ms. */
const STARTING = 60_000;
const CLEAN = 'npx --no kafka-lab doctor --clean';

/** Files that say something about processes that are gone. They do no harm; they mislead who looks at them. */
export const leftovers: Probe = {
  name: 'Leftovers',
  limit: 5000,
  fix: CLEAN,
  look: async () => {
    const paths = await leftoverFiles();
    const shown = paths.slice(0, 3).map((path) => basename(path));
    const more = paths.length > 3 ? ' …' : '';
    const s = paths.length === 1 ? 'file is' : 'files are';
    const what = `${paths.length} ${s} left of processes that are gone: ${shown.join(', ')}${more}.`;
    return {
      lines: [paths.length === 0 ? 'none' : `${paths.length}`],
      facts: { paths },
      findings: paths.length === 0 ? [] : [{ what, fix: CLEAN }],
    };
  },
};

/** Paths of files and folders whose process is gone. */
export async function leftoverFiles(): Promise<string[]> {
  return [
    ...ofTheSupervisor(),
    ...ofOwnBrokers().filter((path) => existsSync(path)),
    ...knownQueues().flatMap(({ folder, isLeftover }) => (isLeftover ? [folder] : [])),
    ...below('run', 'terminals').filter((path) => !lockHolder(path)),
    ...below('services').filter(isOfEndedService),
    ...leftDrafts(stateDir('run')),
    ...below('jupyter', 'run').filter((path) => ofAServer(path)),
    ...(await ofKernels()),
  ];
}

/** Deletes them, each only if it still is one. @returns how many */
export async function removeLeftoverFiles(): Promise<number> {
  const paths = await leftoverFiles();
  // Under the lock: a supervisor that starts just now writes the very same files.
  await clearUp();
  await removeLeftoverQueues();
  const now = new Set(await leftoverFiles());
  for (const path of paths) if (now.has(path)) rmSync(path, { recursive: true, force: true });
  return paths.filter((path) => !existsSync(path)).length;
}

function ofTheSupervisor(): string[] {
  if (recordedKafka() || lockHolder(files.lock())) return [];
  const paths = [files.address(), ...records(), files.lock()];
  return paths.filter((path) => existsSync(path) && !isOwned(path));
}

function isOwned(path: string): boolean {
  const { pid, start } = readJson<ProcessId>(path) ?? {};
  return pid !== undefined && start !== undefined && isAlive({ pid, start });
}

/** Of brokers that were one notebook's own, and whose notebook is gone. */
function ofOwnBrokers(): string[] {
  const isOver = (name: string) => withState(stateDir('own', name), () => !recordedKafka());
  const names = leftoverFolders().filter(isOver);
  return names.flatMap((name) => [name, `${name}.lock`].map((part) => stateDir('own', part)));
}

function ofAServer(path: string): boolean {
  const pid = Number(/jpserver-(\d+)/.exec(basename(path))?.[1]);
  return Number.isInteger(pid) && !isServer(pid);
}

async function ofKernels(): Promise<string[]> {
  const paths = below('jupyter', 'run').filter((path) => /kernel-[\w-]+\.json$/.test(path));
  const old = paths.filter((path) => Date.now() - writtenAt(path) > STARTING);
  const lives = await Promise.all(
    old.map((path) => isOpen(readJson<{ hb_port: number }>(path)?.hb_port ?? 1)),
  );
  return old.filter((_, i) => !lives[i]);
}

function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
}

function isOfEndedService(path: string): boolean {
  const match = /\.(\d+)\.\d+\.jsonl$/.exec(path);
  return match !== null && processStart(Number(match[1])) === undefined;
}

function below(...parts: string[]): string[] {
  const folder = stateDir(...parts);
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
