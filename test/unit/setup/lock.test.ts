import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Lock } from '../../../setup/engine/lock.mjs';
import { identify, isAlive } from '../../../setup/engine/processes.mjs';
import { folderForTest } from '../../support/folder.ts';

/** A process that does nothing, in a group of its own, and who it is. */
async function idler() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true });
  await once(child, 'spawn');
  const identity = identify(child.pid!)!;
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  return { identity, kill };
}

test('who holds it keeps the others waiting until it lets go', async () => {
  const folder = folderForTest();
  const holder = new Lock(folder, (await idler()).identity);
  await holder.acquire();
  const waited: number[] = [];
  const second = new Lock(folder);
  const acquired = second.acquire({
    timeout: 20_000,
    onWait: (pid) => (waited.push(pid), holder.release()),
  });
  await acquired;
  expect(waited).toHaveLength(1);
  second.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('what a process was killed over while it wrote its entry goes; that of a living one stays', async () => {
  const folder = folderForTest();
  const { pid, started } = (await idler()).identity;
  writeFileSync(join(folder, '99999999@1.99999999.tmp'), '[');
  writeFileSync(join(folder, `${pid}@${started}.${pid}.tmp`), '[');
  const lock = new Lock(folder);
  await lock.acquire({ timeout: 0 });
  lock.release();
  expect(readdirSync(folder)).toEqual([`${pid}@${started}.${pid}.tmp`]);
});

test('who waits too long is told whom it waited for', async () => {
  const folder = folderForTest();
  const { identity } = await idler();
  await new Lock(folder, identity).acquire();
  await expect(new Lock(folder).acquire({ timeout: 0 })).rejects.toThrow(`process ${identity.pid}`);
});

test('two that see it free at the same moment do not both take it', async () => {
  const folder = folderForTest();
  let holders = 0;
  let most = 0;
  const contend = async (lock: Lock) => {
    await lock.acquire({ timeout: 20_000 });
    most = Math.max(most, ++holders);
    await delay(50);
    holders--;
    lock.release();
  };
  const other = (await idler()).identity;
  await Promise.all([contend(new Lock(folder)), contend(new Lock(folder, other))]);
  expect(most).toBe(1);
});

test("a dead holder's lock is free, and the programs that it left running are ended", async () => {
  const folder = folderForTest();
  const [holder, orphan] = [await idler(), await idler()];
  const lock = new Lock(folder, holder.identity);
  await lock.acquire();
  lock.record([orphan.identity]);
  await holder.kill();
  let waited = false;
  await new Lock(folder).acquire({ timeout: 0, onWait: () => (waited = true) });
  expect(waited).toBe(false);
  expect(isAlive(orphan.identity)).toBe(false);
});

test('a later process with the number of a dead one is another', async () => {
  const { identity } = await idler();
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, started: '1' })).toBe(false);
});

test('of several at once, one works at a time, those killed included', async () => {
  const folder = folderForTest();
  const ends = Array.from({ length: 4 }, (_, i) => contender(folder, i));
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 'SIGKILL']);
});

/** Takes the lock, makes a file that must not be there yet, removes it, lets go; the last one dies holding the lock. */
async function contender(folder: string, i: number) {
  const script = `
    import { rmSync, writeFileSync } from 'node:fs';
    import { Lock } from ${JSON.stringify(pathToFileURL(resolve('setup/engine/lock.mjs')).href)};
    const proof = ${JSON.stringify(`${folder}/proof`)};
    for (let round = 0; round < 3; round++) {
      const lock = new Lock(${JSON.stringify(`${folder}/lock`)});
      await lock.acquire();
      writeFileSync(proof, '', { flag: 'wx' });
      await new Promise((done) => setTimeout(done, 20));
      rmSync(proof);
      if (${i === 3} && round === 1) process.kill(process.pid, 'SIGKILL');
      lock.release();
    }`;
  const args = ['--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}
