import { readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildDir } from '../own-folders.js';
import { stateDir } from '../paths.js';
import { argument } from '../shell.js';
import type { Examined, Finding, Probe } from './examination.js';

/** Below this Kafka may find the disk full in the middle of a lesson; in bytes. */
const ENOUGH = 500 * 1024 ** 2;
/** What is worth deleting, in bytes. */
const WORTH = 100 * 1024 ** 2;

export const disk: Probe = {
  name: 'Disk',
  limit: 5000,
  fix: 'npm run setup',
  look: () => {
    const topics = sizeOf(stateDir('data'));
    const build = sizeOf(buildDir());
    const free = freeAt(stateDir());
    return diskExamined({ free, topics, build });
  },
};

export interface DiskUse {
  /** All in bytes. */
  free: number;
  topics: number;
  build: number;
}

export function diskExamined(use: DiskUse): Examined {
  const line = `${inWords(use.free)} free; topics take ${inWords(use.topics)}`;
  const finding = diskFinding(use);
  return { lines: [line], facts: { ...use }, findings: finding ? [finding] : [] };
}

/** Too little room, and what of the lab's own gives most of it back. */
function diskFinding({ free, topics, build }: DiskUse): Finding | undefined {
  if (free >= ENOUGH) return undefined;
  const what = `Only ${inWords(free)} are free on this disk: Kafka stops when it is full.`;
  if (topics >= Math.max(build, WORTH)) return { what, fix: 'npx --no kafka-lab reset topics' };
  if (build >= WORTH) return { what, fix: `rm -r ${argument(buildDir())}` };
  return { what, fix: 'npm cache clean --force' };
}

/** The same without counting files: the free space alone. Takes well below a millisecond. */
export function quickDisk(): Finding[] {
  const finding = diskFinding({ free: freeAt(stateDir()), topics: 0, build: 0 });
  return finding ? [{ ...finding, fix: 'npx --no kafka-lab doctor' }] : [];
}

/** Bytes free for this user where the path is, or will be. */
function freeAt(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return freeAt(dirname(path));
  }
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    if (!entry.isFile()) continue;
    const found = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    // Kafka makes its index files large and leaves them empty: what counts is what the disk gives.
    bytes += found ? (found.blocks ?? 0) * 512 : 0;
  }
  return bytes;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return []; // not there, or changing under us
  }
}

function inWords(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}
