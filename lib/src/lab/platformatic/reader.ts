/** A consumer while it is watched. */
export class Reader {
  /** It ends: its loops get no further record. */
  isClosing = false;
  /** The lab ends it, since its cell is run again or its lab is closed: nobody is interested in what it fails at from then on. */
  isRetired = false;
  private inHand = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly groupId: string,
    readonly clientId: string,
  ) {}

  takes(): void {
    this.inHand++;
  }

  gives(): void {
    this.inHand--;
    if (this.inHand > 0) return;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  /** Resolves when no record is in the hands of its loops. */
  async free(): Promise<void> {
    if (this.inHand > 0) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }
}
