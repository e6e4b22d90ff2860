import { LabError, messageOf } from '../errors.js';
import type { Ledger } from '../ledger/index.js';
import { writeWhole } from '../processes/files.js';
import { type PageOptions, runPage } from './run-page.js';

/**
 * Writes the page of a run, whole or not at all, readable by its owner only.
 * @throws LabError SYSTEM_REFUSED
 */
export async function writeRunPage(
  file: string,
  ledger: Ledger,
  options: PageOptions,
): Promise<void> {
  const page = await runPage(ledger, options);
  try {
    writeWhole(file, page);
  } catch (cause) {
    throw new LabError('SYSTEM_REFUSED', {
      what: `${file} could not be written.`,
      why: `The system says: ${messageOf(cause)}.`,
      fix: 'Name a file in a folder of yours: --output PAGE',
      cause,
    });
  }
}
