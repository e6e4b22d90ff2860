import { existsSync } from 'node:fs';
import { versionOf } from '../files.js';
import type { Folder } from './folder.js';

type Files = Folder['files'];

/** How TypeScript asks for files, and which ones it asks for. */
export class Lookups {
  readonly files: Files;
  private versions: Map<string, string> | undefined;

  constructor(files: Files) {
    const note = (path: string) => void this.versions?.set(path, versionOf(path));
    this.files = {
      ...files,
      readFile: (path) => {
        note(path);
        return files.readFile(path);
      },
      fileExists: (path) => {
        note(path);
        return files.fileExists(path);
      },
      directoryExists: (path) => {
        if (!existsSync(path)) note(path); // in one that is there, it asks on
        return files.directoryExists(path);
      },
    };
  }

  /** What an answer depends on: the files that TypeScript asks for meanwhile, there or not, and the version of each before it. */
  during(question: () => unknown): Map<string, string> {
    const versions = new Map<string, string>();
    this.versions = versions;
    try {
      question();
    } finally {
      this.versions = undefined;
    }
    return versions;
  }
}
