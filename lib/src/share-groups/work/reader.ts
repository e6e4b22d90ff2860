import { once } from 'node:events';
import { pause } from '../../waiting.js';
import { isRetriable, refusal } from '../errors.js';
import type { Place } from '../places.js';
import { Acknowledger } from '../session/acknowledger.js';
import { type AcquiredRecord, acquiredIn } from '../session/acquired.js';
import type { ShareSession } from '../session/share-session.js';
import type { Tell } from './events.js';
import type { Handling, Held } from './handling.js';

export interface ReaderOptions {
  session: ShareSession;
  handling: Handling;
  tell: Tell;
  /** The name of a topic. */
  nameOf(topicId: string): string;
  /** Another broker may lead a partition now. */
  stale(): void;
  /** Something that will not mend itself. */
  failed(error: unknown): void;
}

/** After an error, in ms. */
const AGAIN_MS = 100;

/** Reads from one broker what it leads: acquires records, has them handled, acknowledges them; and again. */
export class Reader {
  readonly #end = new AbortController();
  readonly #acknowledger: Acknowledger;
  readonly #held = new Set<Held>();
  readonly #ended: Promise<void>;
  /** The one that is with the handler, or waits for its turn. */
  #current: Held | undefined;
  #wanted: readonly Place[] = [];
  #wake = new AbortController();

  constructor(private readonly options: ReaderOptions) {
    const { session, failed } = options;
    this.#acknowledger = new Acknowledger((all) => session.acknowledge(all));
    this.#ended = this.#run().catch(failed);
  }

  /** What it reads from now on, all of it. */
  read(wanted: readonly Place[]): void {
    this.#wanted = wanted;
    this.#wake.abort();
  }

  /** Waits for the record in hand, until its lock runs out; the broker releases what is left. Never throws. */
  async stop(): Promise<void> {
    this.#end.abort();
    await Promise.race([this.#ended, this.#current?.delivery.expired ?? this.#ended]);
    await this.#acknowledger.idle();
    await this.options.session.close().catch((error) => this.options.tell('retrying', { error }));
    for (const { delivery, abandon } of this.#held) if (!delivery.isOver) abandon();
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) await this.#once().catch((error) => this.#recover(error));
  }

  async #once(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted.length === 0) return this.#rest();
    const { lockTimeout, partitions } = await this.options.session.fetch(wanted);
    const all = await Promise.all(partitions.map(acquiredIn));
    // One that fails belongs to nobody in a while, and is acknowledged by whoever acquires it next.
    for (const other of all.flatMap(({ others }) => others))
      this.#acknowledger.acknowledge(other).catch(() => undefined);
    const records = all.flatMap((acquired) => acquired.records);
    await this.#handleAll(records.map((record) => this.#take(record, lockTimeout)));
    await this.#acknowledger.idle();
    const refused = partitions.find(({ error }) => error !== 0);
    if (refused) throw refusal('a ShareFetch', refused);
  }

  /** This broker leads nothing of this member's. */
  async #rest(): Promise<void> {
    await this.options.session.close();
    this.#wake = new AbortController();
    if (this.#wanted.length === 0) await untilAborted([this.#wake.signal, this.#end.signal]);
  }

  #take(record: AcquiredRecord, lockTimeout: number): Held {
    const { topicId, partition, offset } = record;
    const place = { topicId, partition, first: offset, last: offset };
    const held = this.options.handling.take({
      ...{ record, lockTimeout, topic: this.options.nameOf(topicId) },
      acknowledge: (kind) => this.#acknowledger.acknowledge({ ...place, kind }),
    });
    this.#held.add(held);
    return held;
  }

  async #handleAll(all: Held[]): Promise<void> {
    for (const held of all) {
      if (this.#end.signal.aborted) return;
      this.#current = held;
      await held.handle();
    }
    this.#current = undefined;
    for (const held of this.#held) if (held.delivery.isOver) this.#held.delete(held);
  }

  /** @throws what will not mend itself */
  async #recover(error: unknown): Promise<void> {
    if (!isRetriable(error)) throw error;
    const { tell, stale } = this.options;
    tell('retrying', { error });
    stale();
    await pause(AGAIN_MS, this.#end.signal);
  }
}

async function untilAborted(signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals);
  if (!either.aborted) await once(either, 'abort');
}
