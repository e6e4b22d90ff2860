/** What a group's lag on a topic is computed from, as it is at a moment. */
export interface LagState {
  lag: number;
  /** By partition: where its log begins and ends, and what is committed. */
  starts: Map<number, number>;
  ends: Map<number, number>;
  committed: Map<number, number>;
}

export function append({ starts, ends }: LagState, partition: number, offset: number): void {
  if (!starts.has(partition)) starts.set(partition, offset);
  ends.set(partition, Math.max(offset + 1, ends.get(partition) ?? 0));
}

export function startAt({ starts }: LagState, partition: number, offset: number): void {
  starts.set(partition, Math.max(offset, starts.get(partition) ?? 0));
}

export function commit({ committed }: LagState, partition: number, offset: number): void {
  if (offset < 0) committed.delete(partition);
  else committed.set(partition, offset);
}

/** What the group has committed; where that is nothing, the start of the log. */
export function bookmark(partition: number, state: LagState): number {
  return state.committed.get(partition) ?? startOf(partition, state);
}

export function startOf(partition: number, { starts }: LagState): number {
  return starts.get(partition) ?? 0;
}

/** A commit may be seen before the acknowledgement of what it covers: that is no lag, and no negative one. */
export function lagOf(partition: number, state: LagState): number {
  return Math.max(0, (state.ends.get(partition) ?? 0) - bookmark(partition, state));
}
