import { pause } from '../../waiting.js';
import { isRetriable } from '../errors.js';
import type { Network } from '../network/network.js';
import type { Place } from '../places.js';
import { type FetchLimits, type SessionMember, ShareSession } from '../session/share-session.js';
import type { Tell } from './events.js';
import type { Handling } from './handling.js';
import { findLeaders } from './leaders.js';
import { Reader } from './reader.js';

export interface ReadersOptions {
  network: Network;
  member: SessionMember;
  limits: FetchLimits;
  handling: Handling;
  tell: Tell;
  /** Something that will not mend itself. */
  failed(error: unknown): void;
}

/** While somebody leads a partition no more and nobody does yet, in ms. */
const AGAIN_MS = 200;

/** One reader for each broker that leads partitions of this member, as both change. */
export class Readers {
  readonly #end = new AbortController();
  readonly #readers = new Map<number, Reader>();
  readonly #names = new Map<string, string>();
  #assigned: readonly Place[] = [];
  /** Whether who leads what is to be found out, once more if that is being done already. */
  #isStale = false;
  #toldOf = '';
  #finding: Promise<void> | undefined;

  constructor(private readonly options: ReadersOptions) {}

  /** What this member reads from now on, all of it. */
  assign(places: readonly Place[]): void {
    this.#assigned = places;
    this.#find();
  }

  /** Never throws. Waits for the records in hand; what else was acquired is released. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#finding;
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
    this.#readers.clear();
  }

  #find(): void {
    this.#isStale = true;
    this.#finding ??= this.#findAll()
      .catch((error) => this.options.failed(error))
      .finally(() => {
        this.#finding = undefined;
        if (this.#isStale && !this.#end.signal.aborted) this.#find();
      });
  }

  async #findAll(): Promise<void> {
    const { signal } = this.#end;
    while (this.#isStale && !signal.aborted) {
      this.#isStale = false;
      const isPartial = await this.#findOnce().catch((error) => this.#recover(error));
      if (!isPartial) continue;
      this.#isStale = true;
      await pause(AGAIN_MS, signal);
    }
  }

  /** Returns whether that is to be done again, since it is not known of all partitions who leads them. */
  async #findOnce(): Promise<boolean> {
    const { network } = this.options;
    const { byBroker, names, isPartial } = await findLeaders(
      (request) => network.any(request),
      this.#assigned,
    );
    for (const [topicId, name] of names) this.#names.set(topicId, name);
    this.#readFrom(byBroker);
    this.#tellAssigned([...byBroker.values()].flat());
    return isPartial;
  }

  #recover(error: unknown): boolean {
    if (!isRetriable(error)) throw error;
    this.options.tell('retrying', { error });
    return true;
  }

  #readFrom(byBroker: Map<number, Place[]>): void {
    if (this.#end.signal.aborted) return;
    for (const nodeId of byBroker.keys())
      if (!this.#readers.has(nodeId)) this.#readers.set(nodeId, this.#reader(nodeId));
    for (const [nodeId, reader] of this.#readers) reader.read(byBroker.get(nodeId) ?? []);
  }

  #tellAssigned(places: Place[]): void {
    const assignment: Record<string, number[]> = {};
    for (const { topicId, partition } of places)
      (assignment[this.#nameOf(topicId)] ??= []).push(partition);
    for (const partitions of Object.values(assignment)) partitions.sort((a, b) => a - b);
    const told = JSON.stringify(Object.entries(assignment).sort());
    if (told === this.#toldOf) return;
    this.#toldOf = told;
    this.options.tell('assigned', { memberId: this.options.member.memberId, assignment });
  }

  #nameOf(topicId: string): string {
    return this.#names.get(topicId) ?? topicId;
  }

  #reader(nodeId: number): Reader {
    const { network, member, limits, handling, tell, failed } = this.options;
    const session = new ShareSession(member, limits, (request) => network.one(nodeId, request));
    return new Reader({
      ...{ session, handling, tell, failed },
      nameOf: (topicId) => this.#nameOf(topicId),
      stale: () => this.#find(),
    });
  }
}
