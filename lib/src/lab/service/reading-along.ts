import { rmSync } from 'node:fs';
import { type Fact, FactReader } from '../../ledger/index.js';

/** How often the facts of a service are read along, in milliseconds; and when none have come for a while. */
const READ_MS = 25;
const READ_QUIET_MS = 200;
const QUIET_MS = 5000;

/** Reads the file of a service's facts while the service writes it. */
export class ReadingAlong {
  private readonly reader: FactReader;
  private timer: NodeJS.Timeout | undefined;
  private lastFact = performance.now();

  /** @param take called with each fact, in their order */
  constructor(
    private readonly path: string,
    private readonly take: (fact: Fact) => void,
  ) {
    this.reader = new FactReader(path);
    this.readOn();
  }

  /** Reads what has been written since. */
  read(): void {
    for (const fact of this.reader.read()) {
      this.lastFact = performance.now();
      this.take(fact);
    }
  }

  /** Reads what is left, and removes the file. */
  end(): void {
    clearTimeout(this.timer);
    this.read();
    this.reader.close();
    rmSync(this.path, { force: true });
  }

  private readOn(): void {
    const isQuiet = performance.now() - this.lastFact > QUIET_MS;
    this.timer = setTimeout(
      () => {
        this.read();
        this.readOn();
      },
      isQuiet ? READ_QUIET_MS : READ_MS,
    );
    this.timer.unref();
  }
}
