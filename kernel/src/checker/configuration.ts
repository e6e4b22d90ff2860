import { isFile, versionOf } from '../files.js';
import type { Style } from '../transpile/swc.js';
import type { Finding } from './checker.js';
import { findingsOf } from './findings.js';
import type { Folder } from './folder.js';
import { joinedLibraries } from './libraries.js';
import type { Lookups } from './lookups.js';
import { type API, librariesOf, type Project } from './typescript7.js';

/** The first whose classes define their fields. */
const ES2022 = 9;

/**
 * The folder's own tsconfig.json, and what that extends, as TypeScript has read them. It keeps more of them than it can be
 * told to forget, what was not there included: for what was changed, another process is started.
 */
export class Configuration {
  /** Of whatever it depends on, there or not. */
  private versions: ReadonlyMap<string, string> = new Map();
  private found: Finding[] | undefined;

  constructor(private readonly folder: Folder) {}

  /** To be called before TypeScript makes its program. `lookups`: those of `api`. */
  read(api: API, lookups: Lookups): void {
    const { own, configuration } = this.folder;
    const version = versionOf(own);
    let options: { lib?: string[]; libReplacement?: boolean } = {};
    const asked = lookups.during(() => ({ options } = api.parseConfigFile(configuration)));
    this.versions = new Map([...asked, [own, version]]);
    const { lib = [], libReplacement = false } = options;
    if (!libReplacement) this.folder.give(joinedLibraries(librariesOf(api), lib));
  }

  /** Whether something was changed since it was read. */
  isOutdated(): boolean {
    return [...this.versions].some(([path, version]) => versionOf(path) !== version);
  }

  /** What is wrong in it. */
  findings(project: Project): Finding[] {
    return (this.found ??= this.findingsIn(project));
  }

  private findingsIn({ program }: Project): Finding[] {
    const found = findingsOf(this.folder, [
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getProgramDiagnostics(),
    ]);
    // What is told of no place, or of the kernel's own options, has its reason in the first file.
    const { own } = this.folder;
    return found.map((finding) =>
      isFile(finding.file ?? '') ? finding : { ...finding, file: own, start: 0, end: 0 },
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
