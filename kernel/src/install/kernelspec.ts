import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { KernelError, messageOf } from '../explained.js';
import { nodeFlags, name as ownName, version } from '../package.js';
import { LOGO } from '../places.js';

/** What Jupyter reads in kernel.json. */
export interface Kernelspec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: string;
  metadata: Record<string, unknown>;
}

/** The program and the script that a kernelspec runs: absolute paths. */
export interface Run {
  node: string;
  main: string;
}

/** Cells get what is written to descriptors 1 and 2; the kernel's own log is descriptor 3, which only a shell can make. */
const SHELL = ['/bin/sh', '-c', 'exec "$@" --log-descriptor=3 3>&2', ownName];

export function kernelspecOf({ node, main }: Run, displayName: string): Kernelspec {
  return {
    argv: [...SHELL, node, ...nodeFlags, main, '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false, [ownName]: { version } },
  };
}

/** What it runs, whatever options were added; undefined if that is nothing that was written here. */
export function runOf({ argv }: Pick<Kernelspec, 'argv'>): Run | undefined {
  const node = argv[SHELL.length];
  const main = argv[argv.indexOf('{connection_file}') - 1];
  return node?.startsWith('/') && main?.startsWith('/') ? { node, main } : undefined;
}

/** What the folder of a kernelspec holds: nothing, one of this package, or somebody else's. */
export function readKernelspec(folder: string): Kernelspec | 'none' | 'foreign' {
  let text: string;
  try {
    text = readFileSync(join(folder, 'kernel.json'), 'utf8');
  } catch (error) {
    return /^(ENOENT|ENOTDIR)$/.test(`${(error as NodeJS.ErrnoException).code}`)
      ? 'none'
      : 'foreign';
  }
  try {
    const spec = JSON.parse(text) as Kernelspec;
    return Array.isArray(spec.argv) && spec.metadata?.[ownName] ? spec : 'foreign';
  } catch {
    return 'foreign'; // no JSON, or not of this shape
  }
}

/** Each file whole or not at all; what Jupyter lists it by, last. @throws KernelError NOT_WRITABLE */
export function writeKernelspec(folder: string, spec: Kernelspec): void {
  try {
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, basename(LOGO)), readFileSync(LOGO, 'utf8'));
    replaceFile(join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
  } catch (error) {
    throw notWritable(folder, error);
  }
}

/** Returns what else is in the folder, and keeps that in place. @throws KernelError NOT_WRITABLE */
export function removeKernelspec(folder: string): string[] {
  try {
    rmSync(join(folder, 'kernel.json'));
    rmSync(join(folder, basename(LOGO)), { force: true });
    const left = readdirSync(folder);
    if (left.length === 0) rmdirSync(folder);
    return left;
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function notWritable(folder: string, cause: unknown): KernelError {
  return new KernelError('NOT_WRITABLE', {
    what: `${folder} could not be changed.`,
    why: `The system says: ${messageOf(cause)}.`,
    fix: 'Become its owner, or choose another place: --user, --sys-prefix or --prefix FOLDER',
    cause,
  });
}
