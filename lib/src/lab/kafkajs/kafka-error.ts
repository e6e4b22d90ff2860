/** An error of kafkajs, or one that it wraps. */
export interface KafkaError extends Error {
  type?: string;
  retriable?: boolean;
  /** Of a request for several things: what went wrong with each. */
  errors?: Error[];
}

/** The first cause: kafkajs wraps what happened in what it tried. */
export function rootOf(error: unknown): KafkaError {
  let root = error as KafkaError;
  for (;;) {
    const deeper = root.cause ?? root.errors?.[0];
    if (!(deeper instanceof Error)) return root;
    root = deeper;
  }
}

/** Whether the broker has no such topic, or none any more. */
export function isUnknownTopic(error: unknown): boolean {
  return rootOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION';
}
