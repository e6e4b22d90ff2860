import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelClient } from './kernel-client.ts';

/** For what a cell does only when the test says so: `given` is code, a promise; `give` resolves it. */
export function goAhead({ folder }: KernelClient): { given: string; give(): void } {
  const file = join(folder, `go-${randomUUID()}`);
  const isThere = `require('node:fs').existsSync(${JSON.stringify(file)})`;
  const given = `(async () => { while (!${isThere}) await new Promise((done) => setTimeout(done, 5)); })()`;
  return { given, give: () => writeFileSync(file, '') };
}
