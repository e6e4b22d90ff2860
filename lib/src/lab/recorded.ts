import { saveRun } from '../runs/index.js';
import type { Parts } from './parts.js';

/** Taken out of the environment: what the notebook starts has not to write there. */
const wanted = process.env['KAFKA_LAB_RECORD'];
delete process.env['KAFKA_LAB_RECORD'];

const ALL = { values: true, keys: true, clientIds: true };
let saved = 0;

/**
 * Where the headless runner wants it, saves what happened in a lab, before its clients leave: to the file that it names, and of
 * further labs of the notebook to `NAME.2.jsonl` and so on. What a notebook sends is shown; whose Kafka it ran on is not.
 * @throws LabError BAD_INPUT, SYSTEM_REFUSED
 */
export function saveRecorded({ ledger, run, lease }: Parts, file = wanted): void {
  if (!file) return;
  saved++;
  const path = saved === 1 ? file : file.replace(/(?=\.jsonl$)/, `.${saved}`);
  saveRun(ledger, path, ALL, { prefix: lease.prefix, run: `${run.notebook}.${run.id}` });
}
