import { CompressionCodecs, CompressionTypes, KafkaJSNotImplemented } from 'kafkajs';
import { framed, unframed } from './snappy.js';
import { compressZstd, decompressZstd } from './zstd.js';

// kafkajs brings gzip alone, and leaves snappy, lz4 and zstd to whoever registers them. A company's topics are compressed by
// these. What compresses is loaded with the first record that needs it.

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(data: Buffer): Promise<Buffer>;
}

const native = () => import('@platformatic/wasm-utils');

type Name = 'Snappy' | 'LZ4' | 'ZSTD';

const CODECS: Record<Name, Codec> = {
  Snappy: {
    compress: async ({ buffer }) => framed(buffer, (await native()).snappyCompress),
    decompress: async (data) => unframed(data, (await native()).snappyDecompress),
  },
  LZ4: {
    compress: async ({ buffer }) => (await native()).lz4Compress(buffer),
    decompress: async (data) => (await native()).lz4Decompress(data),
  },
  ZSTD: {
    compress: ({ buffer }) => (compressZstd ?? noZstd)(buffer),
    decompress: decompressZstd,
  },
};

/** In kafkajs's own words, which whoever sends gets explained. */
async function noZstd(): Promise<never> {
  const Missing = KafkaJSNotImplemented as new (message: string) => Error;
  throw new Missing('ZSTD compression not implemented');
}

/** What went wrong inside of a codec it says in words of its own, such as "unreachable". */
function explained(name: Name, { compress, decompress }: Codec): Codec {
  return {
    compress,
    decompress: (data) =>
      decompress(data).catch((cause) => {
        throw new Error(`A batch cannot be decompressed: it is not what ${name} makes.`, { cause });
      }),
  };
}

const registered: Record<number, () => Codec> = CompressionCodecs;

/** Whether nobody has registered one: kafkajs's own entry throws. */
function isFree(type: number): boolean {
  try {
    return !registered[type]?.();
  } catch {
    return true;
  }
}

for (const [name, codec] of Object.entries(CODECS) as [Name, Codec][]) {
  const type = CompressionTypes[name];
  const ours = explained(name, codec);
  if (isFree(type)) registered[type] = () => ours;
}
