import type { Channel, ConsumeMessage, Message } from 'amqplib';
import { now, type QueueFact, type Recorder } from '../../ledger/index.js';

/** A message that was delivered and is not acknowledged. */
type Held = Pick<QueueFact, 'queue' | 'member' | 'delivery'>;

/** So many bytes of a message without an id are kept. */
const KEPT_BYTES = 96;

/** The channels of amqplib of one lab: what their consumers do is told to the ledger. */
export class QueueChannels {
  private readonly watched = new WeakSet<Channel>();
  private deliveries = 0;

  constructor(private readonly recorder: Recorder) {}

  /** Makes a genuine channel tell the ledger what its consumers do from now on. */
  watch(channel: Channel): void {
    if (this.watched.has(channel)) return;
    this.watched.add(channel);
    new WatchedChannel(channel, this.recorder, () => ++this.deliveries);
  }
}

class WatchedChannel {
  /** By delivery tag, which grows. */
  private readonly held = new Map<number, Held>();
  /** Queues by consumer tag. */
  private readonly consumers = new Map<string, string>();

  constructor(
    channel: Channel,
    private readonly recorder: Recorder,
    private readonly number: () => number,
  ) {
    this.watchConsumers(channel);
    this.watchAnswers(channel);
    channel.on('close', () => {
      // The broker requeues what it was not told anything of.
      this.settle('requeued', [...this.held.keys()]);
      for (const tag of this.consumers.keys()) this.ended(tag);
    });
  }

  private watchConsumers(channel: Channel): void {
    const consume = channel.consume.bind(channel);
    const cancel = channel.cancel.bind(channel);
    channel.consume = async (queue, onMessage, options) => {
      const time = now();
      let own = options?.consumerTag;
      const take = (message: ConsumeMessage | null) => {
        if (message) this.take(queue, message, { time, isSettled: options?.noAck === true });
        else if (own !== undefined) this.ended(own);
        onMessage(message);
      };
      const answer = await consume(queue, take, options);
      own = answer.consumerTag;
      this.begun(queue, own, time);
      return answer;
    };
    channel.cancel = async (tag) => {
      const answer = await cancel(tag);
      this.ended(tag);
      return answer;
    };
  }

  private watchAnswers(channel: Channel): void {
    const { ack, ackAll, nack, nackAll, reject, recover } = channel;
    const all = () => [...this.held.keys()];
    const wrong = (requeue = true) => (requeue ? 'requeued' : 'rejected');
    channel.ack = (message, allUpTo) => {
      ack.call(channel, message, allUpTo);
      this.settle('acknowledged', this.meant(message, allUpTo));
    };
    channel.ackAll = () => {
      ackAll.call(channel);
      this.settle('acknowledged', all());
    };
    channel.nack = (message, allUpTo, requeue) => {
      nack.call(channel, message, allUpTo, requeue);
      this.settle(wrong(requeue), this.meant(message, allUpTo));
    };
    channel.nackAll = (requeue) => {
      nackAll.call(channel, requeue);
      this.settle(wrong(requeue), all());
    };
    channel.reject = (message, requeue) => {
      reject.call(channel, message, requeue);
      this.settle(wrong(requeue), this.meant(message));
    };
    channel.recover = async () => {
      this.settle('requeued', all());
      return recover.call(channel);
    };
  }

  private meant({ fields }: Message, allUpTo = false): number[] {
    const { deliveryTag } = fields;
    return allUpTo ? [...this.held.keys()].filter((tag) => tag <= deliveryTag) : [deliveryTag];
  }

  private take(
    queue: string,
    { fields, properties, content }: ConsumeMessage,
    { time, isSettled }: { time: number; isSettled: boolean },
  ): void {
    const { consumerTag: member, deliveryTag, redelivered } = fields;
    // A message can be there before the answer to `consume`.
    this.begun(queue, member, time);
    const held = { queue, member, delivery: this.number() };
    this.held.set(deliveryTag, held);
    const begin = content.subarray(0, KEPT_BYTES).toString();
    const message: string = properties.messageId ?? begin;
    this.tell({ ...held, event: 'delivered', message, redelivered });
    if (isSettled) this.settle('acknowledged', [deliveryTag]);
  }

  private settle(event: 'acknowledged' | 'requeued' | 'rejected', tags: readonly number[]): void {
    for (const tag of tags) {
      const held = this.held.get(tag);
      if (!held) continue;
      this.held.delete(tag);
      this.tell({ ...held, event });
    }
  }

  private begun(queue: string, member: string, time: number): void {
    if (this.consumers.has(member)) return;
    this.consumers.set(member, queue);
    this.tell({ event: 'consuming', queue, member, time });
  }

  private ended(member: string): void {
    const queue = this.consumers.get(member);
    if (queue === undefined) return;
    this.consumers.delete(member);
    this.tell({ event: 'cancelled', queue, member });
  }

  private tell(fact: Omit<QueueFact, 'kind' | 'time'> & { time?: number }): void {
    this.recorder.record({ kind: 'queue', time: now(), ...fact });
  }
}
