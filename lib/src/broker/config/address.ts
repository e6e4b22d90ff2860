import { bad, type Environment, environment } from './environment.js';
import { loginFrom, type Sasl, type SaslAsJson, saslAsJson, saslFromJson } from './login.js';
import { type Settings, settings, sourceOf } from './sources.js';
import { type Tls, tlsFrom, withKey } from './tls.js';

/** The part of kafkajs's KafkaConfig that says where Kafka is. */
export interface Connection {
  brokers: string[];
  ssl?: Tls;
  /** Does not show its password when it is printed: see Login. */
  sasl?: Sasl;
}

/** What holds the address, as a message should name it. */
export function addressSpelled(): string {
  const { KAFKA_BOOTSTRAP_SERVERS: first, KAFKA_BROKERS: alias } = environment();
  return sourceOf(!first?.trim() && alias?.trim() ? 'KAFKA_BROKERS' : 'KAFKA_BOOTSTRAP_SERVERS');
}

/**
 * The Kafka that the environment names, or the file that it names, if they name one. No message ever holds a secret.
 * @throws LabError BAD_INPUT
 */
export function connectionFromEnvironment(
  env: Environment = environment(),
): Connection | undefined {
  const given = settings(env);
  const name = ['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_BROKERS'].find(given.value);
  if (!name && !given.file) return undefined;
  if (!name)
    throw bad(
      `KAFKA_CLIENT_PROPERTIES names ${given.file}, and nothing names an address.`,
      `Add bootstrap.servers=host:port to that file, or set KAFKA_BOOTSTRAP_SERVERS.`,
    );
  const sasl = loginFrom(given);
  const ssl = tlsFrom(given);
  return { brokers: brokersFrom(given, name), ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

/** What JSON keeps of a connection. */
export interface ConnectionAsJson {
  brokers: string[];
  ssl?: Tls;
  sasl?: SaslAsJson;
}

/** A copy that JSON keeps whole, secrets too: for the standard input of a process of ours, and nothing else. */
export function asJson({ brokers, ssl, sasl }: Connection): ConnectionAsJson {
  return {
    brokers,
    ...(ssl && { ssl: typeof ssl === 'object' ? withKey(ssl) : ssl }),
    ...(sasl && { sasl: saslAsJson(sasl) }),
  };
}

/** In that process. */
export function fromJson({ sasl, ...rest }: ConnectionAsJson): Connection {
  return { ...rest, ...(sasl && { sasl: saslFromJson(sasl) }) };
}

function brokersFrom({ value, source }: Settings, name: string): string[] {
  const brokers = (value(name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const broker of brokers) {
    const port = Number(/^[^\s:/@[\]]+:(\d{1,5})$/.exec(broker)?.[1] ?? 0);
    if (port >= 1 && port <= 65_535) continue;
    if (/^\[[0-9a-fA-F:.]+\]:\d+$/.test(broker))
      throw bad(
        `${source(name)} holds "${broker}": the lab's client, kafkajs, does not accept IPv6 addresses.`,
        `Use a name: ${name}=localhost:9092`,
      );
    // What comes before an @ may be a password: it is not repeated.
    const shown = broker.includes('@') ? `…@${broker.split('@').pop()}` : broker;
    throw bad(
      `${source(name)} holds "${shown}", which is not host:port.`,
      `Set it like this: ${name}=localhost:9092`,
    );
  }
  if (brokers.length === 0)
    throw bad(`${source(name)} names no broker.`, `Set it like this: ${name}=localhost:9092`);
  return brokers;
}
