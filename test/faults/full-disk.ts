import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Clone, failed } from './clone.ts';
import { newFolder } from './place.ts';
import { declare, type Entry, type Fault } from './series.ts';

const full: Fault<Clone> = {
  fault: 'the disk is full (tmpfs of 60 MB)',
  told: /The disk is full\.[\s\S]*To mend it: Make room, then run: npm run setup/,
  skip: () =>
    canMount() ? undefined : 'mounting a small tmpfs needs root, and a kernel that lets it',
  run: (clone) => failed(clone.setUp()),
};

/** A folder on a small disk of its own. */
class SmallDisk {
  readonly folder = newFolder();

  mount(size: string, ...options: string[]): void {
    execFileSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      [`size=${size}`, ...options].join(','),
      'tmpfs',
      this.folder,
    ]);
  }

  dispose(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function canMount(): boolean {
  const disk = new SmallDisk();
  try {
    disk.mount('1m');
    disk.dispose();
    return true;
  } catch {
    rmSync(disk.folder, { recursive: true, force: true });
    return false;
  }
}

/** A series on that disk: what opens it a second time finds room. */
export function fullDiskLane(from: () => string): Entry[] {
  let clone: Clone | undefined;
  let disk: SmallDisk | undefined;
  return declare({
    section: 'Set-up',
    faults: [full],
    open: async () => {
      if (disk && clone) {
        disk.mount('2g', 'remount');
        await clone.complete();
        return clone;
      }
      disk = new SmallDisk();
      disk.mount('60m');
      clone = new Clone(from(), join(disk.folder, 'clone'));
      return clone;
    },
    remains: (clone, limit) => clone.place.remains(limit),
    close: async () => {},
    dispose: () => disk?.dispose(),
  });
}
