import { type Stats, statSync } from 'node:fs';

/** What is at a path; undefined if nothing is, whatever the reason. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a part of the path is no folder, or may not be entered
  }
}
