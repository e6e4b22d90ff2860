/** Compresses one block, or what it holds again. */
type Block = (data: Buffer) => Buffer;

/** What Kafka's Java clients write around blocks of snappy: a mark, its version, and the oldest that can read it. */
const HEAD = Buffer.from('82534e4150505900' + '00000001'.repeat(2), 'hex');
const MARK = HEAD.subarray(0, 8);
/** In bytes, before it is compressed, as theirs. */
const BLOCK = 32 * 1024;

/** Blocks with their sizes in front, as snappy-java writes and reads them. */
export function framed(data: Buffer, compress: Block): Buffer {
  const parts: Buffer[] = [HEAD];
  for (let at = 0; at < data.length; at += BLOCK) {
    const block = compress(data.subarray(at, at + BLOCK));
    const size = Buffer.alloc(4);
    size.writeInt32BE(block.length);
    parts.push(size, block);
  }
  return Buffer.concat(parts);
}

/** Other clients write one block with nothing around it. @throws RangeError where the end is missing */
export function unframed(data: Buffer, decompress: Block): Buffer {
  if (!data.subarray(0, MARK.length).equals(MARK)) return decompress(data);
  const parts: Buffer[] = [];
  for (let at = HEAD.length; at < data.length; ) {
    const size = data.readInt32BE(at);
    at += 4;
    if (size < 0 || at + size > data.length) throw new RangeError('A block of snappy is cut off.');
    parts.push(decompress(data.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat(parts);
}
