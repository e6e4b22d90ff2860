import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { constants, runInThisContext } from 'node:vm';
import { quietly } from '../quietly.js';

/** What a module offers: its exports by name, and as `default` what it is by itself. */
export type Namespace = Record<string, unknown>;

/** Packages and Node's own modules, as a file in the folder would find them. */
export class Packages {
  private readonly require: NodeJS.Require;
  private readonly imported = new Map<string, Namespace>();

  constructor(private readonly folder: string) {
    this.require = createRequire(join(folder, 'cell.js'));
  }

  async load(id: string): Promise<Namespace> {
    const known = this.imported.get(id);
    if (known) return known;
    const isEsModule = this.isEsModule(id);
    if (!isEsModule) return namespaceOf(this.require(id)); // the same object until it is loaded anew
    const namespace = await importFrom(this.folder, id);
    this.imported.set(id, namespace);
    return namespace;
  }

  /** Whether Node would load it as an ES module, or cannot require it at all. */
  private isEsModule(id: string): boolean {
    try {
      const path = this.require.resolve(id);
      return (
        extname(path) === '.mjs' || (extname(path) === '.js' && isModulePackage(dirname(path)))
      );
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    }
  }
}

/** The folder from which a package is found: that of the file, else the first of `others` that has it. */
export function folderWith(id: string, folder: string, others: readonly string[]): string {
  if (/^[./]/.test(id)) return folder;
  return [folder, ...others].find((each) => isFound(id, each)) ?? folder;
}

function isFound(id: string, folder: string): boolean {
  try {
    createRequire(join(folder, 'cell.js')).resolve(id);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'; // one that can only be imported is there
  }
}

/** What the nearest package.json says of files that end in .js. */
export function isModulePackage(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
  } catch {
    return dirname(folder) !== folder && isModulePackage(dirname(folder));
  }
}

/** Node's own import, as if from a file in the folder. */
export function importFrom(folder: string, id: string): Promise<Namespace> {
  const options = {
    filename: join(folder, 'cell.js'),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  };
  return quietly(() => {
    const importHere = runInThisContext('(id) => import(id)', options);
    return importHere(id) as Promise<Namespace>;
  });
}

const namespaces = new WeakMap<object, Namespace>();

/**
 * What `import` gives of a CommonJS module: TypeScript's view of it, not Node's guess. Its names are read from it each
 * time, so that they are what they have become.
 */
export function namespaceOf(exports: unknown): Namespace {
  const isObject =
    (typeof exports === 'object' || typeof exports === 'function') && exports !== null;
  if (!isObject) return { default: exports };
  if ((exports as { __esModule?: unknown }).__esModule) return exports as Namespace;
  const known = namespaces.get(exports);
  if (known) return known;
  const namespace: Namespace = {};
  for (const name of Object.keys(exports)) {
    const get = () => (exports as Namespace)[name];
    Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
  }
  Object.defineProperty(namespace, 'default', { value: exports, enumerable: true });
  namespaces.set(exports, namespace);
  return namespace;
}
