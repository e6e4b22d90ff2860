import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { Children } from '../../../setup/engine/child.mjs';
import type { Problem } from '../../../setup/engine/problem.mjs';
import { isAlive } from '../../../setup/engine/processes.mjs';
import { ROOT } from '../../support/command.ts';
import { folderForTest } from '../../support/folder.ts';

const node = (script: string) => [process.execPath, ['-e', script]] as const;

test('the last 20 lines of a program that fails come with the problem, all of them are in the log', async () => {
  const log = join(folderForTest(), 'setup.log');
  const [program, args] = node(
    'for (let i = 1; i <= 99; i++) console.log(`line ${i}`); process.exitCode = 3',
  );
  const error = await new Children(log)
    .run(program, [...args], { doing: 'Counting' })
    .catch((e: Problem) => e);
  expect(error).toMatchObject({
    message: 'Counting failed.',
    why: expect.stringContaining('code 3'),
  });
  const lines = (error as Problem).output.split('\n');
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([20, 'line 80', 'line 99']);
  expect(readFileSync(log, 'utf8')).toContain('line 1\nline 2\n');
});

test('a program is given its input and heard line by line, whole letters', async () => {
  const lines: string[] = [];
  const [program, args] = node('process.stdin.pipe(process.stdout)');
  await new Children(join(folderForTest(), 'log')).run(program, [...args], {
    doing: 'Echoing',
    input: 'één\nzwölf\n',
    onLine: (line) => lines.push(line),
  });
  expect(lines).toEqual(['één', 'zwölf']);
});

test('a program that is not there is a problem, not a crash', async () => {
  const children = new Children(join(folderForTest(), 'log'));
  await expect(children.run('no-such-program', [], { doing: 'Trying' })).rejects.toThrow(
    'Trying failed.',
  );
});

/** A program that fails with these words, one after the other, and then succeeds. */
function failing(...words: string[]) {
  const folder = folderForTest();
  const ran = () =>
    existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran')).length : 0;
  const [program, args] = node(`
    const { appendFileSync, readFileSync } = require('fs');
    appendFileSync('ran', '.');
    const said = ${JSON.stringify(words)}[readFileSync('ran').length - 1];
    if (said) { console.error(said); process.exitCode = 1; }`);
  const options = { doing: 'Installing', cwd: folder };
  return { ran, run: () => new Children(join(folder, 'log')).run(program, [...args], options) };
}

test.each([
  'npm error code EINTEGRITY',
  '  x Hash mismatch for `attrs==26.1.0`',
  'THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE',
])('%s: fetched again, once', async (words) => {
  const broken = failing(words);
  await broken.run();
  expect(broken.ran()).toBe(2);
  const wrong = failing(words, words);
  await expect(wrong.run()).rejects.toThrow('its checksum was wrong twice.');
  expect(wrong.ran()).toBe(2);
});

test('what fails for another reason is not tried again', async () => {
  const { run, ran } = failing('npm error code ENOTFOUND');
  await expect(run()).rejects.toThrow('could not be reached');
  expect(ran()).toBe(1);
});

test('a log that cannot be written does not hide how the program ended', async () => {
  const children = new Children(join(folderForTest(), 'no-such-folder', 'log'), () => {
    throw new Error('ENOSPC');
  });
  await children.run(process.execPath, ['-e', '0'], { doing: 'Trying' });
});

test('ending a program ends what it started as well', async () => {
  const folder = folderForTest();
  const living = vi.fn();
  const children = new Children(join(folder, 'log'), living);
  const file = join(folder, 'pid');
  const [program, args] = node(`
    const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
    setInterval(() => {}, 1e6);`);
  const ended = children
    .run(program, [...args], { doing: 'Idling' })
    .catch((error: Error) => error);
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8'), { timeout: 20_000 });
  const [[identity]] = living.mock.lastCall!;
  await children.endAll();
  await ended;
  expect(isAlive(identity)).toBe(false);
  const grandchild = Number(readFileSync(file, 'utf8'));
  await vi.waitUntil(() => !runs(grandchild), { timeout: 20_000 });
  expect(living).toHaveBeenLastCalledWith([]);
});

test('a program that set-up could not note, because it was killed, does nothing', async () => {
  const folder = folderForTest();
  const [module, log] = [join(ROOT, 'setup', 'engine', 'child.mjs'), join(folder, 'log')];
  const [program, args] = node(`
    import(${JSON.stringify(pathToFileURL(module).href)}).then(({ Children }) => {
      const children = new Children(${JSON.stringify(log)}, ([program]) => {
        require('fs').writeSync(1, String(program.pid));
        process.kill(process.pid, 'SIGKILL');
      });
      return children.run('sh', ['-c', 'echo it began > begun'], { doing: 'Beginning', cwd: '.' });
    })`);
  const { stdout, signal } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  expect(signal).toBe('SIGKILL');
  await vi.waitUntil(() => !runs(Number(stdout)), { timeout: 20_000 });
  expect(existsSync(join(folder, 'begun'))).toBe(false);
});

function runs(pid: number): boolean {
  try {
    return !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
