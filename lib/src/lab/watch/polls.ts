import type { Socket } from 'node:net';
import type { Consumer, ConsumerConfig } from 'kafkajs';
import { onConnections, withCluster } from '../kafkajs/clusters.js';

/** A consumer that had nothing to do for so long, in milliseconds, lets its fetches wait longer at the broker. */
const QUIET_MS = 60_000;
/**
 * How long they wait then. kafkajs sends heartbeats between fetches only: so long, at most, it takes until such a consumer
 * is notified of a rebalance, and no longer than a fifth of its session.
 */
const REST_MS = 2000;
/** An answer that comes sooner is sooner than what kafkajs does after an error. */
const SOON_MS = 600;

const FETCH = 1;

/** Makes a consumer by `create` that polls less while nothing comes, and leaves at once. */
export function createResting(
  create: (config: ConsumerConfig) => Consumer,
  config: ConsumerConfig,
): Consumer {
  const polls = new Polls();
  const { consumer, cluster } = withCluster(create, config);
  if (cluster) {
    onConnections(cluster, ({ pool }) => {
      for (const connection of pool) {
        const open = connection.socketFactory;
        connection.socketFactory = (options) => polls.watch(open(options));
      }
    });
  }
  restWhenQuiet(consumer, polls);
  return consumer;
}

function restWhenQuiet(consumer: Consumer, polls: Polls): void {
  const { events, connect, run, disconnect, stop } = consumer;
  for (const event of [events.START_BATCH_PROCESS, events.REBALANCING, events.GROUP_JOIN]) {
    consumer.on(event, polls.wake);
  }
  const beginning = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      polls.isLeaving = false;
      polls.wake();
      return call(...args);
    };
  };
  const leaving = (call: () => Promise<void>) => () => {
    const left = call(); // before a fetch is cut: else kafkajs would repeat it
    polls.leave();
    return left;
  };
  consumer.connect = beginning(connect);
  consumer.run = beginning(run);
  consumer.disconnect = leaving(disconnect);
  consumer.stop = leaving(stop);
}

/** The fetches of one consumer. */
class Polls {
  isLeaving = false;
  private lastBusy = performance.now();
  /** Sockets with a fetch that may not be answered soon. */
  private readonly waiting = new Set<Socket>();

  /** Something has happened: fetches are as short as they were set from now on. */
  readonly wake = (): void => {
    this.lastBusy = performance.now();
  };

  watch(socket: Socket): Socket {
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) => {
      if (Buffer.isBuffer(data)) this.sending(data, socket);
      return write(data, ...rest);
    };
    socket.on('data', () => this.waiting.delete(socket));
    socket.on('close', () => this.waiting.delete(socket));
    return socket;
  }

  leave(): void {
    this.isLeaving = true;
    for (const socket of this.waiting) {
      socket.destroy(new Error('The consumer leaves: it does not wait for this answer.'));
    }
    this.waiting.clear();
  }

  private sending(request: Buffer, socket: Socket): void {
    const at = maxWaitOf(request);
    if (at === undefined) return;
    if (this.isLeaving) {
      // kafkajs waits for its answer before it leaves.
      request.writeInt32BE(0, at);
      return;
    }
    const wait = request.readInt32BE(at);
    const isQuiet = performance.now() - this.lastBusy > QUIET_MS;
    if (isQuiet && wait < REST_MS) request.writeInt32BE(REST_MS, at);
    if (request.readInt32BE(at) > SOON_MS) this.waiting.add(socket);
  }
}

/** Where in a fetch request it stands how long the broker may wait; undefined for other requests. */
function maxWaitOf(request: Buffer): number | undefined {
  // Size, API key, its version, correlation id, client id with its length, replica id.
  if (request.length < 30 || request.readInt32BE(0) !== request.length - 4) return undefined;
  if (request.readInt16BE(4) !== FETCH) return undefined;
  return 14 + Math.max(0, request.readInt16BE(12)) + 4;
}
