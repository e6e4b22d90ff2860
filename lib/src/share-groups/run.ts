import { randomUUID } from 'node:crypto';
import { unlessAborted, withDeadline } from '../waiting.js';
import { ShareGroupError } from './errors.js';
import { Membership } from './member/membership.js';
import type { Network } from './network/network.js';
import type { FetchLimits } from './session/share-session.js';
import type { Tell } from './work/events.js';
import { Handling, type HandlingOptions } from './work/handling.js';
import { Readers } from './work/readers.js';

interface RunOptions {
  network: Network;
  groupId: string;
  topics: readonly string[];
  limits: FetchLimits;
  handling: HandlingOptions;
  tell: Tell;
  /** Something that will not mend itself. */
  failed(error: unknown): void;
  signal: AbortSignal | undefined;
}

/** For the first answer of the coordinator, in ms. */
const JOIN_MS = 30_000;

/** A consumer between `run` and `stop`: a member of its group, and what it reads as such. */
export class Run {
  readonly #options: RunOptions;
  readonly #end = new AbortController();
  readonly #membership: Membership;
  readonly #readers: Readers;
  #isMember = false;
  /** What the coordinator could not be asked for. */
  #lastError: unknown;

  constructor(options: RunOptions) {
    this.#options = options;
    const { network, groupId, topics, limits, tell } = options;
    const failed = (error: unknown) => this.#failed(error);
    const member = { groupId, memberId: randomUUID() };
    const handling = new Handling(options.handling, tell, this.#end.signal);
    this.#readers = new Readers({ network, member, limits, handling, tell, failed });
    const assigned = this.#readers.assign.bind(this.#readers);
    const retrying = (error: unknown) => this.#retrying(error);
    const told = { assigned, failed, retrying };
    this.#membership = new Membership(network, { ...member, topics }, told);
  }

  /** @throws ShareGroupError UNSUPPORTED_VERSION, REFUSED, ABORTED; UNREACHABLE after 30 s */
  async join(): Promise<void> {
    const { groupId, signal } = this.#options;
    const late = () => {
      const message = `No coordinator took this member into ${groupId} within 30 s.`;
      throw new ShareGroupError('UNREACHABLE', message, { cause: this.#lastError });
    };
    const joined = withDeadline(this.#membership.join(), { ms: JOIN_MS, late });
    await orAborted(joined, signal);
    this.#isMember = true;
  }

  /** Never throws. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#readers.stop();
    await this.#membership.leave();
    if (this.#isMember) this.#options.tell('left');
    this.#isMember = false;
  }

  #failed(error: unknown): void {
    this.#isMember = false; // it has crashed, and leaves in no orderly way
    this.#options.failed(error);
  }

  #retrying(error: unknown): void {
    this.#lastError = error;
    this.#options.tell('retrying', { error });
  }
}

/** @throws ShareGroupError ABORTED */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return unlessAborted(promise, signal, (cause) => {
    throw new ShareGroupError('ABORTED', 'The share consumer was aborted.', { cause });
  });
}
