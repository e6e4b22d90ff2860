import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Positions } from '../errors/positions.js';
import { fileMeant } from '../files.js';
import type { DisplayContent } from '../messages.js';
import type { Style } from '../transpile/swc.js';
import { Files } from './files.js';
import { folderWith, type Namespace, namespaceOf, Packages } from './packages.js';

export type Display = (content: DisplayContent, update: boolean) => void;

const CODE = /\.([cm]?[jt]sx?|json)$/;

/** What cells import: packages of either kind, Node's modules, files beside the notebook. */
export class Modules {
  /** What cells know as `require`, and as `import.meta`. */
  readonly require: NodeJS.Require;
  readonly meta: object;
  /** Of files beside the notebook: as TypeScript was last told. */
  style: Style | undefined;
  private readonly files: Files;
  private readonly packages = new Map<string, Packages>();

  constructor(
    private readonly folder: string,
    positions: Positions,
    private readonly display: Display,
    /** Folders that have packages which the notebook's own has not. */
    private readonly others: readonly string[] = [],
  ) {
    const filename = join(folder, 'cell.ts');
    this.require = this.requireOf(folder);
    this.meta = { url: pathToFileURL(filename).href, filename, dirname: folder };
    const load = {
      import: (from: string, id: string) => this.loadFrom(from, id),
      require: (from: string, id: string) => this.requireFrom(from, id),
      requireOf: (from: string) => this.requireOf(from),
      style: () => this.style,
    };
    this.files = new Files(load, positions);
  }

  /** As `import()` in a cell. */
  readonly load = (id: string): Promise<Namespace> => this.loadFrom(this.folder, String(id));

  /** All that a cell imports, one after the other, as they may rely on it. */
  async loadAll(ids: readonly string[]): Promise<Namespace[]> {
    const loaded: Namespace[] = [];
    for (const id of ids) loaded.push(await this.load(id));
    return loaded;
  }

  /** Forgets what was stopped while it loaded, and so could not say so: it is loaded anew when asked for. */
  dropUnfinished(): void {
    this.files.dropUnfinished();
    for (const [path, module] of Object.entries(require.cache)) {
      if (module?.loaded === false && module !== require.main) delete require.cache[path];
    }
  }

  private async loadFrom(folder: string, id: string): Promise<Namespace> {
    const path = fileMeant(folder, id);
    if (path !== undefined) return this.files.load(path);
    const home = this.homeOf(id, folder);
    const packages = this.packages.get(home) ?? new Packages(home);
    this.packages.set(home, packages);
    const loaded = await packages.load(id);
    if (id === 'tslab') this.showFor(home);
    return loaded;
  }

  private requireFrom(folder: string, id: string): Namespace {
    const path = fileMeant(folder, id);
    if (path !== undefined) return this.files.loadAtOnce(path);
    const home = this.homeOf(id, folder);
    const exports: unknown = createRequire(join(home, 'cell.ts'))(id);
    if (id === 'tslab') this.showFor(home);
    return namespaceOf(exports);
  }

  private homeOf(id: string, folder: string): string {
    return folderWith(id, folder, this.others);
  }

  /** Node's own, which knows TypeScript, too, and loads anew what was changed. */
  private requireOf(folder: string): NodeJS.Require {
    const node = createRequire(join(folder, 'cell.ts'));
    const at = (id: string) => createRequire(join(this.homeOf(id, folder), 'cell.ts'));
    const require = (id: string): unknown => {
      const path = fileMeant(folder, id);
      return path !== undefined && CODE.test(path) ? this.files.require(path) : at(id)(id);
    };
    const resolve = (id: string, options?: { paths?: string[] }) =>
      options ? node.resolve(id, options) : at(id).resolve(id);
    return Object.assign(require, node, { resolve: Object.assign(resolve, node.resolve) });
  }

  /** Has the functions of the tslab that is found from the folder show things by way of this kernel. */
  private showFor(folder: string): void {
    const load = createRequire(join(folder, 'cell.ts'));
    const jupyter = load('tslab/dist/jupyter') as { lastWriteDisplayData: Display };
    jupyter.lastWriteDisplayData = this.display;
  }
}
