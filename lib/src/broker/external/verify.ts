import type { Admin } from 'kafkajs';
import { LabError } from '../../errors.js';
import { withDeadline } from '../../waiting.js';
import type { Connection } from '../config/address.js';
import { namePrefix } from '../config/prefix.js';
import { noAnswer } from './explain.js';
import { loginMismatch, loginRefused } from './login-refusal.js';
import { type Listener, ProbeError, probe } from './probe.js';
import { advertisedInVain, doesNotFit, refusedBy, tooFew } from './refusal.js';
import { misfit } from './versions.js';

/** A topic that is never created: Kafka is asked whether it would. Rights may depend on how a name begins. */
const ASKED_FOR = 'kafka-lab-check';

export interface Verifying {
  /** In ms, for all of it: 5000 unless told. */
  limit?: number;
  /** Whether topics are to be created there: asks Kafka for that right, too. True unless told. */
  creating?: boolean;
  /** How many brokers it has to have: 1 unless told. */
  brokers?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Finds out whether the lab can work with the Kafka at an address: it answers, kafkajs and it understand each other, it
 * takes the password or token, its brokers can be reached, topics may be created. Changes nothing there.
 * @throws LabError BROKER_UNREACHABLE or BROKER_REFUSED within `limit` ms, INTERRUPTED; BAD_INPUT where no token comes
 */
export async function verifyReachable(
  connection: Connection,
  { limit = 5000, creating = true, brokers: wanted = 1, signal }: Verifying = {},
): Promise<void> {
  const { brokers, ssl, sasl } = connection;
  // Outside of the limit: it is no matter of that Kafka's how long a command of the user's takes.
  if (sasl?.mechanism === 'oauthbearer') await sasl.token();
  await withDeadline(examine(connection, { limit, creating, brokers: wanted }), {
    ms: limit,
    late: () => {
      throw noAnswer(brokers, { kind: 'silent', detail: 'SILENT' }, ssl);
    },
    signal,
    aborted: () => {
      throw new LabError('INTERRUPTED', { what: 'Waiting for Kafka was interrupted.' });
    },
  });
}

async function examine(
  connection: Connection,
  { limit, creating, brokers }: Required<Omit<Verifying, 'signal'>>,
): Promise<void> {
  const { address, listener } = await firstAnswer(connection, limit);
  const wrong = misfit(listener.ranges);
  if (wrong) throw doesNotFit(address, wrong);
  const mismatch = loginMismatch(address, connection, listener);
  if (mismatch) throw mismatch;
  const admin = await adminAt(address, connection, limit);
  try {
    await admin
      .connect()
      .catch((error) => Promise.reject(loginRefused(address, connection, error)));
    const found = await requireAdvertised(admin, { address, connection, limit });
    if (found < brokers) throw tooFew(address, found, brokers);
    if (creating) await requireCreation(admin, { address, connection, limit });
  } finally {
    void admin.disconnect().catch(() => {});
  }
}

interface Known {
  address: string;
  connection: Connection;
  limit: number;
}

/** One of the addresses is enough. */
async function firstAnswer(
  { brokers, ssl, sasl }: Connection,
  limit: number,
): Promise<{ address: string; listener: Listener }> {
  const probes = brokers.map(async (address) => ({
    address,
    listener: await probe(address, ssl, sasl?.mechanism, limit),
  }));
  try {
    return await Promise.any(probes);
  } catch (error) {
    const [first] = (error as AggregateError).errors;
    throw first instanceof ProbeError ? noAnswer(brokers, first.fault, ssl) : first;
  }
}

async function adminAt(address: string, connection: Connection, limit: number): Promise<Admin> {
  const { Kafka, logLevel } = await import('kafkajs'); // late: the embedded Kafka does without
  const step = limit / 2;
  return new Kafka({
    clientId: 'kafka-lab',
    ...connection,
    brokers: [address],
    connectionTimeout: step,
    requestTimeout: step,
    authenticationTimeout: step,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin();
}

/** Clients connect to the addresses that the brokers give, not to the one that they began with. Returns how many there are. */
async function requireAdvertised(
  admin: Admin,
  { address, connection, limit }: Known,
): Promise<number> {
  const cluster = await admin.describeCluster().catch((error) => {
    const at = brokerOf(error);
    throw at && at !== address
      ? advertisedInVain(address, [at])
      : refusedBy(address, connection, error);
  });
  const others = cluster.brokers
    .map(({ host, port }) => `${host}:${port}`)
    .filter((other) => other !== address);
  const tried = await Promise.all(
    others.map((other) =>
      probe(other, connection.ssl, connection.sasl?.mechanism, limit).then(
        () => undefined,
        () => other,
      ),
    ),
  );
  const lost = tried.filter((other): other is string => other !== undefined);
  if (lost.length > 0) throw advertisedInVain(address, lost);
  return cluster.brokers.length;
}

/** The broker to which a connection failed: kafkajs wraps its errors. */
function brokerOf({ broker, cause }: { broker?: string; cause?: object }): string | undefined {
  return broker ?? (cause && brokerOf(cause));
}

async function requireCreation(admin: Admin, { address, connection, limit }: Known): Promise<void> {
  const topics = [{ topic: `${namePrefix('address')}.${ASKED_FOR}`, numPartitions: 1 }];
  const request = { validateOnly: true, waitForLeaders: false, timeout: limit / 2, topics };
  await admin.createTopics(request).catch((error) => {
    throw refusedBy(address, connection, error);
  });
}
