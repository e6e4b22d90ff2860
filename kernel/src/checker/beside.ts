import { filesReached, versionOf } from '../files.js';
import type { Folder } from './folder.js';
import type { Project } from './typescript7.js';

/** The files beside the notebook that were checked, by TypeScript's names for them. */
export class FilesBeside {
  private readonly versions = new Map<string, string>();

  constructor(private readonly folder: Folder) {}

  /** Those that the text imports, and those that these do: from now on it is noticed when they change. */
  reachedBy(text: string, program: Project['program']): string[] {
    const reached = filesReached(this.folder.path, text);
    if (reached.size === 0) return [];
    const isMeant = (name: string) => reached.has(this.folder.pathOf(name) ?? '');
    const names = program.getSourceFileNames().filter(isMeant);
    for (const name of names) this.versions.set(name, this.versionOf(name));
    return names;
  }

  /** Those that were changed since this was last asked. */
  changed(): string[] {
    const changed = [...this.versions].filter(([name, old]) => this.versionOf(name) !== old);
    for (const [name] of changed) this.versions.set(name, this.versionOf(name));
    return changed.map(([name]) => name);
  }

  private versionOf(name: string): string {
    return versionOf(this.folder.pathOf(name) ?? '');
  }
}
