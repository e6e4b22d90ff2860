const PAGE = 512;
const MOST = 255;

/** How often something happened to each offset of a partition: a byte an offset, kept for ever. */
export class OffsetCounts {
  private readonly pages = new Map<number, Uint8Array>();
  /** The page that was written last: most offsets come one after the other. */
  private page: Uint8Array = new Uint8Array(0);
  /** Its first offset. */
  private start = -PAGE;
  /** Offsets to which it happened at least once. */
  distinct = 0;
  /** Offsets to which it happened more than once. */
  repeated = 0;
  lowest = Infinity;
  highest = -1;

  add(offset: number): void {
    if (offset < this.start || offset >= this.start + PAGE) this.turnTo(offset);
    const { page } = this;
    const at = offset - this.start;
    const times = page[at] as number;
    if (times === 0) this.distinct++;
    if (times === 1) this.repeated++;
    // From 255 on it stays at 255.
    if (times < MOST) page[at] = times + 1;
    if (offset < this.lowest) this.lowest = offset;
    if (offset > this.highest) this.highest = offset;
  }

  addRange(from: number, to: number, times: number): void {
    for (let offset = from; offset < to; offset++) for (let n = 0; n < times; n++) this.add(offset);
  }

  private turnTo(offset: number): void {
    const number = Math.floor(offset / PAGE);
    let page = this.pages.get(number);
    if (!page) this.pages.set(number, (page = emptyPage()));
    this.page = page;
    this.start = number * PAGE;
  }

  /** How often it happened to this offset, 255 for more. */
  at(offset: number): number {
    return this.pages.get(Math.floor(offset / PAGE))?.[offset % PAGE] ?? 0;
  }

  /** Every offset to which it happened, from one on, in order, with how often. */
  *entries(from = 0): Generator<[offset: number, times: number]> {
    const first = Math.floor(from / PAGE);
    const numbers = [...this.pages.keys()].filter((number) => number >= first);
    for (const number of numbers.sort((a, b) => a - b)) {
      const page = this.pages.get(number) as Uint8Array;
      for (let i = number === first ? from % PAGE : 0; i < PAGE; i++) {
        const times = page[i] as number;
        if (times > 0) yield [number * PAGE + i, times];
      }
    }
  }
}

/** Memory in small pieces is slow to get: pages are cut from larger ones. */
let sheet = new ArrayBuffer(0);
let used = 0;

function emptyPage(): Uint8Array {
  if (used === sheet.byteLength) [sheet, used] = [new ArrayBuffer(16 * PAGE), 0];
  const page = new Uint8Array(sheet, used, PAGE);
  used += PAGE;
  return page;
}
