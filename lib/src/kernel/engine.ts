import type { CompletionInfo, Converter, ConvertResult, Diagnostic } from 'tslab/dist/converter';
import type { Executor } from 'tslab/dist/executor';
import type { DisplayContent } from './messages.js';
import type { Positions } from './positions.js';
import { type EmittedMaps, patchTypeScript } from './typescript.js';

type Display = (content: DisplayContent, update: boolean) => void;

/** How the code of a cell ended. Values are boxed: a cell may throw undefined. */
export type Outcome =
  | { kind: 'done'; result?: { value: unknown } }
  | { kind: 'thrown'; thrown: { value: unknown } }
  | { kind: 'diagnostics'; diagnostics: Diagnostic[] };

/** What tslab puts before the code of a cell, on its first line. */
const WRAPPERS = {
  async: '(async function(exports, require) { ',
  sync: '(function(exports, require) { ',
};

/**
 * tslab's converter and executor, told what they find instead of printing it.
 * Making one loads TypeScript: about a second.
 */
export class Engine {
  private readonly executor: Executor;
  private readonly converter: Converter;
  private readonly maps: EmittedMaps;
  private outcome: Outcome = { kind: 'done' };
  private count = 0;

  constructor(
    private readonly positions: Positions,
    display: Display,
  ) {
    this.maps = patchTypeScript().maps;
    const { createConverter } =
      require('tslab/dist/converter') as typeof import('tslab/dist/converter');
    const { createExecutor } =
      require('tslab/dist/executor') as typeof import('tslab/dist/executor');
    const jupyter = require('tslab/dist/jupyter') as { lastWriteDisplayData: Display };
    jupyter.lastWriteDisplayData = display; // for `import { display } from 'tslab'`
    this.converter = createConverter({ isJS: false, isBrowser: false });
    const node = this.observed(this.converter);
    const close = () => node.close();
    this.executor = createExecutor(process.cwd(), { node, browser: node, close }, this.printer());
  }

  /** Type-checks and runs the code of cell `count`. One at a time. Never rejects. */
  async execute(code: string, count: number): Promise<Outcome> {
    this.outcome = { kind: 'done' };
    this.count = count;
    try {
      refuseBrowser(code);
      const ok = await this.executor.execute(code);
      if (ok || this.outcome.kind !== 'done') return this.outcome;
      return { kind: 'thrown', thrown: { value: new Error('The cell failed without an error.') } };
    } catch (error) {
      return { kind: 'thrown', thrown: { value: error } };
    }
  }

  /** Ends the waiting of the cell that runs. */
  stop(): void {
    this.executor.interrupt();
  }

  /** Compiles without running or remembering anything. */
  warmUp(code: string): void {
    this.converter.convert('', code);
  }

  complete(code: string, position: number): CompletionInfo {
    return this.executor.complete(code, position);
  }

  /** Markdown-free description of what stands at a position; undefined if nothing is known. */
  inspect(code: string, position: number): string | undefined {
    const { printQuickInfo } = require('tslab/dist/inspect') as typeof import('tslab/dist/inspect');
    const info = this.executor.inspect(code, position) as
      | ReturnType<Executor['inspect']>
      | undefined;
    return info && printQuickInfo(info);
  }

  /** The converter as the executor sees it: diagnostics are kept, code knows its origin. */
  private observed(converter: Converter): Converter {
    return {
      ...converter,
      convert: (previous, source) => {
        const result = converter.convert(previous, source);
        this.report(result.diagnostics);
        return result.output ? { ...result, output: this.named(result, source) } : result;
      },
      addModule: (name, content, meta) => this.report(converter.addModule(name, content, meta)),
    };
  }

  private report(diagnostics: Diagnostic[]): Diagnostic[] {
    if (diagnostics.length > 0) this.outcome = { kind: 'diagnostics', diagnostics };
    return diagnostics;
  }

  private named({ output = '', hasToplevelAwait }: ConvertResult, source: string): string {
    const indent = WRAPPERS[hasToplevelAwait ? 'async' : 'sync'].length;
    const maps = [this.maps.second, this.maps.first];
    const lines = output.split('\n').length;
    const file = this.positions.add({ count: this.count, source, maps, lines, indent });
    return `${output}\n//# sourceURL=${file}`;
  }

  /** tslab prints the last value with log, and what was thrown or each diagnostic with error. */
  private printer(): Console {
    const log = (value: unknown) => {
      this.outcome = { kind: 'done', result: { value } };
    };
    const error = (value: unknown) => {
      if (this.outcome.kind !== 'diagnostics') this.outcome = { kind: 'thrown', thrown: { value } };
    };
    return { ...console, log, error };
  }
}

/** tslab takes a cell tagged for the browser, does nothing with it and calls that a success. */
function refuseBrowser(code: string): void {
  const { getCodeMetadata } =
    require('tslab/dist/metadata') as typeof import('tslab/dist/metadata');
  if (getCodeMetadata(code).mode !== 'browser') return;
  throw new Error('@browser cells are not supported here: remove the tag.');
}
