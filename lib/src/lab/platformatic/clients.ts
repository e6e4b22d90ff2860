import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { now, type Recorder } from '../../ledger/index.js';
import { disconnectWithin, withDeadline } from '../../waiting.js';
import type { Open } from '../closed.js';
import { onInterrupt } from '../waiting/interrupt.js';
import type { Ends } from '../waiting/transaction-facts.js';
import { Reader } from './reader.js';
import type { MessageStream, PlatformaticConsumer, PlatformaticProducer } from './shapes.js';
import { askAsClient } from './transaction-version.js';
import { recordCommits, recordMembership } from './watch-consumer.js';
import { watchProducer } from './watch-producer.js';
import { recordDeliveries } from './watch-stream.js';

/** For the record that it has in hand, in ms. */
const FINISH_MS = 1500;

type Watched = PlatformaticConsumer & EventEmitter;
type Consume = (options: never) => Promise<MessageStream & Readable>;

/** The clients of @platformatic/kafka of one lab: watched, and closed when it ends; consumers also when their cell is run again. */
export class PlatformaticClients {
  private readonly readers = new Map<PlatformaticConsumer, Reader>();
  private readonly producers = new Set<PlatformaticProducer>();

  constructor(
    private readonly recorder: Recorder,
    private readonly open: Open,
    private readonly ends?: Ends,
  ) {}

  /** Makes the genuine consumer tell the ledger what it does. Returns the same object. */
  watch<C extends PlatformaticConsumer>(consumer: C): C {
    if (this.readers.has(consumer) || !(consumer instanceof EventEmitter)) return consumer;
    // A client id that comes again belongs to a cell that was run again.
    const earlier = [...this.readers.keys()].filter((one) => one.clientId === consumer.clientId);
    const gone = Promise.all(earlier.map((one) => this.retire(one)));
    const reader = new Reader(consumer.groupId, consumer.clientId);
    this.readers.set(consumer, reader);
    recordMembership(consumer, this.recorder);
    recordCommits(consumer, reader, this.recorder);
    this.watchReading(consumer, reader, gone);
    return consumer;
  }

  /** The same for a producer. */
  watchProducer(producer: PlatformaticProducer): void {
    if (this.producers.has(producer)) return;
    this.producers.add(producer);
    askAsClient(producer);
    watchProducer(producer, this.recorder, this.ends);
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.readers.keys()].map((consumer) => this.retire(consumer)));
    const closing = [...this.producers].map((producer) => () => producer.close(true));
    await Promise.all(closing.map((disconnect) => disconnectWithin({ disconnect })));
    this.producers.clear();
  }

  private watchReading(consumer: Watched, reader: Reader, gone: Promise<unknown>): void {
    const consume: Consume = consumer.consume.bind(consumer) as Consume;
    const close = consumer.close.bind(consumer);
    const { groupId: group, clientId: member } = reader;
    let forget = () => {};
    let hasBegun = false;
    const streams = new Set<Readable>();
    consumer.consume = async (options: never) => {
      this.open.require();
      await gone;
      forget();
      forget = onInterrupt(() => this.retire(consumer));
      if (!hasBegun) this.recorder.record({ kind: 'joining', time: now(), group, member });
      hasBegun = true;
      const stream = await consume(options);
      recordDeliveries(stream, reader, this.recorder);
      streams.add(stream);
      return stream;
    };
    consumer.close = async (...args) => {
      reader.isClosing = true;
      forget();
      await close(...args);
      // With the new protocol the client leaves its streams open, and their loops would wait for ever.
      for (const stream of streams) stream.destroy();
    };
  }

  /** As kafkajs does: the record in hand is finished first. */
  private async retire(consumer: PlatformaticConsumer): Promise<void> {
    const reader = this.readers.get(consumer);
    this.readers.delete(consumer);
    if (!reader) return;
    reader.isClosing = true;
    await withDeadline(reader.free(), { ms: FINISH_MS, late: () => undefined, ref: false });
    reader.isRetired = true;
    await disconnectWithin({ disconnect: () => consumer.close(true) });
  }
}
