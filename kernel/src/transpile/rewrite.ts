import { type AnyNode, type ImportDeclaration, type Program, parse } from 'acorn';
import { type Edited, Edits } from './edits.js';
import { references } from './names.js';
import type { OwnNames } from './own-names.js';
import { childrenOf, isA } from './scopes.js';

/** In a list: a promise is not to be awaited, and a field would give a function its name. */
const LAST = ['return [(', ')];'] as const;

export interface Rewritten {
  edited: Edited;
  /** The modules that it imports, in order: what it imports from the nth is read from `__imports__[n]`. */
  imports: string[];
  /** It awaits outside of functions. */
  awaits: boolean;
}

/**
 * Makes the body of a function of a module in JavaScript: names that `isEarlier` are read from the scope, imported ones
 * from the modules that the function is given, each time anew. With `showsLast`, it returns the value of its last expression.
 */
export function rewrite(
  code: string,
  { isEarlier, showsLast }: { isEarlier: (name: string) => boolean; showsLast: boolean },
  own: OwnNames,
): Rewritten {
  const program = parse(code, {
    ...({ ecmaVersion: 'latest', sourceType: 'module' } as const),
    allowAwaitOutsideFunction: true,
  });
  const edits = new Edits(code);
  const { imports, bindings } = removeImports(program, edits, own);
  for (const { identifier, use } of references(program)) {
    const { name, start, end } = identifier;
    const source = bindings.get(name) ?? (isEarlier(name) ? `${own.scope}.${name}` : undefined);
    if (source === undefined) continue;
    if (use === 'property') edits.insert(end, `: ${source}`);
    else edits.replace(start, end, use === 'call' ? `(0, ${source})` : source);
  }
  if (code.includes('import')) for (const each of program.body) replaceMeta(each, edits, own);
  if (showsLast) returnLast(program, edits);
  const isAsync = code.includes('await') && program.body.some(awaits);
  return { edited: edits.apply(), imports, awaits: isAsync };
}

/** Where each imported name is read from. */
function removeImports({ body }: Program, edits: Edits, own: OwnNames) {
  const declarations = body.filter(isA('ImportDeclaration'));
  const imports = [...new Set(declarations.map(({ source }) => String(source.value)))];
  const bindings = new Map<string, string>();
  for (const declaration of declarations) {
    const module = `${own.imports}[${imports.indexOf(String(declaration.source.value))}]`;
    for (const [local, path] of bindingsOf(declaration)) bindings.set(local, module + path);
    edits.replace(declaration.start, declaration.end, '');
  }
  // What swc writes where nothing else says that this is a module.
  for (const { start, end } of body.filter(isA('ExportNamedDeclaration'))) {
    edits.replace(start, end, '');
  }
  return { imports, bindings };
}

function bindingsOf({ specifiers }: ImportDeclaration): [local: string, path: string][] {
  return specifiers.map((specifier) => {
    const { local } = specifier;
    if (specifier.type === 'ImportNamespaceSpecifier') return [local.name, ''];
    if (specifier.type === 'ImportDefaultSpecifier') return [local.name, '.default'];
    const { imported } = specifier;
    const isName = imported.type === 'Identifier';
    return [local.name, isName ? `.${imported.name}` : `[${JSON.stringify(imported.value)}]`];
  });
}

/** `import()` and `import.meta` are those of a file in the folder of the notebook, which the function is not. */
function replaceMeta(node: AnyNode, edits: Edits, own: OwnNames): void {
  if (node.type === 'ImportExpression') {
    edits.replace(node.start, node.start + 'import'.length, own.import);
  } else if (node.type === 'MetaProperty' && node.meta.name === 'import') {
    edits.replace(node.start, node.end, own.meta);
  }
  for (const child of childrenOf(node)) replaceMeta(child, edits, own);
}

function returnLast({ body }: Program, edits: Edits): void {
  const last = body.findLast(isA('ExpressionStatement'));
  if (!last) return;
  edits.insert(last.start, LAST[0]);
  edits.replace(last.end - 1, last.end, LAST[1]); // swc ends each statement with a semicolon
}

/** Whether code awaits that runs when the module does, as that of its functions does not. */
function awaits(node: AnyNode): boolean {
  if (/Function/.test(node.type)) return false;
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await))
    return true;
  return childrenOf(node).some(awaits);
}
