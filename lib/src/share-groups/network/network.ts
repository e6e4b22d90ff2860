import type { Kafka } from 'kafkajs';
import { Brokers, type KafkaRequest } from '../../requests/brokers.js';

/** A request to Kafka, over kafkajs's connections. @throws kafkajs's error if the broker does not answer */
export type Ask = <T>(request: KafkaRequest<T>) => Promise<T>;

/** The brokers of a cluster: their addresses, TLS and passwords are those of the kafkajs client that it is made of. */
export class Network {
  readonly #kafka: Kafka;
  #brokers: Brokers;
  #connecting: Promise<unknown> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.#brokers = new Brokers(kafka);
  }

  /** That of the kafkajs client; empty before it is connected. */
  get clientId(): string {
    return this.#brokers.clientId;
  }

  /** Finds out who is there. @throws kafkajs's error if nobody answers */
  async connect(): Promise<void> {
    this.#connecting = this.#brokers.ids();
    try {
      await this.#connecting;
    } catch (error) {
      await this.disconnect();
      throw error;
    }
  }

  /** Asks one broker, connected anew where that is needed. */
  async one<T>(nodeId: number, request: KafkaRequest<T>): Promise<T> {
    return (await this.#brokers.one(nodeId)).ask(request);
  }

  /** Asks the brokers one after another, until one answers. @throws kafkajs's error of the last one if none does */
  async any<T>(request: KafkaRequest<T>): Promise<T> {
    let last: unknown;
    for (const nodeId of await this.#brokers.ids()) {
      try {
        return await this.one(nodeId, request);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** Afterwards it can be connected again. What is just connecting cannot be closed: that is waited for. */
  async disconnect(): Promise<void> {
    const [before, connecting] = [this.#brokers, this.#connecting];
    this.#brokers = new Brokers(this.#kafka);
    this.#connecting = undefined;
    await connecting?.catch(() => undefined);
    await before.disconnect();
  }
}
