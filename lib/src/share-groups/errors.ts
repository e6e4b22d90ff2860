/** Every way in which a share consumer can refuse or fail. A closed list, so that a caller can switch on it. */
export const SHARE_GROUP_ERROR_CODES = [
  /** An option or an argument makes no sense. */
  'BAD_INPUT',
  /** The call is not possible now: before `connect`, after `run`, a second `run`. */
  'BAD_STATE',
  /** The broker offers none of the versions of a request that this client knows, or not what was asked for. */
  'UNSUPPORTED_VERSION',
  /** Nobody who could answer was found in time. */
  'UNREACHABLE',
  /** Kafka says no; `type` has its word for why. */
  'REFUSED',
  /** An acknowledgement comes when this member has the record no more: its lock has run out, or its leader has moved. */
  'LATE_ACKNOWLEDGEMENT',
  /** The record has been accepted, released or rejected by this member before. */
  'ALREADY_ACKNOWLEDGED',
  /** An acknowledgement was sent, no answer came, and nobody knows whether Kafka has it. */
  'IN_DOUBT',
  /** The signal of the consumer was aborted. */
  'ABORTED',
] as const;

export type ShareGroupErrorCode = (typeof SHARE_GROUP_ERROR_CODES)[number];

interface Details {
  /** Kafka's name of the error, as kafkajs calls it: INVALID_RECORD_STATE. */
  type?: string;
  /** Whether the same may go well a moment later. */
  retriable?: boolean;
  cause?: unknown;
}

/** The one error class of share groups. What fails on the way to a broker is an error of kafkajs's. */
export class ShareGroupError extends Error {
  override readonly name = 'ShareGroupError';
  readonly type: string | undefined;
  readonly retriable: boolean;

  constructor(
    readonly code: ShareGroupErrorCode,
    message: string,
    { type, retriable = false, cause }: Details = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.type = type;
    this.retriable = retriable;
  }
}

/** Kafka's errors by number, as far as they concern share groups: kafkajs 2.2.4 knows few of them. */
const KAFKAS: Record<number, { type: string; retriable?: true }> = {
  [-1]: { type: 'UNKNOWN_SERVER_ERROR' },
  3: { type: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true },
  5: { type: 'LEADER_NOT_AVAILABLE', retriable: true },
  6: { type: 'NOT_LEADER_OR_FOLLOWER', retriable: true },
  7: { type: 'REQUEST_TIMED_OUT', retriable: true },
  14: { type: 'COORDINATOR_LOAD_IN_PROGRESS', retriable: true },
  15: { type: 'COORDINATOR_NOT_AVAILABLE', retriable: true },
  16: { type: 'NOT_COORDINATOR', retriable: true },
  17: { type: 'INVALID_TOPIC_EXCEPTION' },
  24: { type: 'INVALID_GROUP_ID' },
  25: { type: 'UNKNOWN_MEMBER_ID', retriable: true },
  29: { type: 'TOPIC_AUTHORIZATION_FAILED' },
  30: { type: 'GROUP_AUTHORIZATION_FAILED' },
  31: { type: 'CLUSTER_AUTHORIZATION_FAILED' },
  35: { type: 'UNSUPPORTED_VERSION' },
  40: { type: 'INVALID_CONFIG' },
  42: { type: 'INVALID_REQUEST' },
  56: { type: 'KAFKA_STORAGE_ERROR', retriable: true },
  69: { type: 'GROUP_ID_NOT_FOUND' },
  81: { type: 'GROUP_MAX_SIZE_REACHED' },
  100: { type: 'UNKNOWN_TOPIC_ID', retriable: true },
  110: { type: 'FENCED_MEMBER_EPOCH', retriable: true },
  121: { type: 'INVALID_RECORD_STATE' },
  122: { type: 'SHARE_SESSION_NOT_FOUND', retriable: true },
  123: { type: 'INVALID_SHARE_SESSION_EPOCH', retriable: true },
  124: { type: 'FENCED_STATE_EPOCH', retriable: true },
  133: { type: 'SHARE_SESSION_LIMIT_REACHED', retriable: true },
};

/** What Kafka answered: its number of the error, 0 if there is none, and its words, empty if there are none. */
export interface Answered {
  error: number;
  message: string;
}

/** Kafka's name of an error. */
export const typeOf = (error: number): string => KAFKAS[error]?.type ?? `ERROR_${error}`;

/** Kafka's refusal as an error. */
export function refusal(asked: string, { error, message }: Answered): ShareGroupError {
  const type = typeOf(error);
  const words = message ? `: ${message}` : '.';
  const retriable = KAFKAS[error]?.retriable ?? false;
  // A broker that knows the request may still be told not to have share groups.
  const code = type === 'UNSUPPORTED_VERSION' ? type : 'REFUSED';
  return new ShareGroupError(code, `Kafka answers ${asked} with ${type}${words}`, {
    ...{ type, retriable },
  });
}

/** Whether the same may go well a moment later, or on another broker. */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { retriable, cause } = error as { retriable?: boolean; cause?: unknown };
  // kafkajs gives up after some attempts, and says so by an error that is not retriable itself.
  return retriable === true || (error.name === GAVE_UP && isRetriable(cause));
}

const GAVE_UP = 'KafkaJSNumberOfRetriesExceeded';
