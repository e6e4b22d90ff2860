import type { Description } from './checker.js';
import { signaturesOf } from './types.js';
import { type NameSymbol, type Node, type Project, typescript } from './typescript7.js';

/** A character of a name. */
const NAME = /[\p{ID_Continue}$#]/u;

/** What stands at a place, or between the brackets of what call, where nothing else does. */
export function describeAt(project: Project, file: string, place: number): Description | undefined {
  const { checker } = project;
  const { text = '' } = project.program.getSourceFile(file) ?? {};
  for (const each of [place, place - 1, calleeAround(project, file, place)]) {
    if (each === undefined || !NAME.test(text[each] ?? '')) continue;
    const symbol = checker.getSymbolAtPosition(file, each);
    if (symbol) return describe(project, file, symbol, each);
  }
  return undefined;
}

function describe(project: Project, file: string, symbol: NameSymbol, place: number): Description {
  const { checker } = project;
  const { Alias } = typescript.sync.SymbolFlags;
  const meant = symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return {
    signature: signatureOf(project, file, { name: symbol.name, symbol: meant }, place),
    documentation: meant.getDocumentationComment(checker),
    tags: meant.getJsDocTags(checker).map(({ name, text = '' }) => ({ name, text })),
  };
}

function signatureOf(
  project: Project,
  file: string,
  { name, symbol }: { name: string; symbol: NameSymbol },
  place: number,
): string {
  const { checker } = project;
  const { SymbolFlags: is } = typescript.sync;
  const { flags } = symbol;
  if (flags & is.Class) return `class ${name}`;
  if (flags & is.Interface && !(flags & is.Variable)) return `interface ${name}`;
  if (flags & is.Enum) return `enum ${name}`;
  if (flags & is.Module && !(flags & (is.Function | is.Variable))) return `namespace ${name}`;
  if (flags & is.TypeAlias) {
    const alias = checker.getDeclaredTypeOfSymbol(symbol);
    return `type ${name} = ${checker.typeToString(alias, undefined, typescript.sync.NodeBuilderFlags.InTypeAlias)}`;
  }
  if (flags & is.TypeParameter) return `(type parameter) ${name}`;
  const type = checker.getTypeAtPosition(file, place) ?? checker.getTypeOfSymbol(symbol);
  const calls = type && flags & (is.Function | is.Method) ? signaturesOf(project, file, type) : [];
  const [call, ...others] = calls.map((text) => text.replace(/\s*\n\s*/g, ' '));
  if (!call) return `${kindOf(symbol)}${name}: ${type ? checker.typeToString(type) : 'any'}`;
  const more = others.length === 1 ? ' (+1 overload)' : ` (+${others.length} overloads)`;
  return `${kindOf(symbol)}${name}${call}${others.length > 0 ? more : ''}`;
}

function kindOf({ flags }: NameSymbol): string {
  const { SymbolFlags: is } = typescript.sync;
  if (flags & is.Function) return 'function ';
  if (flags & is.Method) return '(method) ';
  if (flags & is.EnumMember) return '(enum member) ';
  if (flags & (is.Property | is.Accessor)) return '(property) ';
  return flags & is.BlockScopedVariable ? 'const ' : 'var ';
}

/** The end of the name that is called in the innermost call around a place. */
function calleeAround({ program }: Project, file: string, place: number): number | undefined {
  const { CallExpression, NewExpression } = typescript.ast.SyntaxKind;
  let found: number | undefined;
  const visit = (node: Node): void => {
    if (node.pos > place || place > node.end) return;
    if (node.kind === CallExpression || node.kind === NewExpression) {
      const { expression } = node as unknown as { expression: Node };
      if (place > expression.end) found = expression.end - 1;
    }
    node.forEachChild(visit);
  };
  const source = program.getSourceFile(file);
  if (source) visit(source);
  return found;
}
