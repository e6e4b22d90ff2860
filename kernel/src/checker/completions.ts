import type { Completion } from './checker.js';
import { type CompletionEntry, type NameSymbol, type Project, typescript } from './typescript7.js';

/** JupyterLab's words for what the editor protocol's kinds are; it colours each by its first letter. */
const TYPES: Record<string, string[]> = {
  function: ['Function'],
  method: ['Method', 'Constructor'],
  class: ['Class'],
  interface: ['Interface'],
  type: ['TypeParameter', 'Struct'],
  enum: ['Enum'],
  module: ['Module', 'File', 'Folder'],
  property: ['Field', 'Property', 'EnumMember'],
  variable: ['Variable', 'Value'],
  keyword: ['Keyword'],
  string: ['Constant', 'Text'],
};
const TYPE_OF = new Map(
  Object.entries(TYPES).flatMap(([type, kinds]) => kinds.map((kind) => [kind, type] as const)),
);

export function completionsAt({ checker }: Project, file: string, place: number): Completion[] {
  const { CompletionItemKind, SymbolFlags } = typescript.sync;
  const options = { includeSymbol: true };
  const { entries = [] } = checker.getCompletionsAtPosition(file, place, options) ?? {};
  return entries.flatMap((entry) => {
    const name = insertedFor(entry);
    if (name === undefined) return [];
    const { kind, symbol, sortText = '' } = entry;
    // Of an imported name what it is, and not that it was imported.
    const isAlias = symbol && symbol.flags & SymbolFlags.Alias;
    const meant = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    const type = bySymbol(meant) ?? TYPE_OF.get(CompletionItemKind[kind ?? 0] ?? '') ?? '';
    return [{ name, type, sortText }];
  });
}

/** What is put in the place of the word; undefined if more than the word would have to go. */
function insertedFor({ name, insertText = name }: CompletionEntry): string | undefined {
  if (insertText.startsWith('[')) return undefined; // in the place of the point, too
  // The point is there already. An optional property is called `name?`, and inserts what it is.
  return insertText.startsWith('?.') ? name : insertText;
}

/** What editors' kinds do not tell. */
function bySymbol(symbol: NameSymbol | undefined): string | undefined {
  const { SymbolFlags: is } = typescript.sync;
  const flags = symbol?.flags ?? 0;
  if (flags & is.TypeAlias) return 'type';
  if (flags & is.Class) return 'class';
  if (flags & is.Function) return 'function';
  return flags & is.Enum ? 'enum' : undefined;
}
