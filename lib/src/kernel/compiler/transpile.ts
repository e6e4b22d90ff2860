import type * as TypeScript from '@tslab/typescript-for-tslab';
import { splitInlineMap } from '../errors/positions.js';
import type { Ts } from './typescript.js';

/** What is known of code that was emitted. */
export interface Emission {
  /** Source maps: module to CommonJS, TypeScript to module. */
  maps: (string | undefined)[];
  /** The names of the values that it exports. */
  values: string[];
  /** Those of them that can be assigned to. */
  variables: string[];
  /** Whether it awaits outside of functions. tslab sees that only where `await` can be nothing else, not in `await (x)`. */
  awaits: boolean;
}
/** By the code. */
export type Emissions = Map<string, Emission>;

/**
 * For tslab's second pass, module to CommonJS: keeps the source maps of both passes, and their comments out of the code.
 * The first pass has checked it: TypeScript's own transpileModule would do so again, and knows no global names.
 */
export function withMaps(ts: Ts, emissions: Emissions): Ts['transpileModule'] {
  return (input, { compilerOptions }) => {
    const { code, map } = splitInlineMap(input);
    const target = ts.ScriptTarget.ESNext; // what is newer than this Node, the first pass has replaced
    const found: Found = { values: [], variables: [], awaits: false };
    const before = [readFile(ts, found), importByRequire(ts)];
    const [output = '', sourceMapText] = emit(
      ts,
      code,
      { ...compilerOptions, ...ALONE, target },
      before,
    );
    const outputText = splitInlineMap(output).code;
    emissions.set(outputText, { ...found, maps: [sourceMapText, map] });
    return { outputText };
  };
}

/** For code that is compiled without the rest of its program. */
const ALONE: TypeScript.CompilerOptions = {
  ...{ allowJs: true, isolatedModules: true, noLib: true, noResolve: true, sourceMap: true },
  ...{ skipDefaultLibCheck: true, suppressOutputPathCheck: true },
};
const FILE = 'cell.js';
const LIBRARY = 'library.d.ts';
/** The types that TypeScript looks for in any program. For each that is missing it would look up which library has it. */
const TYPES = [
  ...['Array<T>', 'Boolean', 'CallableFunction', 'Function', 'IArguments', 'NewableFunction'],
  ...['Number', 'Object', 'RegExp', 'String'],
];
let library: TypeScript.SourceFile | undefined;

/** Returns the code and its source map. */
function emit(
  ts: Ts,
  code: string,
  options: TypeScript.CompilerOptions,
  before: TypeScript.TransformerFactory<TypeScript.SourceFile>[],
): [code: string | undefined, map: string | undefined] {
  library ??= parse(ts, LIBRARY, TYPES.map((type) => `interface ${type} {}`).join('\n'));
  const files = [library, parse(ts, FILE, code)];
  const outputs = new Map<string, string>();
  const program = ts.createProgram([LIBRARY, FILE], options, hostOf(files, outputs));
  program.emit(undefined, undefined, undefined, false, { before });
  return [outputs.get(FILE), outputs.get(`${FILE}.map`)];
}

function parse(ts: Ts, name: string, text: string): TypeScript.SourceFile {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  file.hasNoDefaultLib = true; // such files skipDefaultLibCheck leaves unchecked
  return file;
}

function hostOf(
  files: TypeScript.SourceFile[],
  outputs: Map<string, string>,
): TypeScript.CompilerHost {
  const find = (name: string) => files.find(({ fileName }) => fileName === name);
  return {
    getSourceFile: find,
    writeFile: (name, text) => void outputs.set(name, text),
    getDefaultLibFileName: () => '',
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => '',
    getNewLine: () => '\n',
    fileExists: (name) => find(name) !== undefined,
    readFile: () => undefined,
  };
}

type Found = Omit<Emission, 'maps'>;

function readFile(ts: Ts, found: Found): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return () => (file) => {
    readNames(ts, file, found);
    found.awaits = file.text.includes('await') && awaits(ts, file);
    return file;
  };
}

/** Reads what the module exports: all values of a cell, by `export {}` in its last line. */
function readNames(ts: Ts, file: TypeScript.SourceFile, found: Found): void {
  const variables = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      if (!(flags & ts.NodeFlags.Const))
        for (const { name } of declarations) collect(ts, name, variables);
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      found.values.push(...statement.exportClause.elements.map(({ name }) => name.text));
    }
  }
  found.variables.push(...found.values.filter((name) => variables.has(name)));
}

/** Whether code awaits that runs when the file does, as that of its functions does not. */
function awaits(ts: Ts, node: TypeScript.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => awaits(ts, child)) ?? false;
}

/** The names in a pattern. */
function collect(ts: Ts, name: TypeScript.BindingName, into: Set<string>): void {
  if (ts.isIdentifier(name)) into.add(name.text);
  else
    for (const part of name.elements) if (ts.isBindingElement(part)) collect(ts, part.name, into);
}

/** Compiles `import()` to `require.import()`: in CommonJS it would become a call of require. */
function importByRequire(ts: Ts): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isCallExpression(visited)) return visited;
      if (visited.expression.kind !== ts.SyntaxKind.ImportKeyword) return visited;
      const callee = factory.createPropertyAccessExpression(
        factory.createIdentifier('require'),
        'import',
      );
      return factory.updateCallExpression(visited, callee, undefined, visited.arguments);
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
