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

/** A producer, as `new Producer({ … })` makes it. */
export interface PlatformaticProducer {
  readonly clientId: string;
  send(options: never): Promise<SentOffsets>;
  beginTransaction(options?: never): Promise<PlatformaticTransaction>;
  close(force?: boolean): Promise<void>;
}

export interface PlatformaticTransaction {
  send(options: never): Promise<SentOffsets>;
  addOffset(message: never): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** A message as it is sent: its key as the producer's serializer takes it. */
export interface SentMessage {
  topic: string;
  partition?: number;
  key?: unknown;
}

/** Where messages went: the first one in each partition. */
export interface SentOffsets {
  offsets?: { topic: string; partition: number; offset: bigint }[];
}
