import { EventEmitter } from 'node:events';
import type { Kafka } from 'kafkajs';
import { disconnectWithin, onAbort } from '../waiting.js';
import { ShareGroupError } from './errors.js';
import { Network } from './network/network.js';
import { limitsOf, type ShareConsumerOptions } from './options.js';
import { orAborted, Run } from './run.js';
import type { FetchLimits } from './session/share-session.js';
import { type ShareConsumerEvents, type Tell, telling } from './work/events.js';
import type { HandlingOptions } from './work/handling.js';

/**
 * A member of a share group (KIP-932): several of them work on one partition at once, and each record is acknowledged by itself.
 * Handlers are called one at a time; for more at once, have more members. Made by `shareConsumer`.
 */
export class ShareConsumer {
  readonly groupId: string;
  readonly #network: Network;
  readonly #limits: FetchLimits;
  readonly #tell: Tell;
  readonly #events = new EventEmitter();
  readonly #signal: AbortSignal | undefined;
  #topics: readonly string[] = [];
  #isConnected = false;
  #clientId = '';
  #running: Run | undefined;
  #stopping: Promise<void> | undefined;

  #forgetSignal: () => void = () => {};

  /** @throws ShareGroupError BAD_INPUT */
  constructor(kafka: Kafka, options: ShareConsumerOptions) {
    this.groupId = options.groupId;
    this.#limits = limitsOf(options);
    this.#network = new Network(kafka);
    this.#tell = telling(this.#events, kafka.logger().namespace('ShareConsumer'));
    this.#signal = options.signal;
  }

  /** That of the `Kafka` that it is made with; empty before it was connected. */
  get clientId(): string {
    return this.#clientId;
  }

  /** Calls `listener` at each such event. Returns how to take that back. */
  on<E extends keyof ShareConsumerEvents>(
    event: E,
    listener: (...told: ShareConsumerEvents[E]) => void,
  ): () => void {
    const called = listener as (...told: unknown[]) => void;
    this.#events.on(event as string, called);
    return () => this.#events.off(event as string, called);
  }

  /** @throws kafkajs's error if no broker answers; ShareGroupError ABORTED */
  async connect(): Promise<void> {
    try {
      await orAborted(this.#network.connect(), this.#signal);
    } catch (error) {
      void this.disconnect();
      throw error;
    }
    this.#isConnected = true;
    this.#clientId = this.#network.clientId;
    if (this.#signal) this.#forgetSignal = onAbort(this.#signal, () => void this.disconnect());
  }

  /** What to read, instead of what was subscribed to before. @throws ShareGroupError BAD_STATE, BAD_INPUT */
  async subscribe({ topics }: { topics: readonly string[] }): Promise<void> {
    if (this.#running) throw badState('It runs: stop it before it subscribes to something else.');
    if (topics.length === 0) throw new ShareGroupError('BAD_INPUT', 'There are no topics.');
    this.#topics = [...topics];
  }

  /**
   * Joins the group and reads until `stop`. Resolves when it is a member; its partitions come about a second later.
   * @throws ShareGroupError BAD_STATE, UNSUPPORTED_VERSION, REFUSED, ABORTED; UNREACHABLE after 30 s
   */
  async run(options: HandlingOptions): Promise<void> {
    if (!this.#isConnected) throw badState('It is not connected.');
    if (this.#topics.length === 0) throw badState('It has not subscribed to anything.');
    if (this.#running) throw badState('It runs already.');
    const running = this.#begin(options);
    this.#running = running;
    try {
      await running.join();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Waits for the record that a handler has, until its lock runs out; the broker releases at once what else was acquired and not
   * acknowledged (KIP-932, "Share sessions"). Then leaves the group. Awaited in a handler it would wait for itself. Never throws.
   */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#stopping ??= running.stop().finally(() => {
      this.#stopping = undefined;
      this.#running = undefined;
    });
    await this.#stopping;
  }

  /** Stops it and closes its connections, for which it waits 1.5 s at most. Never throws. */
  async disconnect(): Promise<void> {
    this.#forgetSignal();
    this.#isConnected = false;
    await this.stop();
    await disconnectWithin(this.#network);
  }

  #begin(handling: HandlingOptions): Run {
    const signal = this.#signal;
    return new Run({
      ...{ network: this.#network, groupId: this.groupId, topics: this.#topics, signal, handling },
      ...{ limits: this.#limits, tell: this.#tell, failed: (error) => this.#crash(error) },
    });
  }

  #crash(error: unknown): void {
    if (this.#stopping) return;
    this.#tell('crashed', { error });
    void this.stop();
  }
}

const badState = (message: string) => new ShareGroupError('BAD_STATE', message);
