import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of the running test's own, gone after it. Its name has a blank and a letter outside ASCII. */
export function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernel tëst '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
