import type { Snapshot } from './typescript7.js';

/** How many hold a snapshot: the process keeps what it checked until nobody does. */
const holders = new WeakMap<Snapshot, number>();

export function hold(snapshot: Snapshot): Snapshot {
  holders.set(snapshot, (holders.get(snapshot) ?? 1) + 1);
  return snapshot;
}

export function release(snapshot: Snapshot): void {
  const left = (holders.get(snapshot) ?? 1) - 1;
  holders.set(snapshot, left);
  if (left === 0) snapshot.dispose();
}
