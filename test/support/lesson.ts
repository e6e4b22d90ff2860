import { type Host, installHost, ON_STAGE } from '../../lib/src/host.ts';
import { Ledger, openLesson } from '../../lib/src/ledger/index.ts';

/** What was displayed since the file began; what slides show instead is its `onStage`. */
export function recordDisplays(): Record<string, unknown>[] {
  const shown: Record<string, unknown>[] = [];
  const display: Host['display'] = (data, { metadata = {} } = {}) =>
    void shown.push(ON_STAGE in metadata ? { ...data, onStage: metadata[ON_STAGE] } : data);
  installHost({ display } as Partial<Host> as Host);
  return shown;
}

/** An open lesson in which one record was produced; nothing in it with `empty`. */
export function openTestLesson({ lesson = '05-scaling', empty = false } = {}): Ledger {
  const ledger = new Ledger();
  const place = { topic: 'orders', partition: 0, offset: 0 };
  if (!empty)
    ledger.record({ kind: 'produced', time: 1, group: '', member: 'shop', key: null, ...place });
  openLesson({ lesson, ledger });
  return ledger;
}
