import { promisify } from 'node:util';
import zlib from 'node:zlib';

type Run = (data: Buffer) => Promise<Buffer>;
type Call = (data: Buffer, done: (error: Error | null, result: Buffer) => void) => void;

/** Node's own, from 22.15 on. */
const { zstdCompress, zstdDecompress } = zlib as { zstdCompress?: Call; zstdDecompress?: Call };

/** Undefined where this Node cannot. */
export const compressZstd: Run | undefined = zstdCompress && promisify(zstdCompress);

/** By Node where it can, else by a package that only reads. */
export const decompressZstd: Run = zstdDecompress
  ? promisify(zstdDecompress)
  : async (data) => Buffer.from((await import('fzstd')).decompress(data));
