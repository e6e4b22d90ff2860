import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { Positions } from '../errors/positions.js';
import { fileMeant, versionOf } from '../files.js';
import { shielded } from '../interrupt/shield.js';
import { type Prepare, type Transpiled, transpileFile } from '../transpile/cell.js';
import { outline } from '../transpile/outline.js';
import { type Namespace, namespaceOf } from './packages.js';

interface Loaded {
  exports: Namespace;
  version: string;
  /** The files that it imports. */
  needs: string[];
}

/** Loads a module that is imported by a file in the folder. */
export type Load = (folder: string, id: string) => Promise<Namespace>;

/** Files beside the notebook: compiled as cells are, and run anew when they, or what they import, have changed. */
export class Files {
  private readonly loaded = new Map<string, Loaded>();
  private readonly loading = new Map<string, Namespace>();

  constructor(
    private readonly importFrom: Load,
    private readonly positions: Positions,
  ) {}

  async load(path: string): Promise<Namespace> {
    const started = this.loading.get(path);
    if (started) return started; // files may import each other
    const known = this.loaded.get(path);
    if (known && this.isCurrent(path)) return known.exports;
    this.loaded.delete(path);
    const exports: Namespace = {};
    this.loading.set(path, exports);
    try {
      const version = versionOf(path);
      const loaded = await this.run(path, exports);
      this.loaded.set(path, { ...loaded, version });
      return loaded.exports;
    } finally {
      this.loading.delete(path);
    }
  }

  /** Forgets what was stopped while it loaded, and so could not say so: it is loaded anew when asked for. */
  dropUnfinished(): void {
    this.loading.clear();
  }

  private isCurrent(path: string, seen = new Set<string>()): boolean {
    if (seen.has(path)) return true;
    seen.add(path);
    const known = this.loaded.get(path);
    if (!known || known.version !== versionOf(path)) return false;
    return known.needs.every((need) => this.isCurrent(need, seen));
  }

  private async run(path: string, exports: Namespace): Promise<Omit<Loaded, 'version'>> {
    const source = readFileSync(path, 'utf8');
    if (extname(path) === '.json') return { exports: namespaceOf(JSON.parse(source)), needs: [] };
    const file = shielded(() => compiled(path, source));
    if (!file) return { exports: namespaceOf(requiredAnew(path)), needs: [] };
    this.positions.addFile(path, {
      name: relative(process.cwd(), path),
      source,
      origin: file.origin,
    });
    await this.execute(path, file, exports);
    const folder = dirname(path);
    return { exports, needs: file.imports.flatMap((id) => fileMeant(folder, id) ?? []) };
  }

  private async execute(path: string, file: Transpiled, exports: Namespace): Promise<void> {
    const folder = dirname(path);
    const load = (id: string) => this.importFrom(folder, id);
    const modules: Namespace[] = [];
    for (const id of file.imports) modules.push(await load(id));
    const stars = file.stars.map((id) => modules[file.imports.indexOf(id)] ?? {});
    for (const star of stars) offer(exports, star, (name) => name !== 'default');
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: folder };
    const declare = (accessors: object) => offer(exports, accessors);
    const prepare = runInThisContext(file.code, { filename: path }) as Prepare;
    await prepare({}, modules, load, meta, createRequire(path), declare)();
  }
}

/** Adds what `from` offers, each time read from there. */
function offer(exports: Namespace, from: object, isWanted = (_name: string) => true): void {
  for (const name of Object.keys(from).filter(isWanted)) {
    const get = () => (from as Namespace)[name];
    Object.defineProperty(exports, name, { get, enumerable: true, configurable: true });
  }
}

/** Undefined for JavaScript that is no ES module: that of CommonJS Node runs itself. */
function compiled(path: string, source: string): Transpiled | undefined {
  const plan = outline(source);
  const isModule = plan.statements.some(({ node }) => /^(Import|Export)/.test(node.type));
  if (!isModule && /\.c?jsx?$/.test(path)) return undefined;
  return transpileFile(plan, new Set());
}

function requiredAnew(path: string): unknown {
  delete require.cache[path];
  return createRequire(path)(path);
}
