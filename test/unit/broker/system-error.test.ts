import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asSystemError } from '../../../lib/src/broker/embedded/system-error.ts';
import { run } from '../../../lib/src/cli/main.ts';
import { openLab } from '../../../lib/src/lab/index.ts';

const STATE = '/home/ann/lab/.lab';
let folder: string;
let file: string;
let before: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-system-error-'));
  file = join(folder, 'file');
  writeFileSync(file, '');
  before = process.env['KAFKA_LAB_STATE'];
});
afterEach(() => {
  if (before === undefined) delete process.env['KAFKA_LAB_STATE'];
  else process.env['KAFKA_LAB_STATE'] = before;
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** As Node makes them. */
function refused(code: string, words: string, syscall: string, path?: string): Error {
  const message = `${code}: ${words}, ${syscall}${path ? ` '${path}'` : ''}`;
  return Object.assign(new Error(message), { code, syscall, ...(path && { path }) });
}

test.each<[code: string, words: string, syscall: string, what: string, fix: RegExp]>([
  ['EROFS', 'read-only file system', 'open', 'Could not write', /^Make it writable, or name/],
  ['ENOSPC', 'no space left on device', 'write', 'Could not write', /^Free some space/],
  ['EACCES', 'permission denied', 'open', 'Could not open', /^Make the folder yours.*chown/],
  ['EPERM', 'operation not permitted', 'mkdir', 'Could not make the folder', /chown/],
  ['EMFILE', 'too many open files', 'open', 'Could not open', /ulimit -n 4096, then try again/],
  ['EIO', 'i/o error', 'read', 'Could not read', /disk may be failing/],
  ['ENOTDIR', 'not a directory', 'mkdir', 'Could not make the folder', /is a file/],
])('%s is told with the file, the words of the system and what helps', (...row) => {
  process.env['KAFKA_LAB_STATE'] = STATE;
  const [code, words, syscall, what, fix] = row;
  const path = `${STATE}/logs/supervisor.log`;
  expect(asSystemError(refused(code, words, syscall, path))).toMatchObject({
    code: 'SYSTEM_REFUSED',
    what: `${what} ${path}.`,
    why: `The system says: ${words} (${code}).`,
    fix: expect.stringMatching(fix),
  });
});

test('a file without a name is one of the folder; what is no refusal of the system stays what it is', () => {
  process.env['KAFKA_LAB_STATE'] = STATE;
  expect(asSystemError(refused('ENOSPC', 'no space left on device', 'write'))).toMatchObject({
    what: `Could not write a file of the lab, in ${STATE}.`,
  });
  const connection = Object.assign(refused('EACCES', 'denied', 'connect'), { address: '::1' });
  for (const other of [new TypeError('a'), connection, 'text', refused('ENOENT', 'a', 'open', 'b')])
    expect(asSystemError(other)).toBe(other);
});

test('a folder that cannot be made ends a command, and opening the lab, in sentences', async () => {
  process.env['KAFKA_LAB_STATE'] = join(file, 'state');
  const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(await run(['topic'])).toBe(1);
  expect(err.mock.lastCall?.[0]).toMatch(/^Could not .*file.*\nThe system says: .*\n.*is a file/);
  await expect(openLab('any')).rejects.toMatchObject({ code: 'SYSTEM_REFUSED' });
});
