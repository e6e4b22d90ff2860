import { expect, test } from 'vitest';
import { startSupervisor } from '../../../lib/src/broker/supervision/client.ts';
import { files } from '../../../lib/src/broker/supervision/protocol.ts';
import { withState } from '../../../lib/src/paths.ts';
import { takeLock } from '../../../lib/src/processes/lock.ts';
import { folderForTest } from '../../support/folder.ts';

test('who waits for a supervisor that another process starts hears an interrupt', async () => {
  await withState(folderForTest(), async () => {
    const lock = takeLock(files.lock())!;
    const interrupt = new AbortController();
    const timer = setTimeout(() => interrupt.abort(), 50);
    const waiting = startSupervisor(60_000, interrupt.signal);
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    clearTimeout(timer);
    lock.release();
  });
});
