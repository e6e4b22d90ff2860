import { readdirSync, rmSync } from 'node:fs';
import { stateDir, withState } from '../../paths.js';
import { lockHolder, takeLock } from '../../processes/lock.js';
import { endLeftover } from './leftover.js';
import { files } from './protocol.js';

/** The state folder of brokers that are one holder's alone. */
export interface OwnFolder {
  path: string;
  remove(): void;
}

const LOCK = '.lock';
const lockOf = (holder: string) => stateDir('own', holder + LOCK);

/** A folder that lasts until it is removed, or its holder's process has ended and somebody else takes one. */
export async function takeOwnFolder(holder: string): Promise<OwnFolder> {
  for (const name of leftoverFolders()) {
    await withState(stateDir('own', name), endLeftover);
    removeOwn(name);
  }
  // Before there is a folder: whoever sees that one, sees that it is held.
  const lock = takeLock(lockOf(holder));
  const path = stateDir('own', holder);
  const remove = () => {
    rmSync(path, { recursive: true, force: true });
    lock?.release();
  };
  return { path, remove };
}

/** Where nothing could be started in it, nothing of it stays. */
export async function orRemoved<T>(folder: OwnFolder, started: Promise<T>): Promise<T> {
  return started.catch((error) => {
    folder.remove();
    throw error;
  });
}

/** Removes a folder, and the lock of a holder that is gone. */
function removeOwn(name: string): void {
  rmSync(stateDir('own', name), { recursive: true, force: true });
  takeLock(lockOf(name))?.release();
}

/** Which of them are held by nobody: neither by who had them made, nor by a supervisor that has not ended yet. */
export function leftoverFolders(): string[] {
  return ownFolders().filter((name) => {
    const isServed = withState(stateDir('own', name), () => lockHolder(files.lock()));
    return !isServed && !lockHolder(lockOf(name));
  });
}

function ownFolders(): string[] {
  try {
    const names = readdirSync(stateDir('own')).filter((name) => !/\.lock\.[\w.-]+$/.test(name));
    return [...new Set(names.map((name) => name.replace(/\.lock$/, '')))];
  } catch {
    return []; // there never was one
  }
}
