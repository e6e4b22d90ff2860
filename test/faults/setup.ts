import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Clone, upstream } from './clone.ts';
import { fullDiskLane } from './full-disk.ts';
import { declare, type Entry, type Fault } from './series.ts';
import { setupErrors } from './setup-errors.ts';
import { setupSteps } from './setup-steps.ts';

/** A series in one clone. Opening it sets it up: the next start of whatever went wrong before. */
function cloneLane(from: () => string, faults: Fault<Clone>[]): Entry[] {
  let clone: Clone | undefined;
  return declare({
    section: 'Set-up',
    faults,
    open: async () => {
      clone ??= new Clone(from());
      await clone.complete();
      return clone;
    },
    remains: (clone, limit) => clone.place.remains(limit),
    close: async () => {},
    dispose: () => clone?.dispose(),
  });
}

export function setup(): Entry[] {
  let made: string | undefined;
  const from = () => (made ??= upstream());
  const entries = [
    ...cloneLane(from, setupSteps),
    ...cloneLane(from, setupErrors),
    ...fullDiskLane(from),
  ];
  void Promise.all(entries.map(({ outcome }) => outcome)).then(() => {
    if (made) rmSync(join(made, '..'), { recursive: true, force: true });
  });
  return entries;
}
