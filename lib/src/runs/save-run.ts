import type { Ledger } from '../ledger/index.js';
import { writeLinesWhole } from '../processes/files.js';
import { notWritten } from './errors.js';
import { FORMAT, VERSION } from './format.js';
import { lineOf } from './schema.js';
import { type Shown, StandIns } from './stand-ins.js';

/**
 * Writes what a ledger holds to a file, whole or not at all, readable by its owner only.
 * @throws LabError SYSTEM_REFUSED
 */
export function saveRun(ledger: Ledger, file: string, shown: Shown = {}, prefix?: string): void {
  try {
    writeLinesWhole(file, linesOf(ledger, shown, prefix));
  } catch (error) {
    throw notWritten(file, error);
  }
}

function* linesOf(ledger: Ledger, shown: Shown, prefix: string | undefined): Generator<string> {
  const contents = ledger.contents();
  const { keptFrom } = ledger;
  yield JSON.stringify({ format: FORMAT, version: VERSION, written: 'whole', keptFrom });
  const standIns = new StandIns(shown, { prefix, members: ledger.memberNames });
  let lines = 0;
  for (const content of contents) {
    yield JSON.stringify(lineOf(standIns.of(content)));
    lines++;
  }
  yield JSON.stringify({ kind: 'end', lines });
}
