import { runInThisContext } from 'node:vm';
import type { Prepare, Transpiled } from '../transpile/cell.js';
import type { Modules } from './modules.js';
import { Resources } from './resources.js';
import type { CellNames, Scope } from './scope.js';

/** A cell that can run, under the name of a file. */
export type Compiled = Transpiled & { file: string };

/** What ends the waiting of a cell; whoever stops it knows more. */
const STOPPED = new Error('Stopped.');

/** One run of the code of a cell. */
export class Run {
  private readonly names: CellNames;
  private readonly resources = new Resources();
  private interrupt = () => {};
  private hasEnded = false;

  /** `declared` is called once, at the end, with those of its names that the code has not reached. */
  constructor(
    private readonly cell: Compiled,
    private readonly scope: Scope,
    private readonly modules: Modules,
    private readonly declared: (missing: ReadonlySet<string>) => void,
  ) {
    this.names = scope.begin(cell.hoisted);
  }

  /** Returns what the cell shows, in a list: a promise is not to be awaited. Rejects with what it throws, or its disposal of what it declared by `using`. */
  async shown(): Promise<[unknown] | undefined> {
    let failure: { error: unknown } | undefined;
    let shown: [unknown] | undefined;
    try {
      shown = await this.evaluate();
      failure = await this.race(this.resources.dispose());
    } catch (error) {
      this.fail();
      failure = await this.resources.dispose({ error });
    }
    if (failure) this.fail();
    else this.end(this.names.done());
    if (failure) throw failure.error;
    return shown;
  }

  /** Ends its waiting, or what is left of it if it was stopped while it computed: then it never settles. */
  stop(): void {
    if (this.hasEnded) return;
    this.interrupt();
    this.fail();
    void this.resources.dispose();
  }

  private async evaluate(): Promise<[unknown] | undefined> {
    const { code, file, imports, awaits } = this.cell;
    const modules = await this.race(this.modules.loadAll(imports));
    const { load, meta, require } = this.modules;
    const prepare = runInThisContext(`${code}\n//# sourceURL=${file}`) as Prepare;
    const given = [modules, load, meta, require, this.names.declare, this.resources.use];
    const returned = prepare(this.scope.values, ...given)();
    const shown = awaits ? await this.race(returned as Promise<unknown>) : returned;
    return shown as [unknown] | undefined;
  }

  private fail(): void {
    if (!this.hasEnded) this.end(this.names.failed());
  }

  private end(missing: ReadonlySet<string>): void {
    this.hasEnded = true;
    this.declared(missing);
  }

  /** Settles as `promise` does, or rejects when the cell is stopped. */
  private race<T>(promise: Promise<T>): Promise<T> {
    const stopped = new Promise<never>((_, reject) => {
      this.interrupt = () => reject(STOPPED);
    });
    return Promise.race([promise, stopped]);
  }
}
