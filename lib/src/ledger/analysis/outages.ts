import type { Ledger } from '../store/ledger.js';

/** A span in which a group that had members has none. */
export interface Outage {
  from: number;
  to: number | undefined;
}

/** The spans in which nobody was a member of the group, from its first member on. */
export function outages(ledger: Ledger, group: string): Outage[] {
  const present = new Set<string>();
  const found: Outage[] = [];
  for (const { kind, member, time } of ledger.members({ group })) {
    const wasEmpty = present.size === 0;
    if (kind === 'joined') present.add(member);
    if (kind === 'left' || kind === 'crashed') present.delete(member);
    const last = found.at(-1);
    if (wasEmpty && present.size > 0 && last) last.to = time;
    if (!wasEmpty && present.size === 0) found.push({ from: time, to: undefined });
  }
  return found;
}
