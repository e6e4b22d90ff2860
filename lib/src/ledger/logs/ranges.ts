/** Offsets from `from` to before `to`. */
export interface OffsetRange {
  from: number;
  to: number;
}

/** A set of offsets as ranges in order that do not touch: two numbers each, however long they are. */
export class Ranges {
  private readonly froms: number[] = [];
  private readonly tos: number[] = [];

  get isEmpty(): boolean {
    return this.froms.length === 0;
  }

  *[Symbol.iterator](): Generator<OffsetRange> {
    for (const [i, from] of this.froms.entries()) yield { from, to: this.tos[i] as number };
  }

  add({ from, to }: OffsetRange): void {
    if (from >= to) return;
    const first = this.search(from);
    let after = first;
    while (after < this.froms.length && (this.froms[after] as number) <= to) after++;
    if (after > first) {
      from = Math.min(from, this.froms[first] as number);
      to = Math.max(to, this.tos[after - 1] as number);
    }
    this.froms.splice(first, after - first, from);
    this.tos.splice(first, after - first, to);
  }

  has(offset: number): boolean {
    const at = this.search(offset + 1);
    return at < this.froms.length && (this.froms[at] as number) <= offset;
  }

  /** The first range that ends at or after this offset. */
  private search(offset: number): number {
    let low = 0;
    for (let high = this.tos.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.tos[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
