import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT, Started } from '../support/command.ts';

export async function passes(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { code, output } = await new Started(program, args, env).ended;
  expect(code, output).toBe(0);
}

/** The notebook of the course whose name begins so. */
export function courseFile(start: string): string {
  const name = readdirSync(join(ROOT, 'notebooks')).find((file) => file.startsWith(start));
  return join(ROOT, 'notebooks', name as string);
}
