import type { Ledger } from '../store/ledger.js';
import type { Presence } from './job.js';

/** When which member was in its group: from when it joined to when it left or crashed; in order of `from`. */
export function presence(ledger: Ledger, group: string): Presence[] {
  const spans: Presence[] = [];
  const open = new Map<string, Presence>();
  for (const { kind, member: worker, time } of ledger.members({ group })) {
    const span = open.get(worker);
    if (kind === 'joined' && !span) {
      const begun: Presence = { worker, from: time, to: undefined };
      open.set(worker, begun);
      spans.push(begun);
    } else if (span && (kind === 'left' || kind === 'crashed')) {
      span.to = time;
      open.delete(worker);
    }
  }
  return spans;
}

/** When a worker that had a job since then went away: `Infinity` while it has not. */
export function goneAfter(present: readonly Presence[], worker: string, time: number): number {
  return present.find((span) => span.worker === worker && (span.to ?? -1) >= time)?.to ?? Infinity;
}
