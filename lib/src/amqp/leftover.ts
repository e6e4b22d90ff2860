import { readdirSync, rmSync } from 'node:fs';
import { stateDir } from '../paths.js';
import { privateFolder } from '../private.js';
import { readJson, writeWhole } from '../processes/files.js';
import {
  isAlive,
  type ProcessId,
  processCommand,
  signalProcess,
  thisProcess,
  untilGone,
} from '../processes/processes.js';

/** What is known of one queue. */
interface Record {
  owner: ProcessId;
  qpid?: ProcessId;
}

/** Beside the folder, not in it: a folder that is there has a record. */
const recordOf = (folder: string) => `${folder}.json`;

/** Makes a folder whose owner is this process. */
export function claim(folder: string, qpid?: ProcessId): void {
  const id = qpid && { pid: qpid.pid, start: qpid.start };
  const record: Record = { owner: thisProcess(), ...(id && { qpid: id }) };
  writeWhole(recordOf(folder), JSON.stringify(record));
  privateFolder(folder);
}

export function giveUp(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  rmSync(recordOf(folder), { force: true });
}

/** A queue that was started here, or what it left behind. */
export interface KnownQueue {
  folder: string;
  /** Its process; undefined where it does not run. */
  qpid: ProcessId | undefined;
  /** Whether the process for which it was started is gone. */
  isLeftover: boolean;
}

/** The queues of this lab, those whose owners have ended among them. */
export function knownQueues(): KnownQueue[] {
  return recordedFolders().map((folder) => {
    const { owner, qpid } = readJson<Record>(recordOf(folder)) ?? {};
    const running = qpid && isQpidOn(folder, qpid) ? qpid : undefined;
    return { folder, qpid: running, isLeftover: !owner || !isAlive(owner) };
  });
}

/** Clears up after owners that were killed: a Qpid that still runs without its owner and its guard, and their folders. */
export async function removeLeftoverQueues(): Promise<void> {
  await Promise.all(
    knownQueues()
      .filter(({ isLeftover }) => isLeftover)
      .map(remove),
  );
}

async function remove({ folder, qpid }: KnownQueue): Promise<void> {
  if (qpid) {
    signalProcess(qpid, 'SIGKILL');
    await untilGone(qpid, 5000);
  }
  giveUp(folder);
}

function recordedFolders(): string[] {
  const records = filesIn(stateDir('queue')).filter((name) => name.endsWith('.json'));
  return records.map((name) => stateDir('queue', name.slice(0, -'.json'.length)));
}

/** Never a process that only has its number. */
function isQpidOn(folder: string, qpid: ProcessId): boolean {
  return isAlive(qpid) && processCommand(qpid.pid).includes(`qpid.work_dir=${folder}`);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there never was one
  }
}
