import { type Answered, refusal, ShareGroupError } from '../errors.js';
import type { Ask } from '../network/network.js';
import type { Place } from '../places.js';
import { type Acknowledged, isRenewal } from '../protocol/acknowledgement.js';
import { type Api, apiVersions, negotiated, type Offers } from '../protocol/negotiation.js';
import {
  RENEWAL_SINCE,
  SHARE_ACKNOWLEDGE,
  shareAcknowledge,
} from '../protocol/share-acknowledge.js';
import {
  RECORD_LIMIT_SINCE,
  SHARE_FETCH,
  type ShareFetch,
  type ShareFetchAnswer,
  shareFetch,
} from '../protocol/share-fetch.js';
import { SessionState } from './session-state.js';

export interface SessionMember {
  groupId: string;
  memberId: string;
}

/** How much one fetch gets, and how long the broker waits for it. */
export type FetchLimits = Pick<
  ShareFetch,
  'maxWait' | 'minBytes' | 'maxBytes' | 'maxRecords' | 'isStrict'
>;

const CLOSING = -1;

/**
 * A member's share session with one broker (KIP-932, "Share sessions"). Its requests carry a number each and go one after
 * another. After one that fails the broker may have forgotten the session: the next fetch opens a new one.
 */
export class ShareSession {
  readonly #state = new SessionState();
  #offers: Offers | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly member: SessionMember,
    private readonly limits: FetchLimits,
    private readonly ask: Ask,
  ) {}

  /**
   * Acquires records of these partitions, and of no others.
   * @throws ShareGroupError UNSUPPORTED_VERSION, REFUSED; kafkajs's error if the broker does not answer
   */
  fetch(wanted: readonly Place[]): Promise<ShareFetchAnswer> {
    return this.#inTurn(async () => {
      const version = await this.#version(SHARE_FETCH);
      if (this.limits.isStrict && version < RECORD_LIMIT_SINCE)
        throw tooOld('the acquire mode record-limit', SHARE_FETCH, version, RECORD_LIMIT_SINCE);
      const next = this.#state.next(wanted);
      const answer = await this.ask(
        shareFetch(version, { ...this.member, ...this.limits, ...next }),
      );
      this.#check('a ShareFetch', answer);
      this.#state.taken(wanted);
      return answer;
    });
  }

  /**
   * Says what becomes of acquired records. What the broker answers, by partition.
   * @throws as `fetch` does; LATE_ACKNOWLEDGEMENT if the session is lost
   */
  acknowledge(all: readonly Acknowledged[]): Promise<(Place & Answered)[]> {
    return this.#inTurn(async () => {
      const version = await this.#version(SHARE_ACKNOWLEDGE);
      if (isRenewal(all) && version < RENEWAL_SINCE)
        throw tooOld('a renewal', SHARE_ACKNOWLEDGE, version, RENEWAL_SINCE);
      if (!this.#state.isOpen) throw lost();
      const { epoch } = this.#state;
      const request = shareAcknowledge(version, { ...this.member, epoch, partitions: all });
      const answer = await this.ask(request);
      this.#check('a ShareAcknowledge', answer);
      this.#state.taken();
      return answer.partitions;
    });
  }

  /** Ends it: the broker releases at once what this member has not acknowledged. @throws as `fetch` does */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#state.isOpen) return;
      const version = await this.#version(SHARE_ACKNOWLEDGE);
      this.#state.lost();
      const closing = { ...this.member, epoch: CLOSING, partitions: [] };
      await this.ask(shareAcknowledge(version, closing));
    });
  }

  /** One request after another, whatever becomes of the one before. */
  #inTurn<T>(request: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(request).catch((error: unknown) => {
      if (!isOurOwn(error)) this.#forget();
      throw error;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Behind the same address there may be another broker now. */
  #forget(): void {
    this.#state.lost();
    this.#offers = undefined;
  }

  async #version(api: Api): Promise<number> {
    this.#offers ??= await this.ask(apiVersions());
    return negotiated(api, this.#offers);
  }

  #check(asked: string, answered: Answered): void {
    if (answered.error !== 0) throw refusal(asked, answered);
  }
}

/** Nothing was sent. */
function isOurOwn(error: unknown): boolean {
  return error instanceof ShareGroupError && error.code !== 'REFUSED';
}

function tooOld(what: string, { name }: Api, version: number, since: number): ShareGroupError {
  return new ShareGroupError(
    'UNSUPPORTED_VERSION',
    `The broker offers ${name} up to version ${version}: ${what} needs version ${since}, of Kafka 4.2 or newer.`,
  );
}

function lost(): ShareGroupError {
  return new ShareGroupError(
    'LATE_ACKNOWLEDGEMENT',
    'The share session with the broker is lost: what it had acquired, others get.',
  );
}
