import type { Engine } from './engine.js';
import type { Content } from './messages.js';

/** Content of complete_reply. The wire counts in code points, TypeScript in UTF-16 units. */
export function complete(engine: Engine, code: string, cursor: number): Content {
  const { candidates, start, end, original } = engine.complete(code, toUnits(code, cursor));
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
  const span = { start: toPoints(code, start), end: toPoints(code, end) };
  return {
    status: 'ok',
    matches: candidates,
    cursor_start: span.start,
    cursor_end: span.end,
    metadata: {
      _jupyter_types_experimental: candidates.map((text) => ({
        ...span,
        text,
        type: kinds.get(text) ?? '',
      })),
    },
  };
}

/** Content of inspect_reply. */
export function inspect(engine: Engine, code: string, cursor: number): Content {
  const text = engine.inspect(code, toUnits(code, cursor));
  if (!text) return { status: 'ok', found: false, data: {}, metadata: {} };
  const data = { 'text/plain': text, 'text/markdown': `\`\`\`typescript\n${text}\n\`\`\`` };
  return { status: 'ok', found: true, data, metadata: {} };
}

/** Content of is_complete_reply. */
export function isComplete(code: string): Content {
  const { isCompleteCode } =
    require('tslab/dist/converter') as typeof import('tslab/dist/converter');
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: 'incomplete', indent: indent ?? '' };
  return { status: parses(code) ? 'complete' : 'invalid' };
}

function parses(code: string): boolean {
  const ts = require('@tslab/typescript-for-tslab') as typeof import('@tslab/typescript-for-tslab');
  const source = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest);
  const { parseDiagnostics = [] } = source as { parseDiagnostics?: unknown[] };
  return parseDiagnostics.length === 0;
}

function toUnits(text: string, points: number): number {
  return [...text].slice(0, points).join('').length;
}

function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
