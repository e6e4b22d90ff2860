import type { Trail } from '../trails/trail.js';
import type {
  BatchFact,
  CommitFact,
  LossFact,
  RecordFact,
  RecordKind,
  ShareFact,
  ShareKind,
} from './facts.js';

/** Which facts: all of a group, of a topic, of a member; none given means all. */
export interface Scope {
  group?: string;
  topic?: string;
  member?: string;
}

type RowReader<T> = (trail: Trail, i: number) => T;

/** The facts of trails as objects, oldest first. */
export function rows<T extends { time: number }>(
  trails: readonly Trail[],
  { member }: Scope,
  at: RowReader<T>,
): T[] {
  const found: T[] = [];
  for (const trail of trails) {
    for (let i = 0; i < trail.length; i++) {
      if (member === undefined || trail.member(i) === member) found.push(at(trail, i));
    }
  }
  return trails.length > 1 ? found.sort((a, b) => a.time - b.time) : found;
}

export function recordAt(kind: RecordKind): RowReader<RecordFact> {
  return (trail, i) => ({ kind, ...placeAt(trail, i), key: trail.key(i) });
}

export function commitAt(trail: Trail, i: number): CommitFact {
  return { kind: 'committed', ...placeAt(trail, i) };
}

export function batchAt(trail: Trail, i: number): BatchFact {
  return { kind: 'fetched', ...placeAt(trail, i), records: trail.value(i) };
}

export function shareAt(kind: ShareKind): RowReader<ShareFact> {
  return (trail, i) => ({ kind, ...placeAt(trail, i), deliveries: trail.value(i) });
}

export function lossAt(trail: Trail, i: number): LossFact {
  return { kind: 'lost', ...placeAt(trail, i), group: '', key: trail.key(i) };
}

export function placeAt(trail: Trail, i: number) {
  const { group, topic } = trail;
  return {
    time: trail.time(i),
    group,
    member: trail.member(i),
    topic,
    partition: trail.partition(i),
    offset: trail.offset(i),
  };
}
