import { readFileSync } from 'node:fs';
import { processCommand } from '../../lib/src/processes/processes.ts';
import type { KernelClient } from './kernel-client.ts';

/** A kernel's process that checks types, by the system's list of children; undefined if it has none. */
export function checkerOf({ process: { pid } }: KernelClient): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  // One that has ended since has no command any more.
  return children.map(Number).find((child) => processCommand(child).includes('--api'));
}
