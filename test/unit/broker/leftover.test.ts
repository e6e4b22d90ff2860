import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { clearUp } from '../../../lib/src/broker/supervision/leftover.ts';
import { files } from '../../../lib/src/broker/supervision/protocol.ts';
import { withState } from '../../../lib/src/paths.ts';
import { writeWhole } from '../../../lib/src/processes/files.ts';
import { type ProcessId, processStart } from '../../../lib/src/processes/processes.ts';
import { folderForTest } from '../../support/folder.ts';

/** A process that does nothing, with these words in its command line. */
async function idle(...words: string[]): Promise<{ id: ProcessId; end(): Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', ...words]);
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid!;
  const end = () => {
    child.kill('SIGKILL');
    return ended;
  };
  return { id: { pid, start: processStart(pid)! }, end };
}

const write = (path: string, id: ProcessId) => writeWhole(path, JSON.stringify(id));

/** What is left in the folder of a supervisor with these processes. */
function written({ supervisor, kafka }: { supervisor: ProcessId; kafka?: ProcessId }) {
  for (const file of [files.address(), files.lock()]) write(file, supervisor);
  if (kafka) write(files.kafka(), kafka);
  return () => readdirSync(dirname(files.lock()));
}

test('the files of a killed supervisor go also where it counts as alive for a moment more', async () => {
  await withState(folderForTest(), async () => {
    const { id, end } = await idle();
    const left = written({ supervisor: id });
    const cleared = clearUp(id);
    await end();
    await cleared;
    expect(left()).toEqual([]);
  });
});

test('after a supervisor that ended in order nobody takes its lock: it would be in the way of the next', async () => {
  await withState(folderForTest(), async () => {
    const { id, end } = await idle();
    const cleared = clearUp(id);
    await end();
    await cleared;
    // The folder of a lock is made with it.
    expect(existsSync(dirname(files.lock()))).toBe(false);
  });
});

test('they go once its Kafka is gone, also on a machine that takes seconds for that', async () => {
  await withState(folderForTest(), async () => {
    const [supervisor, kafka] = [await idle(), await idle('kafka.Kafka', files.data())];
    const left = written({ supervisor: supervisor.id, kafka: kafka.id });
    await supervisor.end();
    const cleared = clearUp(supervisor.id);
    // Longer than one who only looks would wait for it.
    await sleep(3500);
    await kafka.end();
    await cleared;
    expect(left()).toEqual([]);
  });
});
