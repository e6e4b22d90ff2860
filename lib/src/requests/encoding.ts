/**
 * Kafka's primitive types. In its flexible versions lengths are variable-length integers, one more than they say, and
 * every structure ends in tagged fields; in the older ones lengths have a fixed size. kafkajs has no decoder that can
 * be used here: the one that it has takes a tagged field for one byte shorter than it is.
 */
export class Reader {
  #at = 0;

  constructor(
    private readonly buffer: Buffer,
    private readonly flexible: boolean,
  ) {}

  int8 = (): number => this.buffer.readInt8(this.#forward(1));
  int16 = (): number => this.buffer.readInt16BE(this.#forward(2));
  int32 = (): number => this.buffer.readInt32BE(this.#forward(4));
  /** Exact up to 2^53: offsets and times are smaller. */
  int64 = (): number => Number(this.buffer.readBigInt64BE(this.#forward(8)));
  uuid = (): string => this.#bytes(16).toString('hex');

  /** Null is told as an empty text: nothing that is read here differs in that. */
  string = (): string =>
    this.#bytes(this.flexible ? this.#compactLength() : this.int16()).toString();
  bytes = (): Buffer => this.#bytes(this.flexible ? this.#compactLength() : this.int32());

  /** All that has not been read yet. */
  bytesLeft = (): Buffer => this.#bytes(this.buffer.length - this.#at);

  /** Null is told as an empty array. */
  array<T>(element: () => T): T[] {
    const length = this.flexible ? this.#compactLength() : this.int32();
    const elements: T[] = [];
    for (let i = 0; i < length; i++) elements.push(element());
    return elements;
  }

  /** Reads the fields of a structure, and skips those that it has been given since. */
  struct<T>(fields: () => T): T {
    const value = fields();
    this.tags();
    return value;
  }

  tags(): void {
    if (!this.flexible) return;
    for (let n = this.#unsigned(); n > 0; n--) {
      this.#unsigned(); // which field
      this.#bytes(this.#unsigned());
    }
  }

  #compactLength = (): number => this.#unsigned() - 1;

  #unsigned(): number {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = this.buffer.readUInt8(this.#forward(1));
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 28) throw new RangeError('A length in an answer of Kafka has no end.');
    }
  }

  #bytes(length: number): Buffer {
    const size = Math.max(0, length);
    const from = this.#forward(size);
    return this.buffer.subarray(from, from + size);
  }

  #forward(size: number): number {
    const from = this.#at;
    if (from + size > this.buffer.length)
      throw new RangeError('An answer of Kafka ends too early.');
    this.#at += size;
    return from;
  }
}

export class Writer {
  readonly #parts: Buffer[] = [];

  constructor(private readonly flexible: boolean) {}

  get buffer(): Buffer {
    return Buffer.concat(this.#parts);
  }

  int8 = (value: number): this => this.#number(1, (part) => part.writeInt8(value));
  int32 = (value: number): this => this.#number(4, (part) => part.writeInt32BE(value));
  int64 = (value: number): this => this.#number(8, (part) => part.writeBigInt64BE(BigInt(value)));

  string = (value: string | null): this => {
    if (value === null)
      return this.flexible ? this.#unsigned(0) : this.#number(2, (part) => part.writeInt16BE(-1));
    const bytes = Buffer.from(value);
    if (this.flexible) this.#unsigned(bytes.length + 1);
    else this.#number(2, (part) => part.writeInt16BE(bytes.length));
    this.#parts.push(bytes);
    return this;
  };

  /** As `Reader` tells one: 32 hexadecimal digits. */
  uuid = (value: string): this => {
    this.#parts.push(Buffer.from(value, 'hex'));
    return this;
  };

  /** Null where there is no array. */
  array<T>(elements: readonly T[] | null, element: (value: T) => void): this {
    const length = elements?.length ?? -1;
    if (this.flexible) this.#unsigned(length + 1);
    else this.int32(length);
    for (const value of elements ?? []) element(value);
    return this;
  }

  /** No tagged fields. */
  tags(): this {
    return this.flexible ? this.#unsigned(0) : this;
  }

  #unsigned(value: number): this {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128))
      this.#parts.push(Buffer.of((rest % 128) + 128));
    this.#parts.push(Buffer.of(rest));
    return this;
  }

  #number(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(size);
    write(part);
    this.#parts.push(part);
    return this;
  }
}
