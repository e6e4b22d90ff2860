import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { compileFunction, constants, runInThisContext } from 'node:vm';
import type { SideOutput } from 'tslab/dist/converter';

type Load = (id: string) => unknown;
/** What cells know as `require`. Their `import()` is compiled to its `import`. */
export type CellRequire = Load & { import(id: string): Promise<unknown> };

const REQUIRED = /\brequire(?:\.import)?\((["'])([^"'\n]+)\1\)/g;

/** What cells import: packages of either kind, files beside the notebook, cells tagged @module. */
export class Modules {
  readonly require: CellRequire;
  /** By absolute path with the ending .js. */
  private readonly compiled = new Map<string, string>();
  private readonly loaded = new Map<string, { exports: unknown }>();
  private readonly loading = new Set<string>();
  private readonly imported = new Map<string, unknown>();
  /** Of what was found; Node does not look for that again either. What is missing may be installed meanwhile. */
  private readonly isEsModule = new Map<string, boolean>();

  constructor(private readonly folder: string) {
    this.require = this.requireFrom(folder);
  }

  /** Takes files that were compiled for the first time, or anew: they are loaded again when asked for. */
  update(outputs: readonly SideOutput[]): void {
    for (const { path, data } of outputs) {
      this.compiled.set(path, data);
      this.loaded.delete(path);
    }
  }

  /** Loads the ES modules that the code will require: that cannot be done while it runs, not in every Node. */
  async prepare(code: string, outputs: readonly SideOutput[] = []): Promise<void> {
    await this.importAll(code, this.folder);
    for (const { path, data } of outputs) await this.importAll(data, dirname(path));
  }

  /** Forgets what was stopped while it loaded, and so could not say so: it is loaded anew when asked for. */
  dropUnfinished(): void {
    for (const path of this.loading) this.loaded.delete(path);
    this.loading.clear();
    for (const [path, module] of Object.entries(require.cache)) {
      if (module?.loaded === false && module !== require.main) delete require.cache[path];
    }
  }

  private async importAll(code: string, folder: string): Promise<void> {
    for (const [text, , id = ''] of code.matchAll(REQUIRED)) {
      if (text.includes('.import(') || this.imported.has(keyOf(folder, id))) continue;
      if (this.mustImport(id, folder)) this.imported.set(keyOf(folder, id), await load(id, folder));
    }
  }

  private requireFrom(folder: string): CellRequire {
    const node = createRequire(join(folder, 'cell.js'));
    const own: Load = (id) => {
      if (id === 'tslab') return require('tslab');
      const file = this.file(folder, id);
      return file ? file.exports : (this.imported.get(keyOf(folder, id)) ?? node(id));
    };
    const importOwn = async (id: string) =>
      this.mustImport(id, folder) ? load(id, folder) : namespaceOf(own(id));
    return Object.assign(own, node, { import: importOwn });
  }

  private mustImport(id: string, folder: string): boolean {
    const key = keyOf(folder, id);
    const isEsModule = this.isEsModule.get(key) ?? looksLikeEsModule(id, folder);
    if (isEsModule !== undefined) this.isEsModule.set(key, isEsModule);
    return isEsModule ?? false;
  }

  /** A compiled file, run when it is asked for the first time. */
  private file(folder: string, id: string): { exports: unknown } | undefined {
    const joined = join(folder, id).replaceAll('\\', '/');
    const path = extname(joined) === '' ? `${joined}.js` : joined;
    const code = this.compiled.get(path);
    const known = this.loaded.get(path);
    if (known || code === undefined) return known;
    const module = { exports: {} as unknown };
    this.loaded.set(path, module); // first: files may import each other
    this.loading.add(path);
    try {
      const names = ['exports', 'require', 'module', '__filename', '__dirname'];
      const run = compileFunction(code, names, { filename: path });
      run(module.exports, this.requireFrom(dirname(path)), module, path, dirname(path));
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    } finally {
      this.loading.delete(path);
    }
    return module;
  }
}

function keyOf(folder: string, id: string): string {
  return `${folder}\0${id}`;
}

/** Whether Node would load it as an ES module, or cannot require it at all; undefined if it is not there. */
function looksLikeEsModule(id: string, folder: string): boolean | undefined {
  if (id === 'tslab') return false;
  try {
    const path = createRequire(join(folder, 'cell.js')).resolve(id);
    return extname(path) === '.mjs' || (extname(path) === '.js' && isModulePackage(dirname(path)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? true : undefined;
  }
}

/** What the nearest package.json says of files that end in .js. */
function isModulePackage(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
  } catch {
    return dirname(folder) !== folder && isModulePackage(dirname(folder));
  }
}

/** Node's own import, as if from a file in the folder. What compiled code asks first is whether it has a default. */
async function load(id: string, folder: string): Promise<unknown> {
  const options = {
    filename: join(folder, 'cell.js'),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  };
  const namespace = await quietly(() => {
    const importHere = runInThisContext('(id) => import(id)', options) as (id: string) => object;
    return importHere(id);
  });
  return new Proxy(namespace, {
    get: (target, name) => name === '__esModule' || Reflect.get(target, name),
  });
}

/** Node 20 calls that way of loading experimental, in the output of the cell that is the first to use it. */
function quietly<T>(body: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return body();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** What `import()` gives of a CommonJS module: TypeScript's view of it, not Node's guess. */
function namespaceOf(exports: unknown): unknown {
  const { __esModule } = (exports ?? {}) as { __esModule?: unknown };
  if (__esModule) return exports;
  return { ...(typeof exports === 'object' ? exports : {}), default: exports };
}
