import type * as TypeScript from '@tslab/typescript-for-tslab';
import { log } from '../log.js';
import { EARLIER_CELLS } from './shorthand.js';

type Ts = typeof TypeScript;
type Entry = TypeScript.CompletionEntry & { symbol?: TypeScript.Symbol };
type Info = TypeScript.CompletionInfo & { entries: Entry[] };
type Complete = (
  host: object,
  program: TypeScript.Program,
  log: () => void,
  file: TypeScript.SourceFile,
  position: number,
  ...rest: unknown[]
) => Info | undefined;

/** What of TypeScript's own completion this kernel uses; its declarations leave it out. */
interface Completions {
  getCompletionsAtPosition: Complete;
  getCompletionsAtPositionForTslab: Complete;
}
interface Internals {
  Completions: Completions;
  SymbolDisplay: {
    getSymbolKind(checker: TypeScript.TypeChecker, symbol: TypeScript.Symbol, at: unknown): string;
  };
}

/** Where TypeScript sorts what the same file declares, before what is global. */
const NEAR = '11';

/**
 * TypeScript's completion for tslab, which also sees the packages and files that an import can name,
 * and says of an imported name what it is instead of that it was imported.
 */
export function withImportPaths(ts: Ts): Completions {
  const { Completions: completions, SymbolDisplay } = ts as unknown as Internals;
  const { getCompletionsAtPosition } = completions;
  const kindOf = (program: TypeScript.Program, { kind, symbol }: Entry, file: unknown) => {
    if (kind !== ts.ScriptElementKind.alias || !symbol) return kind;
    const checker = program.getTypeChecker();
    return SymbolDisplay.getSymbolKind(checker, checker.getAliasedSymbol(symbol), file);
  };
  const complete: Complete = (_host, program, _log, file, position, ...rest) => {
    const host = filesOf(ts, program);
    const [preferences, trigger, kind, token] = rest;
    const info = getCompletionsAtPosition(
      ...([host, program, () => {}, file, position, preferences, trigger, kind, token] as const),
      ...[undefined, true], // no format, and the symbols of the entries
    );
    if (!info) return undefined;
    for (const entry of info.entries) {
      entry.kind = kindOf(program, entry, file) as Entry['kind'];
      if (isEarlier(entry)) entry.sortText = NEAR;
      delete entry.symbol;
    }
    // Of a path, TypeScript says with each entry what it replaces: the same for all.
    const span = info.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
    if (span) info.optionalReplacementSpan ??= { ...span };
    return info;
  };
  return { ...completions, getCompletionsAtPositionForTslab: complete };
}

/** Whether it is a cell's own name: tslab keeps those of earlier cells in a file of declarations. */
function isEarlier({ symbol }: Entry): boolean {
  const { declarations = [] } = symbol ?? {};
  return declarations.some((at) => at.getSourceFile().fileName.endsWith(EARLIER_CELLS));
}

/**
 * The file system as completion asks for it. A package.json is seen only inside a package: with that
 * of the folder, only the packages that it names would be offered.
 */
function filesOf(ts: Ts, program: TypeScript.Program) {
  const { readDirectory, getDirectories, directoryExists, readFile, fileExists } = ts.sys;
  return {
    readDirectory,
    getDirectories,
    directoryExists,
    readFile,
    fileExists: (path: string) =>
      (!path.endsWith('/package.json') || path.includes('/node_modules/')) && fileExists(path),
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCompilationSettings: () => program.getCompilerOptions(),
    useCaseSensitiveFileNames: () => true,
    log,
  };
}
