import { LabError } from '../../errors.js';

/** Which codec a producer lacked, if that is why this failed: zstd, before Node 22.15. */
export function missingCodec(error: unknown): string | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    const [, name] = /^(\w+) compression not implemented/i.exec(e.message) ?? [];
    if (name) return name.toLowerCase();
  }
  return undefined;
}

/** The error of a producer that was asked for a compression which it does not have; nothing was sent. */
export function cannotWrite(codec: string, cause: Error): LabError {
  return new LabError('BAD_INPUT', {
    what: `Nothing was sent: this producer cannot compress with ${codec}.`,
    why: `Node.js can from 22.15 on, and this is ${process.versions.node}. It can read what others have compressed so.`,
    fix: 'Use CompressionTypes.GZIP, Snappy or LZ4; or a newer Node.js.',
    cause,
  });
}
