import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test, vi } from 'vitest';
import '../../../lib/src/lab/codecs/register.ts';
import { framed, unframed } from '../../../lib/src/lab/codecs/snappy.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(data: Buffer): Promise<Buffer>;
}

const { CompressionCodecs, CompressionTypes } = kafkajs;
const codecOf = (name: 'Snappy' | 'LZ4' | 'ZSTD') =>
  CompressionCodecs[CompressionTypes[name]]() as Codec;

/** Bytes that repeat and bytes that do not, within one block of any codec and over several. */
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 7, 500), fc.constantFrom(0, 70_000))
  .map(([part, times, random]) => Buffer.concat([...Array(times).fill(part), randomBytes(random)]));

const WRITES = ['Snappy', 'LZ4', ...('zstdCompress' in zlib ? ['ZSTD' as const] : [])] as const;
test.each(WRITES)('what %s compresses comes out as it was', async (name) => {
  const { compress, decompress } = codecOf(name as 'Snappy');
  const property = fc.asyncProperty(bytes, async (data) => {
    expect((await decompress(await compress({ buffer: data }))).equals(data)).toBe(true);
  });
  await fc.assert(property, { numRuns: 50 });
});

/** By zstd 1.5.4: "kafka " a hundred times. */
const KAFKA = Buffer.from('28b52ffd04586d0000306b61666b612001004f529522c37a3b69', 'hex');

test('zstd is read by every Node.js; where none is in it, nothing is written, in words that a producer knows', async () => {
  const { compress, decompress } = codecOf('ZSTD');
  expect(`${await decompress(KAFKA)}`).toBe('kafka '.repeat(100));
  const written = compress({ buffer: Buffer.from('x') });
  await ('zstdCompress' in zlib
    ? expect(written).resolves.toBeInstanceOf(Buffer)
    : expect(written).rejects.toMatchObject({ message: 'ZSTD compression not implemented' }));
});

test('snappy is read with the frame of Java’s clients, and without one', async () => {
  const { compress, decompress } = codecOf('Snappy');
  const data = randomBytes(100_000);
  const whole = await compress({ buffer: data });
  const bare = Buffer.from([3, 8, ...Buffer.from('abc')]); // three bytes, as they are
  expect(`${await decompress(bare)}`).toBe('abc');
  const identity = (block: Buffer) => block;
  expect(unframed(framed(data, identity), identity).equals(data)).toBe(true);
  expect(() => unframed(whole.subarray(0, whole.length - 1), identity)).toThrow(/is cut off/);
  await expect(decompress(whole.subarray(0, whole.length - 1))).rejects.toThrow(/cannot be decomp/);
});

test.each(['Snappy', 'LZ4', 'ZSTD'] as const)(
  'bytes that %s did not make are an error, and harm no later ones',
  async (name) => {
    const { decompress } = codecOf(name);
    await expect(decompress(Buffer.from('correct horse'))).rejects.toThrow(
      `A batch cannot be decompressed: it is not what ${name} makes.`,
    );
    const { compress, decompress: again } = codecOf('LZ4');
    expect(`${await again(await compress({ buffer: Buffer.from('still') }))}`).toBe('still');
  },
);

test('a codec that somebody has registered before stays', async () => {
  const own = () => ({
    compress: async () => Buffer.alloc(0),
    decompress: async () => Buffer.alloc(0),
  });
  const before = CompressionCodecs[CompressionTypes.LZ4];
  CompressionCodecs[CompressionTypes.LZ4] = own;
  vi.resetModules();
  await import('../../../lib/src/lab/codecs/register.ts');
  expect(CompressionCodecs[CompressionTypes.LZ4]).toBe(own);
  CompressionCodecs[CompressionTypes.LZ4] = before;
});
