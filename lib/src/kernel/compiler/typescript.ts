import { dirname, resolve } from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { log } from '../log.js';
import { CachedModule } from './code-cache.js';
import { readLightly } from './declaration-files.js';
import { withImportPaths } from './import-paths.js';
import { resolveAnew } from './resolution.js';
import { withShorthand } from './shorthand.js';
import { type Emissions, withMaps } from './transpile.js';
import { withoutWatching } from './watching.js';

export type Ts = typeof TypeScript;

const LIBRARY = 'lib.es2023.d.ts';
const ID = require.resolve('@tslab/typescript-for-tslab');

/** tslab's TypeScript: ten megabytes, of which the compiled code is kept if there is a folder for it. */
export const typescript = new CachedModule<Ts>(ID);

/**
 * Puts a copy of tslab's TypeScript, with options of ours, where tslab's modules will require it.
 * tslab has no setting for any of them. Returns what was emitted; to be cleared by the caller.
 *
 * It is TypeScript 5.0 with additions. In a trial a plain 5.9.3 compiled and ran cells in its place, about as quickly,
 * with stand-ins for getPreEmitDiagnosticsOfFiles, getDefaultTypeRoots and getNullTransformationContext, and for
 * top-level await `module` ES2020 with its error 1378 told as 1308. Not tried: completion and inspection, which need
 * Completions.getCompletionsAtPositionForTslab and getQuickInfoAtPosition.
 */
export function patchTypeScript(): { ts: Ts; emissions: Emissions } {
  const ts = typescript.load();
  const emissions: Emissions = new Map();
  const patched = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ts),
      ...constants({
        Completions: withImportPaths(ts),
        createWatchCompilerHost: withOptions(ts),
        getPreEmitDiagnosticsOfFiles: withChains(ts),
        transpileModule: withMaps(ts, emissions),
      }),
    },
  ) as Ts;
  const loaded = require.cache[ID];
  if (loaded) loaded.exports = patched;
  return { ts: patched, emissions };
}

function constants(values: Record<string, unknown>): PropertyDescriptorMap {
  const entries = Object.entries(values);
  return Object.fromEntries(entries.map(([name, value]) => [name, { value, enumerable: true }]));
}

/** strict, packages' `exports` honoured, Node's types alone: fewer declarations, faster cells. */
function withOptions(ts: Ts) {
  const types = dirname(dirname(require.resolve('@types/node/package.json')));
  return (files: string[], options: TypeScript.CompilerOptions, ...rest: unknown[]) => {
    const [system, , , reportWatchStatus] = rest;
    const ours: TypeScript.CompilerOptions = {
      ...options,
      strict: true,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: [LIBRARY],
      types: [],
      typeRoots: [...new Set([...(options.typeRoots ?? []), resolve(types)])],
      inlineSourceMap: true,
    };
    const report = (d: TypeScript.Diagnostic) =>
      log(ts.flattenDiagnosticMessageText(d.messageText, '\n'));
    const create = ts.createWatchCompilerHost as unknown as (
      ...args: unknown[]
    ) => TypeScript.WatchCompilerHost<TypeScript.BuilderProgram>;
    const still = withoutWatching(system as TypeScript.System);
    still.createHash = (text) => text; // of what is compared only with itself
    readLightly(ts, still, LIBRARY);
    // As files of their own: of types that are named, TypeScript looks up for each cell which files belong to them.
    const { resolvedTypeReferenceDirective: node } = ts.resolveTypeReferenceDirective(
      'node',
      undefined,
      ours,
      still,
    );
    const roots = [...files, ...(node?.resolvedFileName ? [node.resolvedFileName] : [])];
    const host = create(roots, ours, still, withShorthand(ts), report, reportWatchStatus);
    resolveAnew(ts, host, files.find((file) => file.endsWith('/__tslab__.ts')) ?? '');
    return host;
  };
}

/**
 * tslab flattens a chain of messages into unrelated ones: hand it one text, indented.
 * Of code that cannot even be parsed it tells what the checker makes of it, too: tsc does not.
 */
function withChains(ts: Ts): Ts['getPreEmitDiagnosticsOfFiles'] {
  return (program, files, token) => {
    const syntactic = files.flatMap((file) => program.getSyntacticDiagnostics(file, token));
    const all =
      syntactic.length > 0 ? syntactic : ts.getPreEmitDiagnosticsOfFiles(program, files, token);
    return all.map((diagnostic) => ({
      ...diagnostic,
      messageText: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    }));
  };
}
