import { createRequire } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { Positions } from '../errors/positions.js';
import { fileMeant, readText, versionOf } from '../files.js';
import { shielded } from '../interrupt/shield.js';
import { type Prepare, type Transpiled, transpileFile } from '../transpile/cell.js';
import { WHOLE } from '../transpile/exports.js';
import { outline } from '../transpile/outline.js';
import type { Style } from '../transpile/swc.js';
import { type Namespace, namespaceOf } from './packages.js';
import { atOnce, inTime, type Steps } from './steps.js';

interface Loaded {
  exports: Namespace;
  /** What `require` gives of it. */
  required: unknown;
  version: string;
  /** The files that it imports. */
  needs: string[];
}

/** Loads a module that is imported by a file in the folder. */
export interface Load {
  import(folder: string, id: string): Promise<Namespace>;
  /** Waits for nothing. */
  require(folder: string, id: string): Namespace;
  /** What a file in the folder knows as `require`. */
  requireOf(folder: string): NodeJS.Require;
  style(): Style | undefined;
}

/** Files beside the notebook: compiled as cells are, and run anew when they, or what they import, have changed. */
export class Files {
  private readonly loaded = new Map<string, Loaded>();
  private readonly loading = new Map<string, Namespace>();

  constructor(
    private readonly modules: Load,
    private readonly positions: Positions,
  ) {}

  load(path: string): Promise<Namespace> {
    return inTime(this.steps(path), ({ folder, id }) => this.modules.import(folder, id));
  }

  /** As `load`, at once. @throws Error if the file, or one that it imports, awaits */
  loadAtOnce(path: string): Namespace {
    return atOnce(this.steps(path), ({ folder, id }) => this.modules.require(folder, id));
  }

  /** As `require` does. */
  require(path: string): unknown {
    const exports = this.loadAtOnce(path);
    return this.loaded.get(path)?.required ?? exports;
  }

  /** Forgets what was stopped while it loaded, and so could not say so: it is loaded anew when asked for. */
  dropUnfinished(): void {
    this.loading.clear();
  }

  private *steps(path: string): Steps<Namespace> {
    const started = this.loading.get(path);
    if (started) return started; // files may import each other
    const known = this.loaded.get(path);
    if (known && this.isCurrent(path)) return known.exports;
    this.loaded.delete(path);
    const exports: Namespace = {};
    this.loading.set(path, exports);
    try {
      const version = versionOf(path);
      const loaded = yield* this.run(path, exports);
      this.loaded.set(path, { ...loaded, version });
      return loaded.exports;
    } finally {
      this.loading.delete(path);
    }
  }

  private isCurrent(path: string, seen = new Set<string>()): boolean {
    if (seen.has(path)) return true;
    seen.add(path);
    const known = this.loaded.get(path);
    if (!known || known.version !== versionOf(path)) return false;
    return known.needs.every((need) => this.isCurrent(need, seen));
  }

  private *run(path: string, exports: Namespace): Steps<Omit<Loaded, 'version'>> {
    const source = readText(path);
    if (extname(path) === '.json') return plain(JSON.parse(source));
    const file = shielded(() => compiled(path, source, this.modules.style()));
    if (!file) return plain(requiredAnew(path));
    this.positions.addFile(path, {
      name: relative(process.cwd(), path),
      source,
      origin: file.origin,
    });
    yield* this.execute(path, file, exports);
    const folder = dirname(path);
    const needs = file.imports.flatMap((id) => fileMeant(folder, id) ?? []);
    const whole = WHOLE in exports ? plain(exports[WHOLE]) : { exports, required: exports };
    return { ...whole, needs };
  }

  private *execute(path: string, file: Transpiled, exports: Namespace): Steps<void> {
    const folder = dirname(path);
    const modules: Namespace[] = [];
    for (const id of file.imports) modules.push((yield { folder, id }) as Namespace);
    const stars = file.stars.map((id) => modules[file.imports.indexOf(id)] ?? {});
    for (const star of stars) offer(exports, star, (name) => name !== 'default');
    const load = (id: string) => this.modules.import(folder, id);
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: folder };
    const declare = (accessors: object) => offer(exports, accessors);
    const prepare = runInThisContext(file.code, { filename: path }) as Prepare;
    const run = prepare({}, modules, load, meta, this.modules.requireOf(folder), declare);
    if (file.awaits) yield { path, run };
    else run();
  }
}

/** What is no ES module. */
function plain(required: unknown): Omit<Loaded, 'version'> {
  return { exports: namespaceOf(required), required, needs: [] };
}

/** Adds what `from` offers, each time read from there. */
function offer(exports: Namespace, from: object, isWanted = (_name: string) => true): void {
  for (const name of Object.keys(from).filter(isWanted)) {
    const get = () => (from as Namespace)[name];
    Object.defineProperty(exports, name, { get, enumerable: true, configurable: true });
  }
}

/** Undefined for JavaScript that is no ES module: that of CommonJS Node runs itself. */
function compiled(path: string, source: string, style?: Style): Transpiled | undefined {
  const plan = outline(source);
  const isModule = plan.statements.some(({ node }) => /^(Import|Export)/.test(node.type));
  if (!isModule && /\.c?jsx?$/.test(path)) return undefined;
  return transpileFile(plan, new Set(), style);
}

function requiredAnew(path: string): unknown {
  delete require.cache[path];
  return createRequire(path)(path);
}
