import type { ICustomPartitioner, Message, ProducerBatch } from 'kafkajs';
import { now } from '../../ledger/index.js';
import { type Attempted, underway } from '../kafkajs/produce-attempts.js';

/** What one send has for one topic: its messages in order, and the partition that each was given. */
export interface Sent extends Attempted {
  readonly partitions: number[];
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
}

/**
 * Which partition each message was given: kafkajs reports a base offset for each partition only. It asks its partitioner for
 * the messages of one send and topic in one go and in their order, so a place in the list is enough to tell them by.
 */
export class Decisions {
  private readonly underway = new Set<Sent>();
  private current: Sent | undefined;

  /** A partitioner that decides like `inner` and has its decisions noted. */
  partitioner(inner: ICustomPartitioner): ICustomPartitioner {
    return () => {
      const choose = inner();
      return (args) => {
        const partition = choose(args);
        this.note(args.topic, args.message, partition);
        return partition;
      };
    };
  }

  /** Expects the messages of a send. Call `ends` with them when it is over. */
  begins({ topicMessages = [] }: ProducerBatch): Sent[] {
    // kafkajs puts together what a batch has for the same topic.
    const topics = new Set(topicMessages.map(({ topic }) => topic));
    const time = now();
    const all = [...topics].map((topic): Sent => {
      const own = topicMessages.filter((entry) => entry.topic === topic);
      const messages = own.length === 1 ? own[0]?.messages : own.flatMap((entry) => entry.messages);
      return { topic, messages: messages ?? [], partitions: [], attempts: [], time };
    });
    for (const sent of all) {
      this.underway.add(sent);
      underway.add(sent);
    }
    return all;
  }

  ends(all: readonly Sent[]): void {
    for (const sent of all) {
      this.underway.delete(sent);
      underway.delete(sent);
    }
    this.current = undefined;
  }

  private note(topic: string, message: Message, partition: number): void {
    let sent = this.current;
    if (sent?.messages[sent.partitions.length] !== message || sent.topic !== topic)
      this.current = sent = this.thatBegins(topic, message);
    sent?.partitions.push(partition);
  }

  /** The send that begins with this message: one that is asked for first, else one that kafkajs tries again. */
  private thatBegins(topic: string, message: Message): Sent | undefined {
    const all = [...this.underway].filter(
      (sent) => sent.topic === topic && sent.messages[0] === message,
    );
    const sent = all.find(({ partitions }) => partitions.length === 0) ?? all[0];
    if (sent) sent.partitions.length = 0;
    return sent;
  }
}
