import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Notebooks name their drawings by a path relative to themselves: a copy elsewhere needs them beside it. */
export function copyDrawings(from: string, to: string): void {
  const drawings = join(from, 'drawings');
  if (existsSync(drawings)) cpSync(drawings, join(to, 'drawings'), { recursive: true });
}
