import type * as TypeScript from '@tslab/typescript-for-tslab';

type Ts = typeof TypeScript;
type BuilderProgram = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;

/** Where tslab keeps the declarations of earlier cells. */
export const EARLIER_CELLS = '__prev__.d.ts';

/**
 * Creates programs that spell out `{ name }` as `{ name: exports.name }` where an earlier cell declared the name. tslab
 * finds such names everywhere but in the short form, and a cell with one fails: "name is not defined".
 */
export function withShorthand(ts: Ts): TypeScript.CreateProgram<BuilderProgram> {
  return (...args) => {
    const builder = ts.createEmitAndSemanticDiagnosticsBuilderProgram(
      ...(args as Parameters<Ts['createEmitAndSemanticDiagnosticsBuilderProgram']>),
    );
    const { emit } = builder;
    builder.emit = (file, write, token, onlyDeclarations, transformers) => {
      const before = [spellOut(ts, builder.getProgram().getTypeChecker())];
      return emit(file, write, token, onlyDeclarations, { ...transformers, before });
    };
    return builder;
  };
}

function spellOut(
  ts: Ts,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const isEarlier = (node: TypeScript.ShorthandPropertyAssignment) =>
    checker
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) =>
        declaration.getSourceFile().fileName.endsWith(EARLIER_CELLS),
      );
  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node)) {
        return ts.visitEachChild(node, visit, context);
      }
      const { factory } = context;
      const name = node.name.text;
      const value = factory.createPropertyAccessExpression(
        factory.createIdentifier('exports'),
        name,
      );
      return factory.createPropertyAssignment(name, value);
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
