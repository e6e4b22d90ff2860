import { pause } from '../../waiting.js';
import { isRetriable, refusal, ShareGroupError } from '../errors.js';
import type { Network } from '../network/network.js';
import type { Place } from '../places.js';
import {
  HEARTBEAT,
  type HeartbeatAnswer,
  heartbeat,
  JOINING,
  LEAVING,
} from '../protocol/heartbeat.js';
import { Coordinator } from './coordinator.js';

export interface MembershipOptions {
  groupId: string;
  memberId: string;
  topics: readonly string[];
}

interface Told {
  /** The partitions that this member reads from now on, all of them. */
  assigned(places: Place[]): void;
  /** The coordinator refuses for good: this member is out. */
  failed(error: unknown): void;
  /** It could not be asked, and is asked again. */
  retrying(error: unknown): void;
}

/** After an error, in ms. */
const AGAIN_MS = 200;

/** The coordinator does not know this member any more, or another life of it: it joins again. */
const REMOVED = ['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'];

/**
 * A member of a share group (KIP-932, "Membership"): joins by its first heartbeat, stays by one in each interval that the
 * coordinator asks for, leaves by its last.
 */
export class Membership {
  readonly #coordinator: Coordinator;
  readonly #end = new AbortController();
  #epoch = JOINING;
  /** Whether the coordinator knows which topics this member wants. */
  #isKnown = false;
  #beating: Promise<void> | undefined;

  constructor(
    network: Network,
    private readonly options: MembershipOptions,
    private readonly told: Told,
  ) {
    this.#coordinator = new Coordinator(network, options.groupId, HEARTBEAT);
  }

  /** Resolves when it is a member. Rejects if the coordinator refuses it for good. */
  join(): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasJoined = false;
      const joined = () => {
        hasJoined = true;
        resolve();
      };
      this.#beating = this.#beat(joined).catch((error) => {
        if (hasJoined) this.told.failed(error);
        else reject(error);
      });
    });
  }

  /** Never throws: a member that says nothing is removed by the coordinator after a while. */
  async leave(): Promise<void> {
    this.#end.abort();
    await this.#beating;
    if (this.#epoch === JOINING) return;
    await this.#ask(LEAVING).catch((error) => this.told.retrying(error));
    this.#epoch = JOINING;
  }

  async #beat(joined: () => void): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const interval = await this.#once().catch((error) => this.#recover(error));
      if (this.#epoch !== JOINING) joined();
      await pause(interval, signal);
    }
  }

  /** Returns when the next one is due, in ms. */
  async #once(): Promise<number> {
    const { epoch, interval, assignment } = await this.#ask(this.#epoch);
    this.#epoch = epoch;
    this.#isKnown = true;
    if (assignment) this.told.assigned(assignment);
    return interval;
  }

  async #ask(epoch: number): Promise<HeartbeatAnswer> {
    const { groupId, memberId } = this.options;
    const topics = this.#isKnown ? null : this.options.topics;
    const answer = await this.#coordinator.ask((version) =>
      heartbeat(version, { groupId, memberId, epoch, topics }),
    );
    if (answer.error !== 0) throw refusal('a ShareGroupHeartbeat', answer);
    return answer;
  }

  /** Returns when to try again, in ms. @throws what will not mend itself */
  #recover(error: unknown): number {
    this.#isKnown = false;
    this.#coordinator.forget();
    if (!isRetriable(error)) throw error;
    this.told.retrying(error);
    if (!isRemoval(error)) return AGAIN_MS;
    this.#epoch = JOINING;
    this.told.assigned([]);
    return 0;
  }
}

const isRemoval = (error: unknown): boolean =>
  error instanceof ShareGroupError && REMOVED.includes(error.type ?? '');
