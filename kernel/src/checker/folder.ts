import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isFile, readText } from '../files.js';

/**
 * Below this TypeScript is told that the cell is. Names that begin so are of what no file system has: TypeScript offers no
 * imports for such a text, which it could not do here anyway, and then would offer no names at all.
 */
const NOWHERE = '^/cell/local';
/** The node_modules of the root folder. */
const TOP = /^\/node_modules(\/|$)/;
/** Beside the cell, in a folder that is not there either. */
const CONFIGURATION = '__kernel__';

const COMPILER_OPTIONS = {
  ...{ module: 'esnext', moduleResolution: 'bundler', moduleDetection: 'force' },
  ...{ allowImportingTsExtensions: true, noEmit: true, skipLibCheck: true },
  // What one cell does not use, a later one does.
  ...{ noUnusedLocals: false, noUnusedParameters: false, verbatimModuleSyntax: false },
};

/** The notebook's folder as TypeScript sees it: with the cell in it, and the options for it. */
export class Folder {
  readonly cell: string;
  readonly configuration: string;
  /** The tsconfig.json in the folder, if there is one. */
  readonly own: string;
  /** The text of the cell. */
  text = 'export {};';
  private readonly made: Map<string, () => string>;

  /** `packages`: folders that have what is found from the notebook's folder nowhere. */
  constructor(
    readonly path: string,
    private readonly packages: readonly string[] = [],
  ) {
    const base = join(path, CONFIGURATION);
    this.cell = `${NOWHERE}${join(path, '__cell__.ts')}`;
    this.configuration = join(base, 'tsconfig.json');
    this.own = join(path, 'tsconfig.json');
    this.made = new Map([
      [this.cell, () => this.text],
      [this.configuration, () => this.options()],
      [join(base, 'defaults.json'), () => JSON.stringify({ compilerOptions: this.defaults() })],
    ]);
  }

  /** How TypeScript asks for files: undefined sends it to the file system, null says that there is none. */
  readonly files = {
    readFile: (name: string) => this.made.get(name)?.() ?? this.ifOurs(name, readOrNull),
    fileExists: (name: string) => this.made.has(name) || this.ifOurs(name, isOfferedFile),
    directoryExists: (name: string) =>
      name === join(this.path, CONFIGURATION) || this.ifOurs(name, existsSync),
    realpath: (name: string) => this.ifOurs(name, realpathOf),
    getAccessibleEntries: (name: string) => this.ifOurs(name, entriesOf),
  };

  /** Asks about the file that is meant; undefined if TypeScript finds that by itself. */
  private ifOurs<T>(name: string, ask: (path: string) => T): T | undefined {
    const path = pathFrom(name) ?? (TOP.test(name) ? name : undefined);
    if (path === undefined) return undefined;
    if (!TOP.test(path)) return ask(path);
    // The last place in which it looks for a package stands for the others, too.
    const places = [path, ...this.packages.map((folder) => join(folder, path))];
    return ask(places.find(existsSync) ?? path);
  }

  /** Has TypeScript read these texts in the place of what is at these paths. */
  give(texts: ReadonlyMap<string, string>): void {
    for (const [path, text] of texts) this.made.set(path, () => text);
  }

  /** The path of a file, by TypeScript's name for it; undefined for the cell, and for files of packages. */
  pathOf(name: string): string | undefined {
    if (name === this.cell || name.includes('/node_modules/')) return undefined;
    return pathFrom(name) ?? (isAbsolute(name) ? name : undefined);
  }

  /** What TypeScript says, with the paths that people know. */
  readable(text: string): string {
    return text.replaceAll(NOWHERE, '');
  }

  /** The options of the folder's own tsconfig.json go before the defaults, and after those that a cell needs. */
  private options(): string {
    const all = ['./defaults.json', ...(existsSync(this.own) ? [this.own] : [])];
    return JSON.stringify({
      extends: all,
      compilerOptions: COMPILER_OPTIONS,
      files: [this.cell],
      include: [],
    });
  }

  private defaults() {
    const types = join(require.resolve('@types/node/package.json'), '..', '..');
    return {
      ...{
        strict: true,
        target: 'esnext',
        lib: ['esnext'],
        resolveJsonModule: true,
        allowJs: true,
      },
      ...{ types: ['node'], typeRoots: [join(this.path, 'node_modules', '@types'), types] },
    };
  }
}

function pathFrom(name: string): string | undefined {
  if (!name.startsWith(NOWHERE)) return undefined;
  return name.slice(NOWHERE.length) || '/';
}

function isOfferedFile(path: string): boolean {
  return isOffered(path) && isFile(path);
}

function readOrNull(path: string): string | null {
  try {
    return isOffered(path) ? readText(path) : null;
  } catch {
    return null;
  }
}

/** Whether a package.json is a package's: by that of the folder, only the packages that it names would be offered. */
function isOffered(path: string): boolean {
  return !path.endsWith('/package.json') || path.includes('/node_modules/');
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function entriesOf(path: string): { files: string[]; directories: string[] } {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return {
      files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
      directories: entries.filter((entry) => !entry.isFile()).map(({ name }) => name),
    };
  } catch {
    return { files: [], directories: [] };
  }
}
