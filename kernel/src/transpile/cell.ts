import { SourceMap } from 'node:module';
import { Edits, type Place } from './edits.js';
import { withoutExports } from './exports.js';
import { isHoisted, type Name, type Outline, valuesOf } from './outline.js';
import { type OwnNames, ownNames } from './own-names.js';
import { rewrite } from './rewrite.js';
import { compile, type Style } from './swc.js';
import { withoutUsing } from './using.js';

export interface Surroundings {
  /** Whether an earlier cell declared a value of that name. */
  isEarlier: (name: string) => boolean;
  /** What the code imports and has no value, though nobody wrote `type`. */
  types: ReadonlySet<string>;
  style?: Style;
}

/** Code that runs. */
export interface Transpiled {
  /**
   * An expression: a function of `parameters` that returns the code as a function, in which all names are free to be
   * declared. That one returns, if anything, what the cell shows, in a list.
   */
  code: string;
  /** The modules that it imports, in order. */
  imports: string[];
  /** Its names with values: those that it declares, of a file those that it exports. */
  names: string[];
  /** Of these, what can be read, as undefined, before its statement has run. */
  hoisted: string[];
  /** Its function is asynchronous. */
  awaits: boolean;
  /** Of a file: the modules of which it exports everything. */
  stars: string[];
  /** The place in the source of a place in the code; undefined for what stands for nothing in it. */
  origin(place: Place): Place | undefined;
}

/** What the code of a cell or a file evaluates to. */
export type Prepare = (...given: unknown[]) => () => unknown;

/**
 * What the function is given: the values of earlier cells; the modules that it imports; `import()`, `import.meta` and
 * `require`; what it calls first, with accessors of its names: as long as one has no value, reading it throws; and what a
 * cell calls with the value of a `using` of its own level, and with whether it is `await using`.
 */
const parameters = (own: OwnNames) =>
  [own.scope, own.imports, own.import, own.meta, 'require', own.declare, own.use].join(', ');

/** A cell: all its names are for later cells, and the value of its last expression is shown. */
export function transpileCell(outline: Outline, surroundings: Surroundings): Transpiled {
  const edits = new Edits(outline.source);
  const own = ownNames(outline.source);
  withoutExports(outline, edits, true, own);
  withoutUsing(outline, edits, own.use);
  const isValue = ({ name, kind }: Name) => kind !== 'import' || !surroundings.types.has(name);
  const values = valuesOf(outline).filter(isValue);
  const accessors = values.map(({ name, kind }) =>
    accessorsOf(name, name, kind === 'variable' || kind === 'var' ? own.value : undefined),
  );
  const showsLast = /^Export(Default)?Expression|^ExpressionStatement/.test(
    outline.statements.at(-1)?.node.type ?? '',
  );
  const { isEarlier, style } = surroundings;
  const names = values.map(({ name }) => name);
  const hoisted = values.filter(isHoisted).map(({ name }) => name);
  const made = transpile(outline, edits, accessors, { isEarlier, showsLast }, style);
  return { ...made, names, hoisted, stars: [] };
}

/** A file: what it exports is for those that import it. */
export function transpileFile(
  outline: Outline,
  types: ReadonlySet<string>,
  style?: Style,
): Transpiled {
  const edits = new Edits(outline.source);
  const { names, stars } = withoutExports(outline, edits, false, ownNames(outline.source));
  const declared = new Map(
    outline.statements.flatMap(({ names }) => names).map((name) => [name.name, name]),
  );
  const isValue = (local: string) => declared.get(local)?.kind !== 'type' && !types.has(local);
  const exported = [...names].filter(([, local]) => isValue(local));
  const accessors = exported.map(([outer, local]) => accessorsOf(outer, local));
  const settings = { isEarlier: () => false, showsLast: false };
  const made = transpile(outline, edits, accessors, settings, style);
  return { ...made, names: exported.map(([outer]) => outer), hoisted: [], stars };
}

function transpile(
  { source }: Outline,
  edits: Edits,
  accessors: readonly string[],
  settings: Parameters<typeof rewrite>[1],
  style: Style | undefined,
): Omit<Transpiled, 'names' | 'hoisted' | 'stars'> {
  const own = ownNames(source);
  const offers = accessors.length > 0;
  if (offers) {
    edits.insert(source.length, `\nfunction ${own.names}() { return { ${accessors.join(' ')} }; }`);
  }
  const written = edits.apply();
  const { code, map } = compile(written.text, style);
  const { edited, imports, awaits } = rewrite(code, settings, own);
  const outer = `(function (${parameters(own)}) { 'use strict'; `;
  const head = `${outer}return ${awaits ? 'async ' : ''}function () { `;
  const prologue = offers ? `${head}${own.declare}(${own.names}()); ` : head;
  let parsed: SourceMap | undefined;
  const origin = ({ line, column }: Place): Place | undefined => {
    const { text } = edited;
    if (line >= text.split('\n').length) return undefined;
    const place = edited.origin({ line, column: line === 0 ? column - prologue.length : column });
    parsed ??= new SourceMap(JSON.parse(map));
    const entry = parsed.findEntry(place.line, place.column);
    if (!('originalLine' in entry)) return undefined;
    return written.origin({ line: entry.originalLine, column: entry.originalColumn });
  };
  return { code: `${prologue}${edited.text}\n} })`, imports, awaits, origin };
}

/** In the source, so that swc names what stands for a name: of a decorated class, that is not the class. */
function accessorsOf(outer: string, local: string, value?: string): string {
  const key = JSON.stringify(outer);
  const setter = value ? ` set ${key}(${value}) { ${local} = ${value}; },` : '';
  return `get ${key}() { return ${local}; },${setter}`;
}
