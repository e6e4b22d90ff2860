/** Strings by number, each kept once. */
export class Names {
  private readonly numbers = new Map<string, number>();
  private readonly strings: string[] = [];

  get size(): number {
    return this.strings.length;
  }

  /** In the order of their numbers. */
  [Symbol.iterator](): Iterator<string> {
    return this.strings.values();
  }

  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.strings.length);
    return this.strings.push(name) - 1;
  }

  nameOf(number: number): string {
    return this.strings[number] as string;
  }
}
