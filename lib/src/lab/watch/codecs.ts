import { LabError } from '../../errors.js';

/** As topics and producers call them; gzip is the one that kafkajs brings. */
const MISSING = ['snappy', 'lz4', 'zstd'] as const;
type Missing = (typeof MISSING)[number];

/** The package that brings each to kafkajs, and its name among kafkajs's `CompressionTypes`. */
const CODECS: Record<Missing, { from: string; type: string }> = {
  snappy: { from: 'kafkajs-snappy', type: 'Snappy' },
  lz4: { from: 'kafkajs-lz4', type: 'LZ4' },
  zstd: { from: '@kafkajs/zstd', type: 'ZSTD' },
};

export const WHO_CANNOT =
  'Kafka and most clients know snappy, lz4 and zstd; on its own, kafkajs knows only gzip.';

/** Whether a topic that compresses in this way cannot be read by kafkajs alone. */
export function isMissing(compression: string): compression is Missing {
  return (MISSING as readonly string[]).includes(compression);
}

/** Which codec kafkajs lacked, if that is why this failed. */
export function missingCodec(error: unknown): Missing | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    const [, name = ''] = /^(\w+) compression not implemented/i.exec(e.message) ?? [];
    if (isMissing(name.toLowerCase())) return name.toLowerCase() as Missing;
  }
  return undefined;
}

/** What helps a program that reads, or writes, what is compressed so. */
export function registering(codec: Missing): string {
  const { from, type } = CODECS[codec];
  return `add one to kafkajs (npm install ${from}, then CompressionCodecs[CompressionTypes.${type}] = … before the client is made)`;
}

/** The error of a consumer that met a record which it cannot decompress. */
export function cannotRead(who: string, codec: Missing, cause: Error): LabError {
  return new LabError('CONSUMER_CRASHED', {
    what: `${who} cannot read the next record: it is compressed with ${codec}.`,
    why: `${WHO_CANNOT} The record itself is intact, and Kafka's own tools can read it.`,
    fix: `Have producer and topic (compression.type) use gzip or none for new records; to read those that are there, ${registering(codec)}.`,
    cause,
  });
}

/** The error of a producer that was asked for a compression which it does not have; nothing was sent. */
export function cannotWrite(codec: Missing, cause: Error): LabError {
  return new LabError('BAD_INPUT', {
    what: `Nothing was sent: this producer cannot compress with ${codec}.`,
    why: WHO_CANNOT,
    fix: `Use compression: CompressionTypes.GZIP or none; or ${registering(codec)}.`,
    cause,
  });
}
