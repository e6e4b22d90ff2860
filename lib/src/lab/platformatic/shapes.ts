/**
 * What is needed of the clients of @platformatic/kafka 1.35.0, by shape: neither the library nor a cell that uses kafkajs alone loads
 * that package, or its declarations.
 */

/** A consumer, as `new Consumer({ … })` makes it. */
export interface PlatformaticConsumer {
  readonly clientId: string;
  readonly groupId: string;
  readonly memberId: string | null;
  /** Of the classic protocol; 0 with the new one. */
  readonly generationId: number;
  /** Replaced at each change; null before the first, and after the end. */
  assignments: Assigned[] | null;
  close(force?: boolean): Promise<void>;
  consume(options: never): Promise<MessageStream>;
  commit(options: { offsets: CommittedOffset[] }): Promise<void>;
}

export interface Assigned {
  topic: string;
  partitions: number[];
}

export interface CommittedOffset {
  topic: string;
  partition: number;
  offset: bigint;
  leaderEpoch: number;
}

/** The stream of a consumer's records. */
export interface MessageStream {
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

/** A record, its key as the consumer's deserializer makes it. */
export interface Message {
  key: unknown;
  topic: string;
  partition: number;
  offset: bigint;
}

/** An error of the broker's, or several. */
export interface ApiError extends Error {
  findBy?(property: 'apiId', value: string): unknown;
}
