import { versionOf } from '../files.js';
import type { Style } from '../transpile/swc.js';
import type { Finding } from './checker.js';
import { findingsOf } from './findings.js';
import type { Folder } from './folder.js';
import type { Project } from './typescript7.js';

/** The first whose classes define their fields. */
const ES2022 = 9;

/** The folder's own tsconfig.json, as TypeScript has read it. */
export class Configuration {
  /** What is wrong in it. */
  findings: Finding[] = [];
  private read: string | undefined;

  constructor(private readonly folder: Folder) {}

  /** What TypeScript has to read anew, as it was changed since. */
  changed(): string[] {
    const { own, configuration } = this.folder;
    return this.read === undefined || this.read === versionOf(own) ? [] : [configuration, own];
  }

  /** To be called when TypeScript has read it. */
  update({ program }: Project): void {
    const version = versionOf(this.folder.own);
    if (version === this.read) return;
    this.read = version;
    const found = findingsOf(this.folder, [
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getProgramDiagnostics(),
    ]);
    // What is told of a file that it extends, or of no place, has its reason there, too.
    const { own } = this.folder;
    this.findings = found.map((finding) =>
      finding.file === own ? finding : { ...finding, file: own, start: 0, end: 0 },
    );
  }
}

export function styleOf({ compilerOptions }: Project): Style {
  const { experimentalDecorators, emitDecoratorMetadata, target } = compilerOptions;
  const definesByTarget = target === undefined || target >= ES2022;
  return {
    legacyDecorators: experimentalDecorators ?? false,
    decoratorMetadata: emitDecoratorMetadata ?? false,
    definesFields: compilerOptions.useDefineForClassFields ?? definesByTarget,
  };
}
