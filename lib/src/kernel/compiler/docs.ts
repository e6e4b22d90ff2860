import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

type Documented = TypeScript.Node & { jsDoc?: TypeScript.JSDoc[] };

/** A comment that documents and begins its line, as all do in declaration files. */
const DOCUMENTATION = /^([ \t]*\/\*)\*(?!\/)/gm;

/** The text of a file of declarations, without documentation: of the same length, so that positions stay. */
export function withoutDocs(text: string): string {
  return text.replace(DOCUMENTATION, '$1 ');
}

/**
 * Declarations are read without their documentation, which is two thirds of Node's and takes TypeScript as long as all
 * the rest. It is read when somebody asks for it, a file at a time.
 */
export function documentOnDemand(ts: Ts, read: (path: string) => string | undefined): void {
  const done = new WeakSet<TypeScript.SourceFile>();
  const document = (declarations: readonly TypeScript.Node[] | undefined) => {
    for (const declaration of declarations ?? []) {
      const file = declaration.getSourceFile();
      if (!file.isDeclarationFile || done.has(file)) continue;
      done.add(file);
      addDocs(ts, file, read(file.fileName) ?? '');
    }
  };
  const { getSymbolConstructor, getSignatureConstructor } = allocatorOf(ts);
  before(getSymbolConstructor(), (symbol) => document(symbol.declarations));
  before(getSignatureConstructor(), ({ declaration }) => document(declaration && [declaration]));
}

/** Gives each node the documentation that it has in `text`, if but for that it is the same file. */
function addDocs(ts: Ts, file: TypeScript.SourceFile, text: string): void {
  if (withoutDocs(text) !== file.text) return; // it was changed since
  const add = (node: Documented, twin: Documented) => {
    for (const doc of twin.jsDoc ?? []) Object.assign(doc, { parent: node });
    if (twin.jsDoc) node.jsDoc = twin.jsDoc;
    const twins = childrenOf(ts, twin);
    for (const [index, child] of childrenOf(ts, node).entries()) {
      const other = twins[index];
      if (other) add(child, other);
    }
  };
  add(file, ts.createSourceFile(file.fileName, text, file.languageVersion, true));
}

function childrenOf(ts: Ts, node: TypeScript.Node): TypeScript.Node[] {
  const children: TypeScript.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

type Constructor<T> = { prototype: T };
interface Allocator {
  getSymbolConstructor(): Constructor<TypeScript.Symbol>;
  getSignatureConstructor(): Constructor<TypeScript.Signature>;
}

/** What makes TypeScript's objects; its declarations leave it out. */
function allocatorOf(ts: Ts): Allocator {
  return (ts as unknown as { objectAllocator: Allocator }).objectAllocator;
}

const READERS = [
  ...['getDocumentationComment', 'getContextualDocumentationComment'],
  ...['getJsDocTags', 'getContextualJsDocTags'],
];

/** Calls `prepare` with the object before what is documented of it is read. */
function before<T>({ prototype }: Constructor<T>, prepare: (prototype: T) => void): void {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  for (const name of READERS) {
    const method = methods[name];
    if (!method) continue;
    methods[name] = function (this: T, ...args) {
      prepare(this);
      return method.apply(this, args);
    };
  }
}
