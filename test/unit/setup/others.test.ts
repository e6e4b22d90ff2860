import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closedToOthers, hasClosed } from '../../../setup/engine/others.mjs';
import { findPython } from '../../../setup/steps/find-python.mjs';

/** A folder that others may pass, with a program in a folder of the given mode. */
function programIn(mode: number) {
  const folder = mkdtempSync(join(tmpdir(), 'others '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  mkdirSync(home);
  const program = join(home, 'python3');
  writeFileSync(program, '');
  chmodSync(program, 0o755);
  chmodSync(home, mode);
  const link = join(folder, 'link');
  symlinkSync(program, link);
  return { folder, home, program, link };
}

test('what keeps others from a program is told, and found behind a link', () => {
  const closed = programIn(0o700);
  expect([closed.program, closed.link].map(closedToOthers)).toEqual([closed.home, closed.home]);
  expect(hasClosed([closed.folder])).toBe(true);
  const passable = programIn(0o711);
  expect(closedToOthers(passable.link)).toBeUndefined();
  expect(hasClosed([passable.folder])).toBe(true); // it cannot be listed
  const open = programIn(0o755);
  expect(hasClosed([open.folder])).toBe(false);
  chmodSync(open.program, 0o750);
  expect([closedToOthers(open.program), hasClosed([open.folder])]).toEqual([open.program, true]);
});

const python = (executable: string) => ({
  executable,
  version: [3, 12, 0],
  pip: true,
  ensurepip: true,
});

test('of several Pythons one is taken that all who are to share it may run', async () => {
  const ask = async (name: string) => python(name.startsWith('/') ? name : `/root/.pyenv/${name}`);
  const closed = (path: string) => (path.startsWith('/root') ? '/root' : undefined);
  expect(await findPython({}, ask, closed)).toEqual(python('/usr/local/bin/python3'));
  expect(await findPython({}, ask, () => undefined)).toEqual(python('/root/.pyenv/python3'));
  await expect(findPython({ PYTHON: 'python3' }, ask, closed)).rejects.toMatchObject({
    message:
      'Python 3.12.0 (/root/.pyenv/python3) cannot be run by others, who are to share this installation.',
    why: expect.stringMatching(/^\/root is closed to them/),
    fix: expect.stringMatching(/PYTHON=\S+ npm run setup -- --shared$/),
  });
});

test('none is taken that is not on the PATH unless those there are closed to others', async () => {
  const ask = async (name: string) => (name.startsWith('/') ? python(name) : undefined);
  const found = findPython({}, ask, () => undefined);
  await expect(found).rejects.toMatchObject({ message: 'No Python was found.' });
  const own = { PYTHON: '/usr/bin/python3' };
  expect(await findPython(own, ask, () => undefined)).toEqual(python('/usr/bin/python3'));
});
