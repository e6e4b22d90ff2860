import type { Imported } from './declarations.js';

/** A name, and what it is imported as. */
export interface ImportedName {
  name: string;
  imported: Imported;
}

const ALIAS = /^__module_\d+__$/;

/** What TypeScript writes before names of other modules. */
const OF_MODULE = /\b(?:__module_\d+__|import\("[^"]*"\))\.(?=[\p{ID_Start}$_])/gu;

/** A type as people write it, who have imported its names. */
export function withoutModules(type: string): string {
  return type.replace(OF_MODULE, '');
}

/** Whether it is one of the names under which modules are known, which are for TypeScript alone. */
export function isAlias(name: string): boolean {
  return ALIAS.test(name);
}

/** A module in a type: `import("pkg").Name`. */
const IN_TYPE = /\bimport\(("[^"]+")\)/g;

/**
 * The modules that cells have imported so far. TypeScript makes its program anew, which takes a tenth of a second, for a
 * text that imports other modules than the one before, or in another order. So each is imported in all later texts, once,
 * under a name of its own, and names that cells imported are aliases of what it has.
 */
export class Imports {
  private readonly aliases = new Map<string, string>();

  /** The name under which all of a module is known. `from`: what stands after that word. */
  alias(from: string): string {
    const known = this.aliases.get(from) ?? `__module_${this.aliases.size}__`;
    this.aliases.set(from, known);
    return known;
  }

  /** A text with the names of modules in the place of `import()`. */
  withAliases(text: string): string {
    return text.replace(IN_TYPE, (_, module: string) => this.alias(module));
  }

  /** Imports of all modules, and of these names. */
  lines(names: readonly ImportedName[]): string[] {
    const defaults = new Map<string, string>();
    const aliases = names.flatMap(({ name, imported: { from, name: there } }) => {
      const module = this.alias(from);
      if (there === '*') return [`import ${name} = ${module};`];
      if (there.startsWith('"')) return [`import { ${there} as ${name} } from ${from};`];
      if (there !== 'default') return [`import ${name} = ${module}.${there};`];
      const first = defaults.get(from); // a reserved word, which has no place behind a point
      defaults.set(from, first ?? name);
      return first === undefined ? [] : [`import ${name} = ${first};`];
    });
    const modules = [...this.aliases].map(([from, alias]) => {
      const own = defaults.get(from);
      return `import ${own === undefined ? '' : `${own}, `}* as ${alias} from ${from};`;
    });
    return [...modules, ...aliases];
  }
}
