import type { Description, Tag } from './checker.js';
import { signatureOf } from './signatures.js';
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
  const tags = meant.getJsDocTags(checker).map(({ name, text = '' }) => ({ name, text }));
  return {
    signature: signatureOf(project, { name: symbol.name, symbol: meant, file, place }),
    documentation: meant.getDocumentationComment(checker),
    tags: unique(tags),
  };
}

/** Overloads often say the same of what they have in common. */
function unique(tags: Tag[]): Tag[] {
  return [...new Map(tags.map((tag) => [`${tag.name} ${tag.text}`, tag])).values()];
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
