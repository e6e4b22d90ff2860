import type { TypeOfName } from './checker.js';
import { type NameSymbol, type Project, type Type, typescript } from './typescript7.js';

/** Whether what is imported under each of the names has a value. */
export function areValues(
  { checker }: Project,
  file: string,
  places: readonly number[],
): boolean[] {
  const { Value } = typescript.sync.SymbolFlags;
  return checker.getSymbolAtPosition(file, places).map((symbol) => {
    const meant = symbol && checker.getAliasedSymbol(symbol);
    // Of what was not found nothing is known.
    return !meant || checker.isUnknownSymbol(meant) || (meant.flags & Value) !== 0;
  });
}

/** The types of what the names at these places stand for. */
export function typesOf(project: Project, file: string, places: readonly number[]): TypeOfName[] {
  const { checker } = project;
  const symbols = checker.getSymbolAtPosition(file, places);
  const known = symbols.filter((symbol) => symbol !== undefined);
  const types = new Map(checker.getTypeOfSymbol(known).map((type, index) => [known[index], type]));
  return symbols.map((symbol) => written(project, file, symbol, types.get(symbol)));
}

function written(
  project: Project,
  file: string,
  symbol: NameSymbol | undefined,
  type: Type | undefined,
): TypeOfName {
  if (!symbol || !type) return { text: 'any', isFresh: false, signatures: [] };
  const signatures = isFunction(project, symbol, type) ? signaturesOf(project, file, type) : [];
  if (signatures.length > 0) return { text: '', isFresh: false, signatures };
  const text = textOf(project, file, type);
  const isUnique = text === `typeof ${symbol.name}`;
  return { text: isUnique ? 'unique symbol' : text, isFresh: isFresh(type), signatures };
}

/** The type as declarations would write it: whole, and with names of other modules' types as `import('…').Name`. */
function textOf({ program, checker }: Project, file: string, type: Type): string {
  return checker.typeToString(type, program.getSourceFile(file), flags());
}

/** Whether it is a function, and has no fields but those of a namespace, which is told of by itself. */
function isFunction({ checker }: Project, { flags }: NameSymbol, type: Type): boolean {
  const { Function, ValueModule } = typescript.sync.SymbolFlags;
  if ((flags & Function) === 0) return false;
  return (flags & ValueModule) !== 0 || checker.getPropertiesOfType(type).length === 0;
}

/** Each way of calling what has that type: `(a: string): void`. */
export function signaturesOf(
  { program, checker, emitter }: Project,
  file: string,
  type: Type,
): string[] {
  const { CallSignature } = typescript.ast.SyntaxKind;
  const source = program.getSourceFile(file);
  const signatures = checker.getSignaturesOfType(type, typescript.sync.SignatureKind.Call);
  return signatures.flatMap((signature) => {
    const node = checker.signatureToSignatureDeclaration(signature, CallSignature, source, flags());
    return node ? [emitter.printNode(node).replace(/;$/, '')] : [];
  });
}

function isFresh(type: Type): boolean {
  if (!type.isLiteralType()) return false;
  return type.getFreshType()?.id === type.id;
}

function flags(): number {
  const { NodeBuilderFlags: all } = typescript.sync;
  return (
    all.NoTruncation |
    all.UseStructuralFallback |
    all.GenerateNamesForShadowedTypeParams |
    all.WriteClassExpressionAsTypeLiteral
  );
}
