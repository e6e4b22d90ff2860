import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { Ts } from './typescript.js';

type Host = TypeScript.WatchCompilerHost<TypeScript.BuilderProgram>;
type Resolved = TypeScript.ResolvedModuleWithFailedLookupLocations;

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
}
