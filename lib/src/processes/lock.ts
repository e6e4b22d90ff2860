import { randomUUID } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { privateFolder } from '../private.js';
import { readJson } from './files.js';
import { isAlive, type ProcessId, thisProcess } from './processes.js';

interface Entry extends ProcessId {
  nonce: string;
}

export interface Lock {
  /** Whether the file still names this owner: ask again before something that only one may do. */
  owned(): boolean;
  release(): void;
}

/** The living process that holds the lock, if any. */
export function lockHolder(path: string): ProcessId | undefined {
  const entry = readJson<Entry>(path);
  if (entry?.pid === undefined || entry.start === undefined) return undefined;
  const id = { pid: entry.pid, start: entry.start };
  return isAlive(id) ? id : undefined;
}

/** Takes the lock at `path`, also from an owner that has ended. Returns undefined if a living process holds it. */
export function takeLock(path: string): Lock | undefined {
  privateFolder(dirname(path));
  const entry: Entry = { ...thisProcess(), nonce: randomUUID() };
  const prepared = `${path}.${entry.nonce}`;
  writeFileSync(prepared, JSON.stringify(entry), { mode: 0o600 });
  try {
    // Each round either links, meets a living owner, or clears one leftover: a few are plenty.
    for (let round = 0; round < 5; round += 1) {
      if (linked(prepared, path)) return lockOf(path, entry);
      if (lockHolder(path) || !clearStale(path, `${prepared}.stale`)) return undefined;
    }
    return undefined;
  } finally {
    rmSync(prepared, { force: true });
  }
}

function linked(prepared: string, path: string): boolean {
  try {
    // link(2) fails if the name exists, and shows the whole content at once: unlike open, then write.
    linkSync(prepared, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a leftover lock away. Returns false if a living one had replaced it meanwhile. */
function clearStale(path: string, aside: string): boolean {
  try {
    renameSync(path, aside);
  } catch {
    return true; // someone else cleared it: try to link again
  }
  try {
    if (!lockHolder(aside)) return true;
    linked(aside, path); // not the file that was judged: give it back
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

function lockOf(path: string, entry: Entry): Lock {
  const owned = () => readJson<Entry>(path)?.nonce === entry.nonce;
  return {
    owned,
    release: () => {
      if (owned()) rmSync(path, { force: true });
    },
  };
}
