import { bad, type Environment, environment, spelled } from './environment.js';
import { Login, MECHANISMS } from './login.js';
import { type Tls, tlsFrom } from './tls.js';

/** The part of kafkajs's KafkaConfig that says where Kafka is. */
export interface Connection {
  brokers: string[];
  ssl?: Tls;
  /** Does not show its password when it is printed: see Login. */
  sasl?: Sasl<'plain'> | Sasl<'scram-sha-256'> | Sasl<'scram-sha-512'>;
}

interface Sasl<Mechanism extends string> {
  mechanism: Mechanism;
  username: string;
  password: string;
}

/** The variable that holds the address, as a message should name it. */
export function addressSpelled(): string {
  return spelled(addressVariable(environment()));
}

/** The first of its two names unless only the second is set. */
function addressVariable(env: Environment): 'KAFKA_BOOTSTRAP_SERVERS' | 'KAFKA_BROKERS' {
  const isSet = (name: string) => Boolean(env[name]?.trim());
  return !isSet('KAFKA_BOOTSTRAP_SERVERS') && isSet('KAFKA_BROKERS')
    ? 'KAFKA_BROKERS'
    : 'KAFKA_BOOTSTRAP_SERVERS';
}

/**
 * The Kafka that the environment names, if it names one. No message ever holds the password.
 * @throws LabError BAD_INPUT
 */
export function connectionFromEnvironment(
  env: Environment = environment(),
): Connection | undefined {
  const name = addressVariable(env);
  const list = env[name]?.trim();
  if (!list) return undefined;
  const sasl = saslFrom(env);
  const ssl = tlsFrom(env);
  return { brokers: brokersFrom(name, list), ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

/** A copy that JSON keeps whole: for the standard input of a process of ours, and nothing else. */
export function withPassword({ sasl, ...rest }: Connection): Connection {
  if (!sasl) return rest;
  const { mechanism, username, password } = sasl;
  return { ...rest, sasl: { mechanism, username, password } as NonNullable<Connection['sasl']> };
}

function brokersFrom(name: string, list: string): string[] {
  const brokers = list
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const broker of brokers) {
    const port = Number(/^[^\s:/@[\]]+:(\d{1,5})$/.exec(broker)?.[1] ?? 0);
    if (port >= 1 && port <= 65_535) continue;
    if (/^\[[0-9a-fA-F:.]+\]:\d+$/.test(broker))
      throw bad(
        `${name} holds "${broker}": the lab's client, kafkajs, does not accept IPv6 addresses.`,
        `Use a name: ${name}=localhost:9092`,
      );
    // What comes before an @ may be a password: it is not repeated.
    const shown = broker.includes('@') ? `…@${broker.split('@').pop()}` : broker;
    throw bad(
      `${name} holds "${shown}", which is not host:port.`,
      `Set it like this: ${name}=localhost:9092`,
    );
  }
  if (brokers.length === 0)
    throw bad(`${name} names no broker.`, `Set it like this: ${name}=localhost:9092`);
  return brokers;
}

function saslFrom(env: Environment): Connection['sasl'] {
  const given = env['KAFKA_SASL_MECHANISM']?.trim().toLowerCase() || undefined;
  const username = env['KAFKA_SASL_USERNAME'];
  const password = env['KAFKA_SASL_PASSWORD'];
  if (!given && !username && !password) return undefined;
  if (!username || !password) {
    const missing = username ? 'KAFKA_SASL_PASSWORD' : 'KAFKA_SASL_USERNAME';
    throw bad(
      `${missing} is not set, other KAFKA_SASL_ variables are.`,
      `Set ${missing} too, or remove the others.`,
    );
  }
  const mechanism = MECHANISMS.find((known) => known === (given ?? 'plain'));
  if (mechanism) return new Login(mechanism, username, password) as NonNullable<Connection['sasl']>;
  throw bad(
    'KAFKA_SASL_MECHANISM is not one that the lab knows.',
    `Set it to one of ${MECHANISMS.join(', ')}.`,
  );
}
