import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

/** A statement of a declaration file. */
interface Declaration {
  text: string;
  /** What it declares; none for `declare global`. */
  names: string[];
  /** What it may refer to: all words in it. */
  words: Set<string>;
  /** A namespace, or an addition to another module or to what is global: tslab loses these after a cell. */
  isModule: boolean;
}

/** Declarations as the compiler is given them, for one cell. */
export interface Excerpt {
  readonly text: string;
  readonly declarations: readonly Declaration[];
}

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
const MODULE = /\b(?:from|import)\s*\(?\s*("[^"\n]*"|'[^'\n]*')/g;

/**
 * What the cells declared so far. tslab would have the compiler read all of it anew for every cell, which so takes the
 * longer the more cells there were: a cell is given what it names, and what that names.
 */
export class Scope {
  private readonly declarations = new Set<Declaration>();
  private readonly byName = new Map<string, Set<Declaration>>();
  /** The packages and files named so far, in quotes. Without them TypeScript would drop them, and read them anew. */
  private readonly modules = new Set<string>();

  constructor(private readonly ts: Ts) {}

  get isEmpty(): boolean {
    return this.declarations.size === 0;
  }

  /** All of it, for what has to know every name. */
  all(): Excerpt {
    return this.excerpt(new Set(this.declarations));
  }

  /** What `code` can refer to. Words in its strings and comments count: rather too much than too little. */
  for(code: string): Excerpt {
    const needed = new Set([...this.declarations].filter(({ names }) => names.length === 0));
    const words = [wordsIn(code), ...[...needed].map((declaration) => declaration.words)];
    for (const some of words) {
      for (const word of some) {
        for (const declaration of this.byName.get(word) ?? []) {
          if (needed.has(declaration)) continue;
          needed.add(declaration);
          words.push(declaration.words);
        }
      }
    }
    return this.excerpt(needed);
  }

  /** Puts what `text` declares in the place of `before`; returns it. */
  replace({ declarations: before }: Excerpt, text: string): Excerpt {
    const after = this.parse(text);
    const names = new Set(after.flatMap((declaration) => declaration.names));
    const texts = new Set(after.map((declaration) => declaration.text));
    const lost = before.filter(
      (old) => old.isModule && !texts.has(old.text) && !old.names.some((name) => names.has(name)),
    );
    for (const declaration of before) this.remove(declaration);
    for (const declaration of [...lost, ...after]) this.add(declaration);
    return { text, declarations: [...lost, ...after] };
  }

  private excerpt(declarations: Set<Declaration>): Excerpt {
    const anchors = [...this.modules].map((module) => `import ${module};`);
    const texts = [...declarations].map(({ text }) => text);
    return { text: [...anchors, ...texts].join('\n'), declarations: [...declarations] };
  }

  private parse(text: string): Declaration[] {
    for (const [, module = ''] of text.matchAll(MODULE)) this.modules.add(module);
    const { statements } = this.ts.createSourceFile(
      'declarations.d.ts',
      text,
      this.ts.ScriptTarget.Latest,
    );
    return statements.flatMap((statement) => {
      const names = namesOf(this.ts, statement);
      const isModule = this.ts.isModuleDeclaration(statement);
      if (names.length === 0 && !isModule) return [];
      const own = text.slice(statement.pos, statement.end).trim();
      return [{ text: own, names, words: wordsIn(own), isModule }];
    });
  }

  private add(declaration: Declaration): void {
    this.declarations.add(declaration);
    for (const name of declaration.names) {
      const same = this.byName.get(name) ?? new Set();
      this.byName.set(name, same.add(declaration));
    }
  }

  private remove(declaration: Declaration): void {
    this.declarations.delete(declaration);
    for (const name of declaration.names) this.byName.get(name)?.delete(declaration);
  }
}

function wordsIn(text: string): Set<string> {
  return new Set(text.match(WORD));
}

/** The names that a statement declares. Those in patterns do not come in declaration files. */
function namesOf(ts: Ts, statement: TypeScript.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.map(({ name }) => name);
    return names.filter(ts.isIdentifier).map(({ text }) => text);
  }
  if (ts.isImportDeclaration(statement)) return importedNames(ts, statement.importClause);
  if (ts.isImportEqualsDeclaration(statement)) return [statement.name.text];
  const { name } = statement as TypeScript.DeclarationStatement;
  const isGlobal = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
  return name && ts.isIdentifier(name) && !isGlobal ? [name.text] : [];
}

function importedNames(ts: Ts, clause: TypeScript.ImportClause | undefined): string[] {
  const { name, namedBindings } = clause ?? {};
  const names = name ? [name.text] : [];
  if (!namedBindings) return names;
  if (!ts.isNamedImports(namedBindings)) return [...names, namedBindings.name.text];
  return [...names, ...namedBindings.elements.map((element) => element.name.text)];
}
