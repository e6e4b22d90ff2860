import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stateDir } from '../../paths.js';
import { lockHolder, takeLock } from '../../processes/lock.js';

export interface ClaimedName {
  name: string;
  release(): void;
}

/**
 * The first of `shipping-1`, `shipping-2`, … that no present member of the group has, and that no other terminal
 * of this machine is about to join with.
 */
export function claimName(group: string, present: ReadonlySet<string>): ClaimedName {
  for (let n = 1; ; n++) {
    const name = `${group}-${n}`;
    const lock = present.has(name) ? undefined : takeLock(fileOf(name));
    if (lock) return { name, release: () => lock.release() };
  }
}

/** Whether a terminal of this machine joined under that name, and is gone without having said so. */
export function isLeftover(name: string): boolean {
  return existsSync(fileOf(name)) && !lockHolder(fileOf(name));
}

function fileOf(name: string): string {
  return stateDir('run', 'terminals', createHash('sha256').update(name).digest('hex').slice(0, 16));
}
