import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processStart } from '../../../lib/src/processes/processes.ts';
import { identify } from '../../../setup/engine/processes.mjs';
import { folderForTest } from '../../support/folder.ts';

const START = '1934439';

/** A /proc in which this process has that state and so many threads. */
function proc(state: string, threads: number): string {
  const folder = folderForTest();
  const fields = [state, ...Array(16).fill('0'), `${threads}`, '0', START, '0'];
  for (const name of ['self', `${process.pid}`]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'stat'), `${process.pid} (a) b) ${fields.join(' ')}\n`);
  }
  return folder;
}

// A killed process is a zombie as soon as its first thread is gone: its files may still change.
test.runIf(process.platform === 'linux').each([
  ['runs', 'S', 3, START],
  ['is a zombie whose threads still run', 'Z', 2, START],
  ['is a zombie with nothing left', 'Z', 1, undefined],
])('a process that %s', (_, state, threads, start) => {
  const folder = proc(state, threads);
  expect(processStart(process.pid, folder)).toBe(start);
  expect(identify(process.pid, folder)?.started).toBe(start);
});
