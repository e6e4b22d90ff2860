import { inspect } from 'node:util';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { leaseQueue, type QueueLease } from '../../amqp/index.js';
import { host } from '../../host.js';
import { disconnectWithin } from '../../waiting.js';
import type { Open } from '../closed.js';
import type { Run } from './names.js';

const A_DAY = 24 * 60 * 60 * 1000;

/** A queue on an AMQP broker. Wherever it is shown, the password is left out. */
export class Queue {
  readonly #lease: QueueLease;
  readonly #count: () => Promise<number>;
  readonly #open: Open;

  constructor(
    /** Its full name on the broker. */
    readonly name: string,
    lease: QueueLease,
    count: () => Promise<number>,
    open: Open,
  ) {
    this.#lease = lease;
    this.#count = count;
    this.#open = open;
  }

  /** For `amqp.connect(queue.url)`: with user and password. */
  get url(): string {
    this.#open.require();
    return this.#lease.url;
  }

  /**
   * How many messages it holds, according to its broker. RabbitMQ counts those that are waiting; Qpid, the lab's own, also
   * those that are delivered and not acknowledged.
   */
  async messages(): Promise<number> {
    this.#open.require();
    return this.#count();
  }

  [inspect.custom](): string {
    return `Queue ${this.name} at ${this.#lease.address}`;
  }
}

interface Broker {
  lease: QueueLease;
  connection: ChannelModel;
  channel: Channel;
}

/** The queues of one run, on a broker that is started for the first of them. */
export class Queues {
  private broker: Promise<Broker> | undefined;
  private readonly names: string[] = [];

  constructor(
    private readonly run: Run,
    private readonly isOpen: Open,
  ) {}

  /** Creates a queue; asked again for the same name (a cell was run again) it creates a fresh one. */
  async create(name: string): Promise<Queue> {
    const fullName = this.freshName(name);
    this.broker ??= this.open();
    const broker = this.broker;
    broker.catch(() => this.forget(broker));
    const { lease, channel } = await broker;
    // A broker that goes on without us forgets the queue of a run that was killed.
    await channel.assertQueue(fullName, lease.origin === 'address' ? { expires: A_DAY } : {});
    const count = async () => (await channel.checkQueue(fullName)).messageCount;
    return new Queue(fullName, lease, count, this.isOpen);
  }

  /** Deletes the queues, or ends the broker that was started for them. Never throws. */
  async close(): Promise<void> {
    const broker = await this.broker?.catch(() => undefined);
    this.broker = undefined;
    if (!broker) return;
    const { lease, connection, channel } = broker;
    // One that is ours tells its clients itself, and keeps nothing.
    if (lease.origin === 'address') {
      const deleted = this.names.map((name) => channel.deleteQueue(name));
      await disconnectWithin({
        disconnect: () => Promise.allSettled(deleted).then(() => connection.close()),
      });
    }
    await lease.release();
  }

  private freshName(name: string): string {
    let fullName = this.run.scoped(name);
    for (let n = 2; this.names.includes(fullName); n++) fullName = this.run.scoped(`${name}-${n}`);
    this.names.push(fullName);
    return fullName;
  }

  private async open(): Promise<Broker> {
    const { notebook, id } = this.run;
    const lease = await leaseQueue({ holder: `${notebook}.${id}`, signal: host().signal() });
    lease.onLost((error) => {
      this.broker = undefined; // the next one who asks gets a new one
      host().fail(error);
    });
    try {
      const connection = await connect(lease.url, { timeout: 10_000 });
      connection.on('error', () => {}); // told by the lease
      const channel = await connection.createChannel();
      channel.on('error', () => {}); // told by whoever asked
      return { lease, connection, channel };
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  private forget(broker: Promise<Broker>): void {
    if (this.broker === broker) this.broker = undefined;
  }
}
