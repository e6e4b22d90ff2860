import { withoutModules } from './imports.js';
import { signaturesOf } from './types.js';
import { type NameSymbol, type Node, type Project, typescript } from './typescript7.js';

/** A name as it stands in a text, and what it means there. */
export interface Named {
  name: string;
  symbol: NameSymbol;
  file: string;
  place: number;
}

/** The name with what it is, as editors show it. */
export function signatureOf(project: Project, named: Named): string {
  return withoutModules(declared(project, named) ?? valued(project, named));
}

/** Of a name that stands for more than a value: how it is declared. */
function declared({ checker }: Project, { name, symbol }: Named): string | undefined {
  const { SymbolFlags: is, NodeBuilderFlags } = typescript.sync;
  const { flags } = symbol;
  const isValue = flags & (is.Function | is.Variable);
  const typed = () => `${name}${parametersOf(symbol, checker)}`;
  if (flags & is.Class) return `class ${typed()}`;
  if (flags & is.Interface && !(flags & is.Variable)) return `interface ${typed()}`;
  if (flags & is.Enum) return `enum ${name}`;
  if (flags & is.Module && !isValue) return `namespace ${name}`;
  if (flags & is.TypeParameter) return `(type parameter) ${name}`;
  if (!(flags & is.TypeAlias) || isValue) return undefined;
  const alias = checker.getDeclaredTypeOfSymbol(symbol);
  return `type ${typed()} = ${checker.typeToString(alias, undefined, NodeBuilderFlags.InTypeAlias)}`;
}

/** `<A, B>`; nothing if it has no type parameters. */
function parametersOf(symbol: NameSymbol, checker: Project['checker']): string {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const parameters = type.isClassOrInterface()
    ? type.getLocalTypeParameters()
    : type.getAliasTypeArguments();
  const names = parameters.map((parameter) => checker.typeToString(parameter));
  return names.length > 0 ? `<${names.join(', ')}>` : '';
}

function valued(project: Project, { name, symbol, file, place }: Named): string {
  const { checker } = project;
  const { SymbolFlags: is } = typescript.sync;
  const isCalled = symbol.flags & (is.Function | is.Method);
  const type = checker.getTypeAtPosition(file, place) ?? checker.getTypeOfSymbol(symbol);
  const calls = type && isCalled ? signaturesOf(project, file, type) : [];
  const [call, ...others] = calls.map((text) => text.replace(/\s*\n\s*/g, ' '));
  const kind = kindOf(project, file, symbol);
  if (!call) return `${kind}${name}: ${type ? checker.typeToString(type) : 'any'}`;
  const more = others.length === 1 ? ' (+1 overload)' : ` (+${others.length} overloads)`;
  return `${kind}${name}${call}${others.length > 0 ? more : ''}`;
}

function kindOf(project: Project, file: string, symbol: NameSymbol): string {
  const { SymbolFlags: is } = typescript.sync;
  const { flags } = symbol;
  if (flags & is.Function) return 'function ';
  if (flags & is.Method) return '(method) ';
  if (flags & is.EnumMember) return '(enum member) ';
  if (flags & (is.Property | is.Accessor)) return '(property) ';
  return `${wordOf(project, file, symbol)} `;
}

/** By which word a variable is declared in the cell: elsewhere nobody sees whether it is const or let. */
function wordOf(project: Project, file: string, { valueDeclaration, flags }: NameSymbol): string {
  const { SyntaxKind, NodeFlags } = typescript.ast;
  const isBlockScoped = flags & typescript.sync.SymbolFlags.BlockScopedVariable;
  const isHere = valueDeclaration?.path.toLowerCase() === file.toLowerCase();
  let node: Node | undefined = isHere ? valueDeclaration.resolve(project) : undefined;
  while (node) {
    if (node.kind === SyntaxKind.Parameter) return '(parameter)';
    if (node.kind === SyntaxKind.VariableDeclarationList) {
      if (!isBlockScoped) return 'var';
      return (node.flags & NodeFlags.BlockScoped) === NodeFlags.Let ? 'let' : 'const';
    }
    node = node.parent;
  }
  return isBlockScoped ? 'const' : 'var';
}
