import { extname } from 'node:path';
import { filesReached, readText } from '../files.js';
import { shielded } from '../interrupt/shield.js';
import { compileForNode } from '../transpile/swc.js';

/** A module beside the notebook, and what it imports from there: code by path, its own first. Undefined where there is none. */
export function programOf(folder: string, module: string): Record<string, string> | undefined {
  const reached = [...filesReached(folder, `import './${module}';`)];
  const paths = reached.filter((path) => extname(path) !== '.json');
  if (paths.length === 0) return undefined;
  const code = (path: string) => shielded(() => compileForNode(readText(path)));
  return Object.fromEntries(paths.map((path) => [path, code(path)]));
}
