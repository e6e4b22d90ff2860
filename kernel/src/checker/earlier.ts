import type { Declaration } from './declarations.js';
import { Imports } from './imports.js';

interface Known extends Declaration {
  /** What it may refer to: all words in it. */
  words: Set<string>;
}

/** Without it, what a cell declares would be global. */
const MODULE_MARK = 'export {};';
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/**
 * What the cells declared so far. All of it would take TypeScript the longer the more cells there were: a cell is given
 * what it names, and what that names.
 */
export class EarlierCells {
  private readonly byName = new Map<string, Known[]>();
  private readonly augmentations = new Map<string, Known>();
  private readonly imports = new Imports();

  get isEmpty(): boolean {
    return this.byName.size === 0 && this.augmentations.size === 0;
  }

  /** All of it but what `own` declares anew, for what has to know every name. */
  all(own: ReadonlySet<string>): string {
    const known = [...this.byName].filter(([name]) => !own.has(name)).flatMap(([, each]) => each);
    return this.excerpt([...this.augmentations.values(), ...known]);
  }

  /** What `code` can refer to. Words in its strings and comments count: rather too much than too little. */
  for(code: string, own: ReadonlySet<string>): string {
    const needed = new Set<Known>(this.augmentations.values());
    const seen = new Set(own);
    const words = [wordsIn(code), ...[...needed].map((known) => known.words)];
    for (const some of words) {
      for (const word of some) {
        if (seen.has(word)) continue;
        seen.add(word);
        for (const known of this.byName.get(word) ?? []) {
          needed.add(known);
          words.push(known.words);
        }
      }
    }
    return this.excerpt([...needed]);
  }

  /** Takes what a cell declared, in the place of what had the same name; not the values that are `missing`. */
  add(declarations: readonly Declaration[], missing: ReadonlySet<string> = new Set()): void {
    const kept = declarations.filter(({ name = '', isValue }) => !(isValue && missing.has(name)));
    for (const { name } of kept) if (name !== undefined) this.byName.delete(name);
    for (const declaration of kept) {
      const { name, imported } = declaration;
      if (imported) this.imports.alias(imported.from);
      const text = this.imports.withAliases(declaration.text);
      const known = { ...declaration, text, words: wordsIn(text) };
      if (name === undefined) this.augmentations.set(text, known);
      else this.byName.set(name, [...(this.byName.get(name) ?? []), known]);
    }
  }

  private excerpt(known: readonly Known[]): string {
    const imported = known.flatMap(({ name = '', imported }) =>
      imported ? [{ name, imported }] : [],
    );
    const texts = new Set(known.map(({ text }) => text).filter(Boolean));
    return [MODULE_MARK, ...this.imports.lines(imported), ...texts, ''].join('\n');
  }
}

function wordsIn(text: string): Set<string> {
  return new Set(text.match(WORD));
}
