import { isBuiltin } from 'node:module';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

type Host = TypeScript.WatchCompilerHost<TypeScript.BuilderProgram>;
type Resolved = TypeScript.ResolvedModuleWithFailedLookupLocations;

/** Of Node's own modules: @types/node declares them by name, which goes before any file. */
const NO_FILE: Resolved = { resolvedModule: undefined };

/**
 * Finds modules without watching the places where they could appear: what a cell imports and was not there
 * is looked for again each time.
 */
export function resolveAnew(ts: Ts, host: Host, cell: string): void {
  const found = new Map<string, Resolved>();
  const sameName = (name: string) => name;
  const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), sameName);
  let unsure = false;
  host.hasInvalidatedResolutions = (path) => unsure && path === cell;
  host.resolveModuleNameLiterals = (literals, file, redirect, options) => {
    if (file === cell) unsure = false;
    return literals.map(({ text }) => {
      if (isBuiltin(text)) return NO_FILE;
      const fromCell = file === cell;
      const known = fromCell ? found.get(text) : undefined;
      if (known) return known;
      const cached = fromCell ? undefined : cache;
      const resolved = ts.resolveModuleName(text, file, options, host, cached, redirect);
      if (!fromCell) return resolved;
      if (resolved.resolvedModule && !text.startsWith('.')) found.set(text, resolved);
      else unsure = true;
      return resolved;
    });
  };
  resolveTypes(ts, host);
}

/** As TypeScript does, which would make a checker of the first program only to see what else it should watch. */
function resolveTypes(ts: Ts, host: Host): void {
  host.resolveTypeReferenceDirectiveReferences = (references, file, redirect, options) =>
    references.map((reference) => {
      const name = typeof reference === 'string' ? reference : reference.fileName.toLowerCase();
      return ts.resolveTypeReferenceDirective(name, file, options, host, redirect);
    });
}
