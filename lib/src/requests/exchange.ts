import { Reader, Writer } from './encoding.js';

/** One of Kafka's requests, in one version. */
export interface KafkaRequest<T> {
  name: string;
  key: number;
  version: number;
  /** Whether this version has tagged fields. */
  flexible: boolean;
  /**
   * How long the broker may keep it, in ms. A broker answers the requests of one connection in their order: with this they go over
   * another connection, so that nothing else waits behind them.
   */
  keptFor?: number;
  write(writer: Writer): unknown;
  read(reader: Reader): T;
}

/** What is used of kafkajs's inside, version 2.2.4: the connections to one broker. */
export interface ConnectionPool {
  clientId: string;
  pool: Connection[];
  /** One of them, connected anew where that is needed. */
  getConnection(index: number): Promise<Connection>;
}

export interface Connection {
  socket?: { destroyed: boolean };
  connect(): Promise<boolean>;
  disconnect(): Promise<boolean>;
  send<T>(exchange: Exchange<T>): Promise<T>;
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
  /** In ms. Where kafkajs's own limit is longer, that one holds; without one, too. */
  requestTimeout: number | null;
}

/**
 * Sends a request to the broker that a pool connects to.
 * @throws kafkajs's error if it does not answer, RangeError if the answer is cut off
 */
export async function sent<T>(pool: ConnectionPool, request: KafkaRequest<T>): Promise<T> {
  const index = request.keptFor === undefined ? 0 : KEPT;
  return (await pool.getConnection(index)).send(exchange(request));
}

/** Which of a broker's connections kafkajs itself uses for what brokers keep for a while. */
const KEPT = 1;
/** On top of what the broker takes anyway, in ms. */
const ANSWER_MS = 5000;

/** A request in the form that kafkajs's connections take. The headers of flexible versions end in tagged fields. */
function exchange<T>(asked: KafkaRequest<T>): Exchange<T> {
  const { name, key, version, flexible, keptFor, write, read } = asked;
  return {
    requestTimeout: keptFor ? keptFor + ANSWER_MS : null,
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
