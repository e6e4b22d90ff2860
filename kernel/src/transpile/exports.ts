import type { Edits } from './edits.js';
import type { Outline, Statement } from './outline.js';
import type { OwnNames } from './own-names.js';
import type { Tree } from './tree.js';

/** Under this name a file exports the value that `export =` says, which is all that a module of CommonJS exports. */
export const WHOLE = 'export=';

export interface Exports {
  /** What is exported, and what it is called inside. */
  names: Map<string, string>;
  /** The modules of which everything is exported. */
  stars: string[];
}

/**
 * Takes the word `export` away: `edits` are of the source. What is exported from elsewhere is imported instead.
 * In a cell all is known by its name anyway, so that an exported expression is one like any other.
 */
export function withoutExports(
  outline: Outline,
  edits: Edits,
  isCell: boolean,
  own: OwnNames,
): Exports {
  const exports: Exports = { names: new Map(), stars: [] };
  for (const statement of outline.statements) {
    new Removal(outline, edits, isCell, exports, own).of(statement);
  }
  return exports;
}

class Removal {
  constructor(
    private readonly outline: Outline,
    private readonly edits: Edits,
    private readonly isCell: boolean,
    private readonly exports: Exports,
    private readonly own: OwnNames,
  ) {}

  of(statement: Statement): void {
    const { type } = statement.node;
    if (type === 'ExportDeclaration') this.declaration(statement);
    if (type === 'ExportDefaultDeclaration') this.byDefault(statement);
    if (type === 'ExportDefaultExpression') this.byDefault(statement);
    if (type === 'TsExportAssignment') this.assignment(statement);
    if (type === 'ExportNamedDeclaration') this.list(statement);
    if (type === 'ExportAllDeclaration') this.star(statement);
  }

  private declaration(statement: Statement): void {
    const values = statement.names.filter(({ kind }) => kind !== 'type');
    for (const { name } of values) this.exports.names.set(name, name);
    this.unwrap(statement);
  }

  private byDefault(statement: Statement): void {
    const [named] = statement.names;
    if (named) this.exports.names.set('default', named.name);
    const isExpression = statement.node.type === 'ExportDefaultExpression';
    if (named || (isExpression && this.isCell)) {
      this.unwrap(statement);
      return;
    }
    this.exports.names.set('default', this.own.default);
    this.unwrap(statement, `const ${this.own.default} =`);
    this.edits.insert(statement.end, ';');
  }

  /** `export = value`, in a file: TypeScript refuses it in a cell. */
  private assignment(statement: Statement): void {
    this.exports.names.set(WHOLE, this.own.default);
    this.unwrap(statement, `const ${this.own.default}`);
    this.edits.insert(statement.end, ';');
  }

  /** `export { a, b as c }`, and the same from elsewhere. */
  private list({ start, end, node }: Statement): void {
    const { specifiers = [], source, typeOnly } = node;
    const values = typeOnly ? [] : specifiers.filter(({ isTypeOnly }) => !isTypeOnly);
    const imports = values.map((specifier) => {
      const isAll = specifier.type === 'ExportNamespaceSpecifier';
      const inner = isAll ? '*' : textOf(specifier.orig);
      const outer = textOf(isAll ? specifier.name : (specifier.exported ?? specifier.orig));
      const local = source ? `__reexported_${start}_${this.exports.names.size}__` : inner;
      this.exports.names.set(outer, local);
      return isAll ? `import * as ${local} from ` : `import { ${quoted(inner)} as ${local} } from `;
    });
    const clauses = this.isCell && !typeOnly ? ['import '] : imports;
    const from = source ? clauses.map((clause) => `${clause}${JSON.stringify(source.value)};`) : [];
    this.edits.replace(start, end, from.join(' '));
  }

  private star({ start, end, node }: Statement): void {
    const { source, typeOnly } = node;
    if (!typeOnly) this.exports.stars.push(String(source?.value));
    this.edits.replace(start, end, typeOnly ? '' : `import ${JSON.stringify(source?.value)};`);
  }

  /** Puts `text` in the place of `export` and `default`; decorators may stand before them. */
  private unwrap({ start, end }: Statement, text = ''): void {
    const { source } = this.outline;
    const word = /\bexport(\s+default)?\b/g;
    word.lastIndex = start;
    const found = word.exec(source);
    if (found && found.index < end) {
      this.edits.replace(found.index, found.index + found[0].length, text);
    }
  }
}

/** A name, which may be a string in exports. */
function textOf(name: Tree | null | undefined): string {
  return String(name?.value);
}

function quoted(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
