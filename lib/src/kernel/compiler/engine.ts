import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import type { Converter, ConvertResult, Diagnostic, SideOutput } from 'tslab/dist/converter';
import type { CodeMetadata } from 'tslab/dist/metadata';
import type { Positions } from '../errors/positions.js';
import { mapStacks } from '../errors/stacks.js';
import { shielded } from '../interrupt/shield.js';
import type { DisplayContent } from '../messages.js';
import type { Completer } from './completion.js';
import { withoutExports } from './exports.js';
import type { Inspector } from './inspection.js';
import { type CellLocals, Locals } from './locals.js';
import { type CellRequire, Modules } from './modules.js';
import type { Excerpt } from './scope.js';
import type { Emissions } from './transpile.js';
import { patchTypeScript, type Ts } from './typescript.js';

type Display = (content: DisplayContent, update: boolean) => void;

/** How the code of a cell ended. Values are boxed: a cell may throw undefined. */
export type Outcome =
  | { kind: 'done'; result?: { value: unknown } }
  | { kind: 'thrown'; thrown: { value: unknown } }
  | { kind: 'diagnostics'; diagnostics: Diagnostic[] };

/** A cell that compiled. */
interface Compiled extends ConvertResult {
  output: string;
  /** The names of the values that it declares. */
  values: string[];
  /** Its code runs on when it has returned. */
  awaits: boolean;
  prologue: string;
  /** The earlier declarations that it was compiled with. */
  scope: Excerpt;
}

const ORIGINALS = ['ts', 'tsx', 'js', 'jsx'];

const EPILOGUE = '\n})(__cell__.exports, __cell__.require)';

/**
 * Compiles cells by tslab's converter, and runs them.
 * Making one loads TypeScript: about a second.
 */
export class Engine {
  private readonly converter: Converter;
  private readonly ts: Ts;
  private readonly emissions: Emissions;
  private readonly locals: Locals;
  private readonly modules = new Modules(process.cwd());
  /** Where the code of a cell finds what it is called with. */
  private readonly slot: { require: CellRequire; exports?: object; live?: CellLocals['live'] };
  /** Cells tagged @module, by the path under which they run. */
  private readonly moduleCells = new Map<string, { name: string; source: string }>();
  private unfinished: CellLocals | undefined;
  private interrupt = () => {};

  constructor(
    private readonly positions: Positions,
    display: Display,
  ) {
    const { ts, emissions } = patchTypeScript();
    this.ts = ts;
    this.emissions = emissions;
    mapStacks(positions);
    this.locals = new Locals(ts);
    this.slot = { require: this.modules.require };
    Object.defineProperty(globalThis, '__cell__', { value: this.slot });
    const { createConverter } =
      require('tslab/dist/converter') as typeof import('tslab/dist/converter');
    const jupyter = require('tslab/dist/jupyter') as { lastWriteDisplayData: Display };
    jupyter.lastWriteDisplayData = display; // for `import { display } from 'tslab'`
    this.converter = createConverter({ isJS: false, isBrowser: false });
  }

  /**
   * Type-checks and runs the code of cell `count`. One at a time. Never rejects.
   * What `signal` ended while it was checked does not begin to run.
   */
  async execute(code: string, count: number, signal: AbortSignal): Promise<Outcome> {
    try {
      const { getCodeMetadata } =
        require('tslab/dist/metadata') as typeof import('tslab/dist/metadata');
      const meta = getCodeMetadata(code);
      if (meta.mode === 'browser') throw new Error(NO_BROWSER);
      if (meta.module) return this.addModule(meta, code, count);
      const compiled = shielded(() => this.compile(code, count));
      if (compiled.diagnostics.length > 0) return diagnosed(compiled.diagnostics);
      await nextTurn(); // the interrupt of a check that took long arrives
      signal.throwIfAborted();
      return await this.run(compiled);
    } catch (error) {
      return { kind: 'thrown', thrown: { value: error } };
    }
  }

  /** Whether no cell has declared anything yet. */
  get isFresh(): boolean {
    return this.locals.scope.isEmpty;
  }

  /** Ends the waiting of the cell that runs. */
  stop(): void {
    this.interrupt();
  }

  /** Compiles without running or remembering anything. */
  warmUp(code: string): void {
    shielded(() => this.converter.convert('', code));
    this.emissions.clear();
  }

  readonly complete: Completer = (code, position) =>
    shielded(() => this.converter.complete(this.locals.scope.all().text, code, position).original);

  readonly inspect: Inspector = (code, position) =>
    shielded(() => this.converter.inspect(this.locals.scope.all().text, code, position));

  private addModule(meta: CodeMetadata, source: string, count: number): Outcome {
    const { module = '' } = meta;
    const path = `${join(process.cwd(), module)}.js`;
    this.moduleCells.set(path, { name: `cell [${count}]`, source });
    return diagnosed(shielded(() => this.converter.addModule(module, source, meta)));
  }

  private compile(source: string, count: number): Compiled {
    this.unfinished?.failed(); // code that was stopped while it computed could not say so
    this.unfinished = undefined;
    this.modules.dropUnfinished();
    const { result, scope } = this.convert(withoutExports(this.ts, source));
    const { output = '', sideOutputs = [] } = result;
    const emission = this.emissions.get(output);
    const { maps = [], values = [], variables = [], awaits = false } = emission ?? {};
    const prologue = prologueOf(awaits, variables);
    const written = { name: `cell [${count}]`, source, code: output, maps };
    const file = this.positions.add({ ...written, indent: prologue.length });
    for (const side of sideOutputs) this.remember(side);
    this.emissions.clear();
    return {
      ...result,
      output: `${output}\n//# sourceURL=${file}`,
      values,
      awaits,
      prologue,
      scope,
    };
  }

  private convert(source: string): { result: ConvertResult; scope: Excerpt } {
    const { scope } = this.locals;
    const needed = scope.for(source);
    const result = this.converter.convert(needed.text, source);
    if (result.diagnostics.length === 0) return { result, scope: needed };
    const all = scope.all(); // "Did you mean" takes its proposals from all names
    return { result: this.converter.convert(all.text, source), scope: all };
  }

  /** So that errors in a file that a cell imports, or in a cell tagged @module, name lines as written. */
  private remember({ path, data }: SideOutput): void {
    const { maps = [] } = this.emissions.get(data) ?? {};
    const cell = this.moduleCells.get(path);
    if (cell) {
      this.positions.addFile(path, { ...cell, code: data, maps, virtual: true });
      return;
    }
    const original = ORIGINALS.map((ending) => path.replace(/js$/, ending)).find(existsSync);
    if (!original) return;
    const name = relative(process.cwd(), original);
    const source = readFileSync(original, 'utf8');
    this.positions.addFile(path, { name, source, code: data, maps, virtual: false });
  }

  private async run(cell: Compiled): Promise<Outcome> {
    const { output, prologue, sideOutputs, awaits, lastExpressionVar } = cell;
    const locals = this.locals.begin(cell.scope, cell.declOutput ?? '', cell.values);
    this.unfinished = locals;
    this.modules.update(sideOutputs ?? []);
    try {
      await this.race(this.modules.prepare(output, sideOutputs));
      Object.assign(this.slot, { exports: locals.exports, live: locals.live });
      const returned = runInThisContext(`${prologue}${output}${EPILOGUE}`);
      if (awaits) await this.race(returned);
    } catch (error) {
      locals.failed();
      throw error;
    } finally {
      this.unfinished = undefined;
    }
    locals.done();
    const value = lastExpressionVar && unnamed(locals.take(lastExpressionVar), lastExpressionVar);
    return value == null ? { kind: 'done' } : { kind: 'done', result: { value } };
  }

  /** Settles as `promise` does, or rejects when the cell is interrupted. */
  private race(promise: Promise<unknown>): Promise<unknown> {
    const stopped = new Promise<never>((_, reject) => {
      this.interrupt = () => reject(new Error('Interrupted.'));
    });
    return Promise.race([promise, stopped]);
  }
}

/** A function without a name gets that of the variable in which tslab keeps the last value. */
function unnamed(value: unknown, name: string): unknown {
  if (typeof value === 'function' && value.name === name) {
    Object.defineProperty(value, 'name', { value: '' });
  }
  return value;
}

/** Stands before the code of a cell, on its first line. */
function prologueOf(awaits: boolean, variables: readonly string[]): string {
  const setters = variables.map((name) => `${name}: (__value__) => { ${name} = __value__; }`);
  const live = setters.length > 0 ? `__cell__.live({ ${setters.join(', ')} }); ` : '';
  return `(${awaits ? 'async ' : ''}function(exports, require) { ${live}`;
}

/** It would compile, not run, and look like a success. */
const NO_BROWSER = '@browser cells are not supported here: remove the tag.';

function diagnosed(diagnostics: Diagnostic[]): Outcome {
  return diagnostics.length > 0 ? { kind: 'diagnostics', diagnostics } : { kind: 'done' };
}
