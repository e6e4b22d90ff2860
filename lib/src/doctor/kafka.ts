import { readdirSync } from 'node:fs';
import { type Connection, connectionFromEnvironment } from '../broker/config/address.js';
import { settings } from '../broker/config/sources.js';
import { verifyReachable } from '../broker/external/verify.js';
import { type BrokerStatus, brokerStatus } from '../broker/index.js';
import { recordedKafka } from '../broker/supervision/leftover.js';
import { files } from '../broker/supervision/protocol.js';
import { askMetadata } from '../broker/wire/requests.js';
import { messageOf } from '../errors.js';
import { stateDir, withState } from '../paths.js';
import { lockHolder } from '../processes/lock.js';
import type { Examined, Probe } from './examination.js';

const ANSWER_MS = 3000;
const STOP = 'npx --no kafka-lab stop';
// Empty, not unset: that hides what .env says, too.
const NOT_BY_ADDRESS = 'export KAFKA_BOOTSTRAP_SERVERS= KAFKA_BROKERS= KAFKA_CLIENT_PROPERTIES=';

/** Which Kafka the lab uses, and whether it answers. Starts none. */
export const kafka: Probe = {
  name: 'Kafka',
  limit: 3 * ANSWER_MS,
  fix: STOP,
  look: async () => {
    let connection: Connection | undefined;
    try {
      connection = connectionFromEnvironment();
    } catch (error) {
      return examined('named by an address that is none', { origin: 'address' }, [
        { what: messageOf(error), fix: NOT_BY_ADDRESS },
      ]);
    }
    if (connection) return lookAtAddress(connection);
    const found = await lookAtEmbedded();
    const own = ownBrokers();
    return {
      ...found,
      lines: [...found.lines, ...own.map((name) => `one of its own for notebook ${name}`)],
      facts: { ...found.facts, ownBrokers: own },
    };
  },
};

function examined(line: string | string[], facts: object, findings: Examined['findings'] = []) {
  return { lines: [line].flat(), facts: { ...facts }, findings };
}

async function lookAtAddress(connection: Connection): Promise<Examined> {
  const { brokers, sasl } = connection;
  const ssl = Boolean(connection.ssl);
  const shown = typeof connection.ssl === 'object' && connection.ssl.cert && 'client certificate';
  const how = [ssl && 'TLS', shown, sasl && `SASL ${sasl.mechanism}`].filter(Boolean).join(', ');
  const line = `yours, at ${brokers.join(', ')}${how && ` (${how})`}`;
  const { file, unused } = settings();
  const by = file ? [`set by ${file}`] : [];
  if (unused.length > 0) by.push(`the lab does not go by what it says of ${unused.join(', ')}`);
  const from = { file: file ?? null, unused };
  const facts = {
    running: true,
    origin: 'address',
    brokers,
    ssl,
    sasl: sasl?.mechanism ?? null,
    ...from,
  };
  try {
    await verifyReachable(connection, { limit: ANSWER_MS });
    return examined([line, ...by], { ...facts, answers: true });
  } catch (error) {
    const finding = { what: messageOf(error), fix: NOT_BY_ADDRESS };
    return examined([`${line}, does not answer`, ...by], { ...facts, answers: false }, [finding]);
  }
}

async function lookAtEmbedded(): Promise<Examined> {
  const supervisor = lockHolder(files.lock())?.pid ?? null;
  const status = await brokerStatus();
  if (status.running) return lookAtRunning(status, supervisor);
  const facts = { running: false, origin: 'embedded', supervisor };
  const left = recordedKafka();
  // It may have come or gone while we asked.
  if (lockHolder(files.lock())?.pid === supervisor && supervisor !== null) {
    const what = `The process that looks after Kafka (${supervisor}) does not answer.`;
    return examined('unknown: its supervisor is silent', facts, [{ what, fix: STOP }]);
  }
  if (left && supervisor === null) {
    const what = `A Kafka (process ${left.pid}) runs that nobody looks after any more.`;
    return examined('runs without a supervisor', facts, [{ what, fix: STOP }]);
  }
  return examined('not running; whoever needs it next starts it', facts);
}

type Running = Extract<BrokerStatus, { running: true }>;

async function lookAtRunning(status: Running, supervisor: number | null): Promise<Examined> {
  const { brokers, holders, pid, version = '' } = status;
  const facts = { ...status, supervisor };
  if (pid === undefined) return examined('starting', facts);
  const by = holders.length > 0 ? `used by ${holders.join(', ')}` : 'used by nobody now';
  const where = `${version} at ${brokers.join(', ')}, process ${pid}, supervisor ${supervisor}`;
  const port = Number(brokers[0]?.split(':').pop());
  if (await askMetadata(port, ANSWER_MS)) return examined([where, by], facts);
  const what = `Kafka (process ${pid}) does not answer at ${brokers.join(', ')}.`;
  return examined([`${where}, does not answer`, by], facts, [{ what, fix: STOP }]);
}

/** Whoever has a broker of his own now. */
function ownBrokers(): string[] {
  try {
    return readdirSync(stateDir('own')).filter((name) =>
      withState(stateDir('own', name), () => lockHolder(files.lock())),
    );
  } catch {
    return [];
  }
}
