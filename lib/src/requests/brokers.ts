import type { Kafka } from 'kafkajs';
import { mended } from './connections.js';
import { type ConnectionPool, type KafkaRequest, sent } from './exchange.js';

export type { KafkaRequest } from './exchange.js';

/** A broker of the cluster. */
export interface Broker {
  nodeId: number;
  /** The newest version of a request that it answers; undefined if it does not know the request. */
  newest(key: number): number | undefined;
  /** @throws kafkajs's error if it does not answer, RangeError if the answer is cut off */
  ask<T>(request: KafkaRequest<T>): Promise<T>;
}

/**
 * Asks brokers what kafkajs has no call for, by kafkajs's own connections: so that TLS, passwords, time limits and the
 * list of brokers are those of any client of the lab.
 */
export class Brokers {
  readonly #cluster: Cluster;
  #connected: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#cluster = clusterOf(kafka);
  }

  /** That of the client whose connections they are; empty before the first is made. */
  get clientId(): string {
    return this.#cluster.brokerPool.seedBroker?.connectionPool.clientId ?? '';
  }

  /** All that there are now. */
  async all(): Promise<Broker[]> {
    return Promise.all((await this.ids()).map((id) => this.one(id)));
  }

  /** Their numbers. */
  async ids(): Promise<number[]> {
    this.#connected ??= this.#cluster.connect();
    await this.#connected.catch((error) => {
      this.#connected = undefined; // who asks again connects anew
      throw error;
    });
    await this.#cluster.refreshMetadata();
    return this.#cluster.getNodeIds().map(Number);
  }

  /** One of them, connected anew where that is needed. @throws kafkajs's error if it cannot be reached */
  async one(nodeId: number): Promise<Broker> {
    return asBroker(await this.#cluster.findBroker({ nodeId: String(nodeId) }));
  }

  async disconnect(): Promise<void> {
    if (this.#connected) await this.#cluster.disconnect();
  }
}

/** What is used of kafkajs's inside, version 2.2.4. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  getNodeIds(): string[];
  findBroker(where: { nodeId: string }): Promise<Inner>;
  brokerPool: { seedBroker: Inner | undefined };
  connectionPoolBuilder: { build(to?: object): Promise<ConnectionPool> };
}

interface Inner {
  nodeId: number | string;
  versions: Record<number, { minVersion: number; maxVersion: number }>;
  connectionPool: ConnectionPool;
}

const CREATE_CLUSTER = 'private:Kafka:createCluster';

/** kafkajs's clients make themselves a cluster each; so do we. */
function clusterOf(kafka: Kafka): Cluster {
  for (let at: object | null = kafka; at; at = Object.getPrototypeOf(at)) {
    const symbol = Object.getOwnPropertySymbols(at).find((s) => s.description === CREATE_CLUSTER);
    if (symbol) {
      const create = Reflect.get(kafka, symbol) as (options: object) => Cluster;
      const options = { metadataMaxAge: 300_000, allowAutoTopicCreation: false };
      return mended(create.call(kafka, options));
    }
  }
  throw new TypeError(`This kafkajs has no ${CREATE_CLUSTER}: it is not 2.2.4.`);
}

function asBroker({ nodeId, versions, connectionPool }: Inner): Broker {
  return {
    nodeId: Number(nodeId),
    newest: (key) => versions[key]?.maxVersion,
    ask: (request) => sent(connectionPool, request),
  };
}
