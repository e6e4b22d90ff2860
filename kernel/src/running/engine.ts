import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CellChecker } from '../checker/cells.js';
import type { Finding } from '../checker/checker.js';
import type { RestartingChecker } from '../checker/restarting.js';
import type { Positions } from '../errors/positions.js';
import { mapStacks } from '../errors/stacks.js';
import { addModuleCell } from '../files.js';
import { shielded } from '../interrupt/shield.js';
import { log } from '../log.js';
import { type Transpiled, transpileCell } from '../transpile/cell.js';
import { outline } from '../transpile/outline.js';
import { type Display, Modules } from './modules.js';
import { type Compiled, Run } from './run.js';
import { Scope } from './scope.js';
import { NO_BROWSER, tagsOf } from './tags.js';

/** How the code of a cell ended. Values are boxed: a cell may throw undefined. */
export type Outcome =
  | { kind: 'done'; result?: { value: unknown } }
  | { kind: 'thrown'; thrown: { value: unknown } }
  | { kind: 'findings'; findings: Finding[] };

/** How long after a cell its types wait to be asked for: its reply goes first. */
const DESCRIBE_MS = 10;

/** Checks cells, compiles them, and runs them. */
export class Engine {
  readonly checker: CellChecker;
  private readonly scope = new Scope();
  private readonly modules: Modules;
  private latest: Run | undefined;

  constructor(
    process: RestartingChecker,
    private readonly positions: Positions,
    display: Display,
    packages: readonly string[],
  ) {
    this.checker = new CellChecker(process);
    this.modules = new Modules(globalThis.process.cwd(), positions, display, packages);
    mapStacks(positions);
  }

  /**
   * Type-checks and runs the code of cell `count`. One at a time. Never rejects.
   * What `signal` ended while it was checked does not begin to run.
   */
  async execute(code: string, count: number, signal: AbortSignal): Promise<Outcome> {
    try {
      const tags = tagsOf(code);
      if (tags.has('browser')) throw new Error(NO_BROWSER);
      const module = tags.get('module');
      if (module) return this.keep(module, code);
      const compiled = shielded(() => this.compile(code, count));
      if (Array.isArray(compiled)) return { kind: 'findings', findings: compiled };
      await nextTurn(); // the interrupt of a check that took long arrives
      signal.throwIfAborted();
      return await this.run(compiled);
    } catch (error) {
      return { kind: 'thrown', thrown: { value: error } };
    }
  }

  readonly complete = (code: string, position: number) =>
    shielded(() => this.checker.complete(code, position));

  readonly inspect = (code: string, position: number) =>
    shielded(() => this.checker.inspect(code, position));

  readonly syntax = (code: string) => shielded(() => this.checker.syntax(code));

  /** Ends the waiting of the cell that runs, or what is left of one that was stopped while it computed. */
  stop(): void {
    this.latest?.stop();
  }

  /** Checks, compiles and describes without running or remembering anything. */
  warmUp(code: string): void {
    try {
      shielded(() => {
        this.transpiled(code);
        this.checker.rehearse();
      });
    } catch (error) {
      log('not warmed up', error); // the next cell says why
    }
  }

  /** Makes a file of the cell, as far as other cells know: it runs when one of them imports it. */
  private keep(module: string, code: string): Outcome {
    const path = join(globalThis.process.cwd(), `${module}.ts`);
    addModuleCell(path, code);
    const { findings } = shielded(() => this.checker.check(`import './${module}.ts';`));
    if (findings.length === 0) return { kind: 'done' };
    const own = findings.map(({ file, ...found }) =>
      file === undefined || file === path ? found : { ...found, file },
    );
    return { kind: 'findings', findings: own };
  }

  private compile(source: string, count: number): Compiled | Finding[] {
    this.modules.dropUnfinished();
    const found = this.transpiled(source);
    if (Array.isArray(found)) return found;
    const file = this.positions.add({ name: `cell [${count}]`, source, origin: found.origin });
    return { ...found, file };
  }

  private transpiled(source: string): Transpiled | Finding[] {
    const { findings, outline: found, types, style } = this.checker.check(source);
    this.modules.style = style;
    if (findings.length > 0) return findings;
    const plan = found ?? outline(source); // which throws: what TypeScript takes and swc does not
    return transpileCell(plan, { isEarlier: (name) => this.scope.has(name), types, style });
  }

  private async run(compiled: Compiled): Promise<Outcome> {
    const declared = (missing: ReadonlySet<string>) => this.declared(missing);
    this.latest = new Run(compiled, this.scope, this.modules, declared);
    const [value] = (await this.latest.shown()) ?? [];
    return value == null ? { kind: 'done' } : { kind: 'done', result: { value } };
  }

  private declared(missing: ReadonlySet<string>): void {
    this.checker.declare(missing);
    setTimeout(() => this.describe(), DESCRIBE_MS).unref();
  }

  private describe(): void {
    try {
      shielded(() => this.checker.describe());
    } catch (error) {
      log('types not described', error);
    }
  }
}
