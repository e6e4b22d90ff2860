import { dirname, resolve } from 'node:path';
import type * as TypeScript from '@tslab/typescript-for-tslab';
import { log } from './log.js';
import { splitInlineMap } from './positions.js';
import { withShorthand } from './shorthand.js';

type Ts = typeof TypeScript;
type Transpile = Ts['transpileModule'];

/** The source maps of the code emitted last: TypeScript to module, module to CommonJS. */
export interface EmittedMaps {
  first: string | undefined;
  second: string | undefined;
}

/**
 * Puts a copy of tslab's TypeScript, with options of ours, where tslab's modules will require it.
 * tslab has no setting for any of them. Returns the maps, refreshed by each emit.
 */
export function patchTypeScript(): { ts: Ts; maps: EmittedMaps } {
  const id = require.resolve('@tslab/typescript-for-tslab');
  const ts = require(id) as Ts;
  const maps: EmittedMaps = { first: undefined, second: undefined };
  const patched = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ts),
      ...constants({
        createWatchCompilerHost: withOptions(ts),
        getPreEmitDiagnosticsOfFiles: withChains(ts),
        transpileModule: withMaps(ts, maps),
      }),
    },
  ) as Ts;
  const loaded = require.cache[id];
  if (loaded) loaded.exports = patched;
  return { ts: patched, maps };
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
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [...new Set([...(options.typeRoots ?? []), resolve(types)])],
      inlineSourceMap: true,
    };
    const report = (d: TypeScript.Diagnostic) =>
      log(ts.flattenDiagnosticMessageText(d.messageText, '\n'));
    const create = ts.createWatchCompilerHost as unknown as (...args: unknown[]) => unknown;
    return create(files, ours, system, withShorthand(ts), report, reportWatchStatus);
  };
}

/** tslab flattens a chain of messages into unrelated ones: hand it one text, indented. */
function withChains(ts: Ts): Ts['getPreEmitDiagnosticsOfFiles'] {
  return (program, files, token) =>
    ts.getPreEmitDiagnosticsOfFiles(program, files, token).map((diagnostic) => ({
      ...diagnostic,
      messageText: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    }));
}

/** Keeps the source maps of both passes, and their comments out of the code. */
function withMaps(ts: Ts, maps: EmittedMaps): Transpile {
  return (input, options) => {
    const emitted = splitInlineMap(input);
    const compilerOptions = { ...options.compilerOptions, sourceMap: true };
    const output = ts.transpileModule(emitted.code, { ...options, compilerOptions });
    maps.first = emitted.map;
    maps.second = output.sourceMapText;
    return { ...output, outputText: splitInlineMap(output.outputText).code };
  };
}
