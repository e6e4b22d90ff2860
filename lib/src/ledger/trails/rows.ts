/** A fact in a row. `value` is what its kind needs: the number of a key, or of records in a batch. */
interface Row {
  time: number;
  offset: number;
  partition: number;
  member: number;
  value: number;
}

/** Facts side by side, the same index in each. */
export interface Columns {
  time: Float64Array;
  offset: Float64Array;
  value: Uint32Array;
}

const CHUNK = 1024;
const BYTES_PER_ROW = 24;

interface Chunk extends Columns {
  partition: Uint16Array;
  member: Uint16Array;
}

/**
 * Facts in order of time, in columns: 24 bytes each where an object takes over a hundred. In chunks, so that nothing is
 * copied as they grow and the oldest can be dropped.
 */
export class Rows {
  private readonly chunks: Chunk[] = [];
  length = 0;
  private newest = -Infinity;
  private last: Chunk = NO_CHUNK;

  /** A fact may come late, from a process that tells it with a delay: it goes where its time is. */
  add(time: number, offset: number, partition: number, member: number, value: number): void {
    const at = this.length % CHUNK;
    if (at === 0) this.chunks.push((this.last = emptyChunk()));
    this.length++;
    const { last } = this;
    last.time[at] = time;
    last.offset[at] = offset;
    last.value[at] = value;
    last.partition[at] = partition;
    last.member[at] = member;
    if (time >= this.newest) this.newest = time;
    else this.sink();
  }

  /** The same for many of one partition and member, in order of time; the columns are of one length. */
  addMany({ time, offset, value }: Columns, partition: number, member: number): void {
    const many = time.length;
    if ((time[0] as number) < this.newest) {
      for (let i = 0; i < many; i++)
        this.add(time[i] as number, offset[i] as number, partition, member, value[i] as number);
      return;
    }
    for (let from = 0; from < many; ) {
      const at = this.length % CHUNK;
      if (at === 0) this.chunks.push((this.last = emptyChunk()));
      const to = Math.min(many, from + CHUNK - at);
      const { last } = this;
      last.time.set(time.subarray(from, to), at);
      last.offset.set(offset.subarray(from, to), at);
      last.value.set(value.subarray(from, to), at);
      last.partition.fill(partition, at, at + to - from);
      last.member.fill(member, at, at + to - from);
      this.length += to - from;
      from = to;
    }
    this.newest = time[many - 1] as number;
  }

  /** Moves the row that came last to where its time is. */
  private sink(): void {
    let at = this.length - 1;
    const row = this.read(at);
    for (; at > 0 && this.time(at - 1) > row.time; at--) this.write(at, this.read(at - 1));
    this.write(at, row);
  }

  time(i: number): number {
    return this.chunkOf(i).time[i % CHUNK] as number;
  }

  offset(i: number): number {
    return this.chunkOf(i).offset[i % CHUNK] as number;
  }

  partition(i: number): number {
    return this.chunkOf(i).partition[i % CHUNK] as number;
  }

  member(i: number): number {
    return this.chunkOf(i).member[i % CHUNK] as number;
  }

  value(i: number): number {
    return this.chunkOf(i).value[i % CHUNK] as number;
  }

  setValue(i: number, value: number): void {
    this.chunkOf(i).value[i % CHUNK] = value;
  }

  /** How many of the oldest rows are in chunks that are older than `time` as a whole. */
  olderThan(time: number): number {
    let chunks = 0;
    while ((chunks + 1) * CHUNK <= this.length && this.time((chunks + 1) * CHUNK - 1) < time)
      chunks++;
    return chunks * CHUNK;
  }

  /** Drops so many of the oldest rows, as `olderThan` counts them. */
  drop(rows: number): void {
    this.chunks.splice(0, rows / CHUNK);
    this.length -= rows;
  }

  private chunkOf(i: number): Chunk {
    return this.chunks[Math.floor(i / CHUNK)] as Chunk;
  }

  private read(i: number): Row {
    return {
      time: this.time(i),
      offset: this.offset(i),
      partition: this.partition(i),
      member: this.member(i),
      value: this.value(i),
    };
  }

  private write(i: number, { time, offset, partition, member, value }: Row): void {
    const chunk = this.chunkOf(i);
    const at = i % CHUNK;
    chunk.time[at] = time;
    chunk.offset[at] = offset;
    chunk.partition[at] = partition;
    chunk.member[at] = member;
    chunk.value[at] = value;
  }
}

const NO_CHUNK = emptyChunk();

function emptyChunk(): Chunk {
  const bytes = new ArrayBuffer(CHUNK * BYTES_PER_ROW);
  return {
    time: new Float64Array(bytes, 0, CHUNK),
    offset: new Float64Array(bytes, CHUNK * 8, CHUNK),
    value: new Uint32Array(bytes, CHUNK * 16, CHUNK),
    partition: new Uint16Array(bytes, CHUNK * 20, CHUNK),
    member: new Uint16Array(bytes, CHUNK * 22, CHUNK),
  };
}
