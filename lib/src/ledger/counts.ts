const PAGE = 512;
const MOST = 255;

/** How often something happened to each offset of a partition: a byte an offset, kept for ever. */
export class OffsetCounts {
  private readonly pages = new Map<number, Uint8Array>();
  /** The page that was written last: most offsets come one after the other. */
  private page: Uint8Array = new Uint8Array(0);
  private pageNumber = -1;
  /** Offsets to which it happened at least once. */
  distinct = 0;
  /** Offsets to which it happened more than once. */
  repeated = 0;
  lowest = Infinity;
  highest = -1;

  add(offset: number): void {
    const number = Math.floor(offset / PAGE);
    if (number !== this.pageNumber) this.turnTo(number);
    const { page } = this;
    const times = page[offset % PAGE] as number;
    if (times === 0) this.distinct++;
    if (times === 1) this.repeated++;
    // From 255 on it stays at 255.
    if (times < MOST) page[offset % PAGE] = times + 1;
    if (offset < this.lowest) this.lowest = offset;
    if (offset > this.highest) this.highest = offset;
  }

  /** The same for many. */
  addMany(offsets: Float64Array): void {
    for (let i = 0; i < offsets.length; ) {
      const number = Math.floor((offsets[i] as number) / PAGE);
      if (number !== this.pageNumber) this.turnTo(number);
      i = this.addToPage(offsets, i, number * PAGE);
    }
  }

  /** Adds offsets as long as they are on the page that begins at `start`. Returns where it stopped. */
  private addToPage(offsets: Float64Array, from: number, start: number): number {
    let { page, distinct, repeated, lowest, highest } = this;
    let i = from;
    for (; i < offsets.length; i++) {
      const offset = offsets[i] as number;
      const at = offset - start;
      if (at < 0 || at >= PAGE) break;
      const times = page[at] as number;
      if (times === 0) distinct++;
      if (times === 1) repeated++;
      if (times < MOST) page[at] = times + 1;
      if (offset < lowest) lowest = offset;
      if (offset > highest) highest = offset;
    }
    Object.assign(this, { distinct, repeated, lowest, highest });
    return i;
  }

  private turnTo(number: number): void {
    let page = this.pages.get(number);
    if (!page) this.pages.set(number, (page = new Uint8Array(PAGE)));
    this.page = page;
    this.pageNumber = number;
  }

  /** How often it happened to this offset, 255 for more. */
  at(offset: number): number {
    return this.pages.get(Math.floor(offset / PAGE))?.[offset % PAGE] ?? 0;
  }

  /** Every offset to which it happened, in order, with how often. */
  *entries(): Generator<[offset: number, times: number]> {
    for (const number of [...this.pages.keys()].sort((a, b) => a - b)) {
      const page = this.pages.get(number) as Uint8Array;
      for (let i = 0; i < PAGE; i++) {
        const times = page[i] as number;
        if (times > 0) yield [number * PAGE + i, times];
      }
    }
  }
}
