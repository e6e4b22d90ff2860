import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { Ledger } from '../ledger/index.js';
import { writeLinesWhole } from '../processes/files.js';
import { noRun, notRead, notWritten } from './errors.js';
import { FORMAT, VERSION } from './format.js';
import { lineOf } from './schema.js';
import { type Known, type Shown, StandIns } from './stand-ins.js';

/**
 * Writes what a ledger holds to a file, whole or not at all, readable by its owner only.
 * @throws LabError BAD_INPUT if another file than a run is there, SYSTEM_REFUSED
 */
export function saveRun(
  ledger: Ledger,
  file: string,
  shown: Shown = {},
  known: Omit<Known, 'members'> = {},
): void {
  if (existsSync(file) && !isRun(file)) throw noRun(file);
  try {
    writeLinesWhole(file, linesOf(ledger, shown, known));
  } catch (error) {
    throw notWritten(file, error);
  }
}

function* linesOf(ledger: Ledger, shown: Shown, known: Known): Generator<string> {
  const contents = ledger.contents();
  const { keptFrom } = ledger;
  yield JSON.stringify({ format: FORMAT, version: VERSION, written: 'whole', keptFrom });
  const standIns = new StandIns(shown, { ...known, members: ledger.memberNames });
  let lines = 0;
  for (const content of contents) {
    yield JSON.stringify(lineOf(standIns.of(content)));
    lines++;
  }
  yield JSON.stringify({ kind: 'end', lines });
}

const BEGINS = JSON.stringify({ format: FORMAT }).slice(0, -1);

function isRun(file: string): boolean {
  const bytes = Buffer.alloc(BEGINS.length);
  try {
    const opened = openSync(file, 'r');
    try {
      readSync(opened, bytes);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    throw notRead(file, error);
  }
  return bytes.toString() === BEGINS;
}
