import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FactFile } from '../../lib/src/ledger/store/fact-file.ts';
import { root, withState } from '../../lib/src/paths.ts';
import { appendPrivate, privateFolder, writePrivate } from '../../lib/src/private.ts';
import { openToOthers } from '../support/permissions.ts';

let state: string;
const umask = process.umask();
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), 'private-'))));
afterEach(() => {
  process.umask(umask);
  rmSync(state, { recursive: true, force: true });
});
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test.each([0o000, 0o022, 0o027])(
  'with umask %o, what the lab writes is its user’s alone',
  (mask) => {
    process.umask(mask);
    withState(state, () => {
      privateFolder(join(state, 'services'));
      new FactFile(join(state, 'services', 'shipping.jsonl')).record({ type: 'commit' } as never);
      appendPrivate(join(state, 'logs', 'notebooks', '05.log'), 'said');
      writePrivate(join(state, 'kept', 'yesterday', 'notebooks', '05.ipynb'), '{}');
      appendPrivate(join(state, 'progress.jsonl'), '{}');
    });
    expect(readdirSync(state)).toHaveLength(4);
    expect(openToOthers(state)).toEqual([]);
  },
);

test('what an earlier version of the lab left open is closed, and no folder of the installation', () => {
  process.umask(0o022);
  mkdirSync(join(state, 'logs', 'notebooks'), { recursive: true });
  mkdirSync(join(state, 'java'));
  writeFileSync(join(state, 'logs', 'kafkajs.log'), '');
  chmodSync(state, 0o755);
  withState(state, () => {
    appendPrivate(join(state, 'logs', 'kafkajs.log'), 'said');
    appendPrivate(join(state, 'logs', 'notebooks', '05.log'), 'said');
    privateFolder(join(state, 'java', 'aot-build'));
  });
  expect(openToOthers(join(state, 'logs'))).toEqual([]);
  const parts = ['.', 'logs', 'logs/notebooks', 'java', 'java/aot-build'];
  expect(parts.map((part) => modeOf(join(state, part)))).toEqual([
    '755',
    '700',
    '700',
    '755',
    '700',
  ]);
});

test('whoever knows the state folder makes nothing in it but by private.ts', () => {
  const MAKES =
    /\b(mkdirSync|appendFileSync|copyFileSync|cpSync|createWriteStream|writeFileSync)\(/;
  const source = join(root, 'lib', 'src');
  const makers = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const text = file.endsWith('.ts') ? readFileSync(join(source, file), 'utf8') : '';
    return text.includes('stateDir') && MAKES.test(text);
  });
  // What the others make otherwise are the course's notebooks.
  expect(makers.sort()).toEqual(['own-folders.ts', 'private.ts', 'terminal/reset/course-files.ts']);
});
