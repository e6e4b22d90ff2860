import type { EventEmitter } from 'node:events';
import { type Handling, handlingFor, now, type Recorder } from '../../ledger/index.js';
import type { Reader } from './reader.js';
import type { Message, MessageStream } from './shapes.js';

type Watched = MessageStream & EventEmitter;

/**
 * Records what a stream hands over. Whoever iterates asks for the next record when one is processed; whoever listens has processed it
 * when the listener returns. A loop that ends early does not say whether it has processed its last record.
 */
export function recordDeliveries(stream: Watched, reader: Reader, recorder: Recorder): void {
  const hands = new Hands(reader, recorder);
  const iterate = stream[Symbol.asyncIterator].bind(stream);
  let isIterated = false;
  stream[Symbol.asyncIterator] = () => {
    isIterated = true;
    return watchedIterator(iterate(), hands, reader);
  };
  const emit = stream.emit.bind(stream);
  stream.emit = (event, ...args) => {
    // A record that is read in a loop is told of as `data`, too.
    if (event !== 'data' || isIterated || stream.listenerCount('data') === 0)
      return emit(event, ...args);
    hands.delivered(args[0] as Message);
    const heard = emit(event, ...args);
    hands.processed();
    return heard;
  };
}

function watchedIterator(
  inner: AsyncIterator<unknown>,
  hands: Hands,
  reader: Reader,
): AsyncIterableIterator<unknown> {
  const iterator: AsyncIterableIterator<unknown> = {
    async next() {
      hands.processed();
      const step = await inner.next().catch((error) => {
        // What was still to come, a consumer that was closed cannot fetch.
        if (reader.isClosing) return { done: true, value: undefined };
        throw error;
      });
      if (reader.isClosing) return { done: true, value: undefined };
      if (!step.done) hands.delivered(step.value as Message);
      return step;
    },
    async return(value) {
      hands.left();
      return (await inner.return?.(value)) ?? { done: true, value };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/** The record that is in the reader's hands, one at a time. */
class Hands {
  private readonly handlings = new Map<string, Handling>();
  private current: Handling | undefined;

  constructor(
    private readonly reader: Reader,
    private readonly recorder: Recorder,
  ) {}

  delivered({ topic, partition, offset, key }: Message): void {
    this.current = this.handlingOf(topic, partition);
    this.current.delivered(now(), { offset, key: asKey(key) });
    this.reader.takes();
  }

  processed(): void {
    this.current?.processed(now());
    this.left();
  }

  left(): void {
    if (this.current) this.reader.gives();
    this.current = undefined;
  }

  private handlingOf(topic: string, partition: number): Handling {
    const place = `${topic} ${partition}`;
    const known = this.handlings.get(place);
    if (known) return known;
    const { groupId: group, clientId: member } = this.reader;
    const made = handlingFor(this.recorder, { group, member, topic, partition });
    this.handlings.set(place, made);
    return made;
  }
}

/** A deserializer may have made anything of a key. */
function asKey(key: unknown): Uint8Array | string | null {
  if (key === undefined || key === null) return null;
  return typeof key === 'string' || key instanceof Uint8Array ? key : JSON.stringify(key);
}
