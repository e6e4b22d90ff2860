import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError } from './errors.js';

/** The folder of the checkout: the parent of lib/. */
export const root = resolve(__dirname, '..', '..');

/** Where set-up installs: Python environment, jars. */
export const labDir = join(root, '.lab');

/** The course as it came. Learners of a shared installation have copies: own-folders.ts. */
export const originals = join(root, 'notebooks');

const elsewhere = new AsyncLocalStorage<string>();

/** Where the running lab keeps its data, logs and sockets; KAFKA_LAB_STATE names another folder. */
export function stateDir(...parts: string[]): string {
  return join(elsewhere.getStore() ?? process.env['KAFKA_LAB_STATE'] ?? labDir, ...parts);
}

/** Runs `body`, and all that it starts, with another state folder: for a broker that is nobody else's. */
export function withState<T>(folder: string, body: () => T): T {
  return elsewhere.run(folder, body);
}

/** What set-up found and installed; absolute paths. Written to .lab/installed.json by setup/. */
export interface Installed {
  /** The checkout that was set up; another one means that the folder was moved since. */
  root: string;
  /** What set it up, and runs the kernels. Absent where an earlier set-up wrote this. */
  node?: string;
  python: string;
  /** The folder with jupyter and its siblings. */
  scripts: string;
  java: string;
  /** Kafka's class path, sorted, so that the AOT cache sees the same order each time. */
  jars: string[];
  /** The class path of the queue; absent where an earlier set-up wrote this. */
  queueJars?: string[];
  kafkaVersion: string;
}

/** @throws LabError NOT_SET_UP */
export function installed(): Installed {
  try {
    return JSON.parse(readFileSync(join(labDir, 'installed.json'), 'utf8')) as Installed;
  } catch (cause) {
    throw new LabError('NOT_SET_UP', {
      what: 'The lab is not set up in this folder.',
      why: 'Java, Kafka and JupyterLab are installed by its set-up.',
      fix: 'Run: npm run setup',
      cause,
    });
  }
}
