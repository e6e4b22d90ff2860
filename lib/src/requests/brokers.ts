import type { Kafka } from 'kafkajs';
import { Reader, Writer } from './encoding.js';

/** One of Kafka's requests, in one version. */
export interface KafkaRequest<T> {
  name: string;
  key: number;
  version: number;
  /** Whether this version has tagged fields. */
  flexible: boolean;
  write(writer: Writer): unknown;
  read(reader: Reader): T;
}

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

  /** All that there are now. */
  async all(): Promise<Broker[]> {
    return Promise.all((await this.ids()).map((id) => this.one(id)));
  }

  /** Their numbers. */
  async ids(): Promise<number[]> {
    this.#connected ??= this.#cluster.connect();
    await this.#connected;
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
}

interface Inner {
  nodeId: number | string;
  versions: Record<number, { minVersion: number; maxVersion: number }>;
  connectionPool: { send<T>(exchange: Exchange<T>): Promise<T> };
}

interface Exchange<T> {
  request: {
    apiName: string;
    apiKey: number;
    apiVersion: number;
    encode(): Promise<{ buf: Buffer; buffer: Buffer }>;
  };
  response: {
    decode(raw: Buffer): Promise<{ value: T }>;
    parse(decoded: { value: T }): Promise<T>;
  };
}

const CREATE_CLUSTER = 'private:Kafka:createCluster';

/** kafkajs's clients make themselves a cluster each; so do we. */
function clusterOf(kafka: Kafka): Cluster {
  for (let at: object | null = kafka; at; at = Object.getPrototypeOf(at)) {
    const symbol = Object.getOwnPropertySymbols(at).find((s) => s.description === CREATE_CLUSTER);
    if (symbol) {
      const create = Reflect.get(kafka, symbol) as (options: object) => Cluster;
      return create.call(kafka, { metadataMaxAge: 300_000, allowAutoTopicCreation: false });
    }
  }
  throw new TypeError(`This kafkajs has no ${CREATE_CLUSTER}: it is not 2.2.4.`);
}

function asBroker({ nodeId, versions, connectionPool }: Inner): Broker {
  return {
    nodeId: Number(nodeId),
    newest: (key) => versions[key]?.maxVersion,
    ask: (request) => connectionPool.send(exchange(request)),
  };
}

/** A request in the form that kafkajs's connections take. The headers of flexible versions end in tagged fields. */
function exchange<T>({ name, key, version, flexible, write, read }: KafkaRequest<T>): Exchange<T> {
  return {
    request: {
      ...{ apiName: name, apiKey: key, apiVersion: version },
      encode: async () => {
        const writer = new Writer(flexible).tags();
        write(writer);
        return { buf: writer.buffer, buffer: writer.buffer };
      },
    },
    response: {
      decode: async (raw) => {
        const reader = new Reader(raw, flexible);
        reader.tags();
        return { value: read(reader) };
      },
      parse: async ({ value }) => value,
    },
  };
}
