import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REFERENCE = /^\/\/\/\s*<reference\s+lib="([^"]+)".*$/gm;
/** In a module nothing is global by itself. */
const MODULE = /^export\b/m;

/**
 * TypeScript's own declarations, by the paths of their files. The language of today has eighty-seven, which add to each
 * other's interfaces; TypeScript adds them up anew for each text, which is a third of its check, but within one file only
 * once. So one of them gets the text of all, and the others none. `names`: those that a configuration asks for.
 */
export function joinedLibraries(folder: string, names: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of names) collect(folder, name, texts);
  const modules = [...texts.keys()].filter((name) => MODULE.test(texts.get(name) ?? ''));
  const joined = [...texts.keys()].filter((name) => !modules.includes(name));
  const references = modules.map((name) => `/// <reference lib="${name.slice(4, -5)}" />`);
  const parts = joined.map((name) => texts.get(name)?.replace(REFERENCE, ''));
  const all = [...references, ...parts].join('\n');
  return new Map(joined.map((name, index) => [join(folder, name), index === 0 ? all : '']));
}

/** A file, and those that it refers to. */
function collect(folder: string, name: string, texts: Map<string, string>): void {
  if (texts.has(name)) return;
  const text = readFileSync(join(folder, name), 'utf8');
  texts.set(name, text);
  for (const [, other] of text.matchAll(REFERENCE)) collect(folder, `lib.${other}.d.ts`, texts);
}
