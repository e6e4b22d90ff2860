import type * as TypeScript from '@tslab/typescript-for-tslab';

type Ts = typeof TypeScript;

/** Where tslab keeps the declarations of earlier cells. */
export const EARLIER_CELLS = '__prev__.d.ts';

/**
 * Creates programs that spell out `{ name }` as `{ name: exports.name }` where an earlier cell declared the name. tslab
 * finds such names everywhere but in the short form, and a cell with one fails: "name is not defined". And keeps it from
 * finding one in what a cell declared to be global.
 * The builder is TypeScript's lightest: the others compute anew for every cell which of all files refers to which.
 */
export function withShorthand(ts: Ts): TypeScript.CreateProgram<TypeScript.BuilderProgram> {
  return (...args) => {
    const builder = ts.createAbstractBuilder(...(args as Parameters<Ts['createAbstractBuilder']>));
    bindCells(ts, builder.getProgram());
    const { emit } = builder;
    builder.emit = (file, write, token, onlyDeclarations, transformers) => {
      const before = [spellOut(ts, builder.getProgram().getTypeChecker())];
      return emit(file, write, token, onlyDeclarations, { ...transformers, before });
    };
    builder.getAllDependencies = (file) => dependencies(builder.getProgram(), file);
    return builder;
  };
}

interface Binding {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
}

/** tslab reads what a cell declares from a program of which it asks nothing else: no checker is needed for that. */
function bindCells(ts: Ts, program: TypeScript.Program): void {
  for (const name of program.getRootFileNames()) {
    const file = program.getSourceFile(name);
    if (!file || (file as Bound).locals) continue;
    (ts as unknown as Binding).bindSourceFile(file, program.getCompilerOptions());
    forgetAugmentations(file);
    placeOriginal(file as Parsed);
  }
}

interface Bound {
  locals?: Map<string, unknown>;
}

interface Parsed {
  path?: string;
  /** What it was parsed as before TypeScript took the `await` in `await (x)` for one. */
  original?: Parsed;
}

/** A type of another module is named relative to the original, which TypeScript forgets to tell where it is. */
function placeOriginal({ path, original }: Parsed): void {
  if (path && original) original.path = path;
}

/** `declare global` and `declare module 'x'` are no names of the cell, though bound as such: tslab would export them. */
function forgetAugmentations(file: TypeScript.SourceFile): void {
  const { locals } = file as Bound;
  for (const name of locals?.keys() ?? []) {
    if (name === '__global' || name.startsWith('"')) locals?.delete(name);
  }
}

/** What TypeScript knows of the imports of a file, and does not declare. */
interface Resolving {
  resolvedModules?: {
    forEach(use: (found: TypeScript.ResolvedModuleWithFailedLookupLocations) => void): void;
  };
}

/** The names of the file and of the sources that it imports, however indirectly. */
function dependencies(program: TypeScript.Program, file: TypeScript.SourceFile): string[] {
  const files = new Set([file]);
  for (const { resolvedModules } of files as Set<Resolving>) {
    resolvedModules?.forEach(({ resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported && !imported.isDeclarationFile) files.add(imported);
    });
  }
  return [...files].map(({ fileName }) => fileName);
}

/** Whether the name stands for a value of an earlier cell, or for something that one declared to be global. */
function originOf(ts: Ts, symbol: TypeScript.Symbol | undefined): 'cell' | 'global' | undefined {
  const earlier = symbol?.declarations?.find((declaration) =>
    declaration.getSourceFile().fileName.endsWith(EARLIER_CELLS),
  );
  const outer = earlier && ts.findAncestor(earlier, ts.isModuleDeclaration);
  const isGlobal = outer && (outer.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
  return isGlobal ? 'global' : earlier && 'cell';
}

function spellOut(
  ts: Ts,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const isEarlier = (node: TypeScript.ShorthandPropertyAssignment) =>
      originOf(ts, checker.getShorthandAssignmentValueSymbol(node)) === 'cell';
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (ts.isIdentifier(node)) {
        const isGlobal = originOf(ts, checker.getSymbolAtLocation(node)) === 'global';
        return isGlobal ? factory.createIdentifier(node.text) : node; // tslab lets alone what is new
      }
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) {
        return ts.visitEachChild(node, visit, context);
      }
      const cell = factory.createIdentifier('exports');
      const value = factory.createPropertyAccessExpression(cell, node.name.text);
      return factory.createPropertyAssignment(node.name.text, value);
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
