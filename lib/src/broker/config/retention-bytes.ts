import { bad, type Environment, environment, spelled } from './environment.js';

const NAME = 'KAFKA_LAB_RETENTION_BYTES';
const MiB = 1024 ** 2;
/** Kafka's smallest segment. */
const LEAST = MiB;
const DEFAULT = 256 * MiB;
const LARGEST_SEGMENT = 64 * MiB;

/**
 * How many bytes each partition of the embedded Kafka keeps unless its topic says otherwise, -1 for no bound. Kafka's own
 * default has none: a loop that somebody forgot fills the disk within the hour.
 * @throws LabError BAD_INPUT
 */
export function retentionBytes(env: Environment = environment()): number {
  const text = env[NAME]?.trim();
  if (!text) return DEFAULT;
  const bytes = Number(text);
  if (Number.isSafeInteger(bytes) && (bytes === -1 || bytes >= LEAST)) return bytes;
  throw bad(
    `${spelled(NAME)} is ${JSON.stringify(text)}, which is not a number of bytes that a partition can keep.`,
    `Set it to ${LEAST} or more, or to -1 for no limit, or unset it: then it is ${DEFAULT}.`,
  );
}

/** A segment goes as a whole, so it has to be much smaller than what is kept. */
export function segmentBytes(retention: number): number | undefined {
  if (retention === -1) return undefined;
  return Math.min(LARGEST_SEGMENT, Math.max(LEAST, Math.floor(retention / 4)));
}
