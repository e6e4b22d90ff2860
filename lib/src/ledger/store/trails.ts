import { KeyNumbers } from '../trails/key-numbers.js';
import { Names } from '../trails/names.js';
import { Trail } from '../trails/trail.js';
import { RECORD_KINDS, SHARE_KINDS } from './facts.js';

export const TRAIL_KINDS = [
  ...RECORD_KINDS,
  ...SHARE_KINDS,
  ...(['committed', 'deleted', 'expired', 'fetched', 'lost'] as const),
] as const;
export type TrailKind = (typeof TRAIL_KINDS)[number];

/** Those whose facts carry a key. */
const KEYED_KINDS: readonly TrailKind[] = [...RECORD_KINDS, 'lost'];
/** What is given up at once, as a share of the time that is remembered. */
const SHARE_FORGOTTEN = 0.25;

/** The trails of a ledger, and the names in them by number. */
export class Trails {
  readonly names = { members: new Names(), keys: new KeyNumbers() };
  private readonly byKind = new Map<TrailKind, Trail[]>();

  of(kind: TrailKind): readonly Trail[] {
    return this.byKind.get(kind) ?? [];
  }

  /** All, by their kind. */
  *[Symbol.iterator](): Generator<[kind: TrailKind, trail: Trail]> {
    for (const [kind, trails] of this.byKind) for (const trail of trails) yield [kind, trail];
  }

  find(kind: TrailKind, group: string, topic: string): Trail | undefined {
    return this.of(kind).find((trail) => trail.group === group && trail.topic === topic);
  }

  /** An empty one that is not kept, where there is none. */
  get(kind: TrailKind, group: string, topic: string): Trail {
    return this.find(kind, group, topic) ?? new Trail(group, topic, this.names);
  }

  /** The one to write to. */
  forWriting(kind: TrailKind, group: string, topic: string): Trail {
    let trail = this.find(kind, group, topic);
    if (!trail) {
      trail = new Trail(group, topic, this.names);
      this.byKind.set(kind, [...this.of(kind), trail]);
    }
    return trail;
  }

  /** Up to when detail has to go, so that facts of all kinds still fit together. */
  get oldPart(): number {
    const all = [...this.byKind.values()].flat();
    const longest = all.reduce((most, trail) => (trail.length > most.length ? trail : most));
    return longest.time(Math.floor(longest.length * SHARE_FORGOTTEN));
  }

  /** Gives up the detail of older facts. Returns of how many. */
  forgetBefore(time: number): number {
    const all = [...this.byKind.values()].flat();
    return all.reduce((sum, trail) => sum + trail.forgetBefore(time), 0);
  }

  /** Where each record has a key of its own, the keys of what is forgotten would stay for ever. `kept` facts are left. */
  forgetKeys(kept: number): void {
    if (this.names.keys.size <= kept * SHARE_FORGOTTEN) return;
    const keys = new KeyNumbers();
    for (const kind of KEYED_KINDS) for (const trail of this.of(kind)) trail.renumber(keys);
    this.names.keys = keys;
  }
}
