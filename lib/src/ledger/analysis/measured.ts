/** What was done in some time. */
export interface Rate {
  records: number;
  bytes: number;
  milliseconds: number;
  /** What one pays for doing it like this, in a few words. */
  givesUp?: string;
}

/** How much a queue and a topic held at one moment, as their brokers answered. */
export interface DepthSample {
  /** Milliseconds since 1970, with fractions. */
  time: number;
  /** Messages in the queue. RabbitMQ counts those that wait; Qpid those too that a reader has and has not acknowledged. */
  queued: number;
  /** The first offset that the topic still has, and the one after its last: sums over its partitions. */
  start: number;
  end: number;
}

/** A change more often than this is not seen in a chart. */
const MOST_SAMPLES = 2000;

/** What was measured of a queue and a topic, side by side, over time: a sample for each change, and the latest. */
export class Depths {
  readonly #samples: DepthSample[] = [];

  constructor(
    /** Their full names. */
    readonly queue: string,
    readonly topic: string,
  ) {}

  get samples(): readonly DepthSample[] {
    return this.#samples;
  }

  add(sample: DepthSample): void {
    const [before, last] = this.#samples.slice(-2);
    // Where nothing has changed twice, the later one says as much.
    if (before && last && isSame(before, last) && isSame(last, sample)) this.#samples.pop();
    this.#samples.push(sample);
    if (this.#samples.length > MOST_SAMPLES) this.#thinOut();
  }

  /** Every other sample goes; the first and the last stay. */
  #thinOut(): void {
    const kept = this.#samples.filter((_, i, all) => i % 2 === 0 || i === all.length - 1);
    this.#samples.splice(0, Infinity, ...kept);
  }
}

function isSame(a: DepthSample, b: DepthSample): boolean {
  return a.queued === b.queued && a.start === b.start && a.end === b.end;
}
