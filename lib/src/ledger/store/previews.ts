import { bytesText } from '../trails/keys.js';
import { Names } from '../trails/names.js';
import type { Place } from './place.js';

/** A value as a client has it: bytes, text as it is sent, or none. */
export type Value = Uint8Array | string | null | undefined;

/** Writes values of one partition into the ledger: how each begins is kept, and its size. */
export interface ValueWriter {
  add(offset: number, value: Value): void;
}

/** What is known of a record's value: how it begins. Nothing beyond that was kept. */
export interface Preview {
  /** Up to 96 bytes as text, those that are no UTF-8 as `\xff`; null for a record without a value. */
  text: string | null;
  /** Of the whole value, in bytes. */
  size: number;
  isCut: boolean;
}

/** How a record's value begins, in bytes; null for a record without one. `size` is that of the whole value. */
export interface KeptValue extends Place {
  size: number;
  start: Buffer | null;
}

/** Room for an order of the shop. */
const KEPT_BYTES = 96;
/** Letters that are copied one by one. */
const FEW = 24;
const PAGE = 256;
const PAGES = 16;
/** Of so many records, over all topics, the ledger knows how their values begin. */
export const MOST_PREVIEWS = PAGE * PAGES;
/** The size of what is not there. */
const NONE = -1;

interface Page {
  bytes: Buffer;
  /** How many of a value's bytes are there. */
  kept: Uint8Array;
  /** How many it has. */
  size: Float64Array;
  offset: Float64Array;
  partition: Uint32Array;
}

/**
 * How the values of the newest records begin. Copied into pages that are written over, oldest first: a string or a buffer that
 * were kept would keep all that they are a part of.
 */
export class Previews {
  /** Topic and partition by number. */
  private readonly partitions = new Names();
  private readonly pages: Page[] = [];
  private length = 0;
  /** Made when one is looked for, and good until another one comes: charts look for that of each record. */
  private found: ReadonlyMap<string, number> | undefined;

  writer(topic: string, partition: number): ValueWriter {
    const number = this.numberOf(topic, partition);
    return { add: (offset, value) => this.add(number, offset, value) };
  }

  /** Undefined where it is not known: of older records, and of those that somebody else produced. */
  find({ topic, partition, offset }: Place): Preview | undefined {
    const i = this.places().get(placeOf(this.numberOf(topic, partition), offset));
    return i === undefined ? undefined : read(...this.slot(i));
  }

  /** Where the newest value of each record is. */
  private places(): ReadonlyMap<string, number> {
    if (this.found) return this.found;
    const found = new Map<string, number>();
    for (let i = Math.max(0, this.length - MOST_PREVIEWS); i < this.length; i++) {
      const [page, at] = this.slot(i);
      found.set(placeOf(page.partition[at] as number, page.offset[at] as number), i);
    }
    this.found = found;
    return found;
  }

  /** All that are kept, oldest first. */
  *[Symbol.iterator](): Generator<KeptValue> {
    for (let i = Math.max(0, this.length - MOST_PREVIEWS); i < this.length; i++) {
      const [page, at] = this.slot(i);
      const [, topic = '', partition] =
        /^(.*)\/(\d+)$/s.exec(this.partitions.nameOf(page.partition[at] as number)) ?? [];
      const place = { topic, partition: Number(partition), offset: page.offset[at] as number };
      const size = page.size[at] as number;
      if (size === NONE) yield { ...place, size: 0, start: null };
      else yield { ...place, size, start: Buffer.from(keptOf(page, at)) };
    }
  }

  /** Takes one that another ledger kept. */
  take({ topic, partition, offset, size, start }: KeptValue): void {
    const at = this.length;
    this.add(this.numberOf(topic, partition), offset, start);
    const [page, slot] = this.slot(at);
    if (start !== null) page.size[slot] = size;
  }

  private numberOf(topic: string, partition: number): number {
    return this.partitions.numberOf(`${topic}/${partition}`);
  }

  private add(partition: number, offset: number, value: Value): void {
    this.found = undefined;
    const [page, at] = this.slot(this.length++);
    copy(value, page, at);
    page.offset[at] = offset;
    page.partition[at] = partition;
  }

  private slot(i: number): [page: Page, at: number] {
    const slot = i % MOST_PREVIEWS;
    const number = Math.floor(slot / PAGE);
    return [(this.pages[number] ??= emptyPage()), slot % PAGE];
  }
}

const placeOf = (partition: number, offset: number): string => `${partition} ${offset}`;

/** Copies how the value begins to its place in the page. */
function copy(value: Value, { bytes, kept, size }: Page, at: number): void {
  const place = at * KEPT_BYTES;
  if (typeof value === 'string') {
    const start = copyText(value, bytes, place);
    kept[at] = start;
    // Where there was room for another character of four bytes, this is all.
    size[at] = start <= KEPT_BYTES - 4 ? start : Buffer.byteLength(value);
  } else if (value instanceof Uint8Array) {
    const start = value.length > KEPT_BYTES ? value.subarray(0, KEPT_BYTES) : value;
    bytes.set(start, place);
    kept[at] = start.length;
    size[at] = value.length;
  } else {
    size[at] = NONE;
  }
}

/** Returns how many bytes it copied, of whole characters. A few letters are copied sooner than Node is asked. */
function copyText(value: string, bytes: Buffer, place: number): number {
  const { length } = value;
  if (length > FEW) return bytes.write(value, place, KEPT_BYTES);
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return bytes.write(value, place, KEPT_BYTES);
    bytes[place + i] = code;
  }
  return length;
}

function read(page: Page, at: number): Preview {
  const size = page.size[at] as number;
  if (size === NONE) return { text: null, size: 0, isCut: false };
  const bytes = keptOf(page, at);
  const isCut = bytes.length < size;
  return { text: bytesText(isCut ? wholeCharacters(bytes) : bytes), size, isCut };
}

function keptOf({ bytes, kept }: Page, at: number): Buffer {
  return bytes.subarray(at * KEPT_BYTES, at * KEPT_BYTES + (kept[at] as number));
}

/** Without the last character, if it is UTF-8 and was cut in two. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > bytes.length - 4 && (bytes[start] as number) >> 6 === 0b10) start--;
  const lead = bytes[start] as number;
  const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}

function emptyPage(): Page {
  return {
    bytes: Buffer.alloc(PAGE * KEPT_BYTES),
    kept: new Uint8Array(PAGE),
    size: new Float64Array(PAGE),
    offset: new Float64Array(PAGE),
    partition: new Uint32Array(PAGE),
  };
}
