import { LabError, messageOf } from '../errors.js';

/** The part of kafkajs's KafkaConfig that says where Kafka is. */
export interface Connection {
  brokers: string[];
  ssl?: boolean;
  sasl?: Sasl<'plain'> | Sasl<'scram-sha-256'> | Sasl<'scram-sha-512'>;
}

interface Sasl<Mechanism extends string> {
  mechanism: Mechanism;
  username: string;
  password: string;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Kafka that the environment names, if it names one. No message ever holds the password.
 * @throws LabError BAD_INPUT
 */
export function connectionFromEnvironment(env: Environment = process.env): Connection | undefined {
  const name = env['KAFKA_BOOTSTRAP_SERVERS']?.trim() ? 'KAFKA_BOOTSTRAP_SERVERS' : 'KAFKA_BROKERS';
  const list = env[name]?.trim();
  if (!list) return undefined;
  const sasl = saslFrom(env);
  const ssl = sslFrom(env);
  return { brokers: brokersFrom(name, list), ...(ssl && { ssl }), ...(sasl && { sasl }) };
}

function brokersFrom(name: string, list: string): string[] {
  const brokers = list
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const broker of brokers) {
    const port = Number(/^(?:[^\s:/@[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(broker)?.[1] ?? 0);
    if (port >= 1 && port <= 65_535) continue;
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

function sslFrom(env: Environment): boolean {
  const value = env['KAFKA_SSL']?.trim().toLowerCase() ?? '';
  if (['true', '1', 'yes'].includes(value)) return true;
  if (['', 'false', '0', 'no'].includes(value)) return false;
  throw bad('KAFKA_SSL is neither true nor false.', 'Set KAFKA_SSL=true, or remove it.');
}

function saslFrom(env: Environment): Connection['sasl'] {
  const given = env['KAFKA_SASL_MECHANISM']?.trim().toLowerCase();
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
  if (mechanism) return { mechanism, username, password } as NonNullable<Connection['sasl']>;
  throw bad(
    'KAFKA_SASL_MECHANISM is not one that the lab knows.',
    `Set it to one of ${MECHANISMS.join(', ')}.`,
  );
}

function bad(what: string, fix: string): LabError {
  return new LabError('BAD_INPUT', {
    what,
    why: 'The lab uses the Kafka that these variables name.',
    fix,
  });
}

/**
 * Asks the Kafka at an address for its metadata once.
 * @throws LabError BROKER_UNREACHABLE within `limit` ms, INTERRUPTED
 */
export async function verifyReachable(
  connection: Connection,
  limit = 5000,
  signal?: AbortSignal,
): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs'); // late: the embedded Kafka does without
  const timeouts = {
    connectionTimeout: limit,
    requestTimeout: limit,
    authenticationTimeout: limit,
  };
  const options = { ...timeouts, retry: { retries: 0 }, logLevel: logLevel.NOTHING };
  const admin = new Kafka({ clientId: 'kafka-lab', ...connection, ...options }).admin();
  const asked = admin.connect().then(() => admin.describeCluster());
  try {
    await within(asked, limit, signal);
  } catch (error) {
    throw error instanceof LabError ? error : unreachable(connection, error);
  } finally {
    void asked.catch(() => {}).then(() => admin.disconnect().catch(() => {}));
  }
}

async function within(asked: Promise<unknown>, limit: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => {};
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${limit / 1000} s.`)), limit);
    interrupt = () =>
      reject(new LabError('INTERRUPTED', { what: 'Waiting for Kafka was interrupted.' }));
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt);
  });
  try {
    await Promise.race([asked, cut]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}

function unreachable({ brokers, ssl, sasl }: Connection, error: unknown): LabError {
  // Some brokers repeat what they were sent.
  const reason = sasl ? messageOf(error).replaceAll(sasl.password, '***') : messageOf(error);
  return new LabError('BROKER_UNREACHABLE', {
    what: `No Kafka answers at ${brokers.join(',')}${ssl ? ' (with TLS)' : ''}.`,
    why: reason,
    fix: 'Check KAFKA_BOOTSTRAP_SERVERS (and KAFKA_SSL, KAFKA_SASL_…), or remove them to use the Kafka of the lab.',
  });
}
