import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverSettings } from '../../lib/src/broker/embedded/settings.ts';
import { startKafka } from './kafka-process.ts';
import { freePorts } from './ports.ts';

/** A Kafka as companies have it: TLS, passwords, rights. Each listener is host:port. */
export interface SecureKafka {
  plaintext: string;
  ssl: string;
  saslSsl: string;
  /** Plaintext, and advertises an address where nothing is. */
  lost: string;
  /** TLS, and asks for a client certificate. */
  mutual: string;
  /** TLS, and asks for a token. */
  oauth: string;
  /** The process. */
  pid: number;
  stop(): Promise<unknown>;
}

export interface User {
  name: string;
  password: string;
}

const PASSWORDS = 'org.apache.kafka.common.security';

function settings(
  dir: string,
  ports: number[],
  { keystore, ca, keys, admin, plain }: Users,
): Record<string, string> {
  const [plaintext, ssl, saslSsl, lost, mutual, oauth, controller] = ports as FixedPorts;
  const node = { nodeId: 1, logDir: join(dir, 'log'), ports: { broker: plaintext, controller } };
  const voters = [{ nodeId: 1, controllerPort: controller }];
  const listeners = (lostAt: number) =>
    Object.entries({
      PLAINTEXT: plaintext,
      SSL: ssl,
      SASL_SSL: saslSsl,
      LOST: lostAt,
      MUTUAL: mutual,
      OAUTH: oauth,
    })
      .map(([name, port]) => `${name}://127.0.0.1:${port}`)
      .join(',');
  const jaas = 'listener.name.sasl_ssl';
  return {
    ...serverSettings({ ...node, voters }),
    listeners: `${listeners(lost)},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners(1),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,LOST:PLAINTEXT,MUTUAL:SSL,OAUTH:SASL_SSL,CONTROLLER:PLAINTEXT',
    ...byToken(keys),
    ...(ca && {
      'listener.name.mutual.ssl.client.auth': 'required',
      'listener.name.mutual.ssl.truststore.type': 'PEM',
      'listener.name.mutual.ssl.truststore.location': ca,
    }),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,PLAIN',
    [`${jaas}.scram-sha-256.sasl.jaas.config`]: `${PASSWORDS}.scram.ScramLoginModule required;`,
    [`${jaas}.plain.sasl.jaas.config`]: `${PASSWORDS}.plain.PlainLoginModule required user_${plain.name}="${plain.password}";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The broker itself comes without a password.
    'super.users': `User:ANONYMOUS;User:${admin.name};User:CN=${admin.name}`,
  };
}

/** Tokens of those whose keys are in a file, or, without one, tokens that nobody has signed. */
function byToken(keys: string | undefined): Record<string, string> {
  const listener = 'listener.name.oauth';
  const oauth = `${PASSWORDS}.oauthbearer`;
  return {
    [`${listener}.sasl.enabled.mechanisms`]: 'OAUTHBEARER',
    [`${listener}.oauthbearer.sasl.jaas.config`]: `${oauth}.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    ...(keys && {
      [`${listener}.oauthbearer.sasl.jaas.config`]: `${oauth}.OAuthBearerLoginModule required;`,
      [`${listener}.oauthbearer.sasl.server.callback.handler.class`]: `${oauth}.OAuthBearerValidatorCallbackHandler`,
      'sasl.oauthbearer.jwks.endpoint.url': pathToFileURL(keys).href,
      'sasl.oauthbearer.expected.audience': 'kafka',
    }),
  };
}

type FixedPorts = [number, number, number, number, number, number, number];

/** Who may come, and the broker's certificate. */
interface Users {
  keystore: string;
  /** Whose clients may come by certificate. */
  ca?: string;
  /** The public keys of those whose tokens are taken, as JSON. */
  keys?: string;
  /** May do everything, and logs in by SCRAM-SHA-256. */
  admin: User;
  /** May do nothing, and logs in by PLAIN. */
  plain: User;
  /** May do what a test allows them, and log in by SCRAM-SHA-256. */
  others?: User[];
}

/** Starts it in a folder. It ends with this process. */
export async function startSecureKafka(dir: string, users: Users): Promise<SecureKafka> {
  const ports = await freePorts(7);
  const format = [users.admin, ...(users.others ?? [])].flatMap(({ name, password }) => [
    '--add-scram',
    `SCRAM-SHA-256=[name=${name},password=${password}]`,
  ]);
  const port = ports[0] as number;
  const jvm = users.keys
    ? [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${pathToFileURL(users.keys).href}`]
    : [];
  const node = await startKafka({ dir, settings: settings(dir, ports, users), port, jvm, format });
  const at = (n: number) => `127.0.0.1:${ports[n]}`;
  const listeners = {
    plaintext: at(0),
    ssl: at(1),
    saslSsl: at(2),
    lost: at(3),
    mutual: at(4),
    oauth: at(5),
  };
  return { ...listeners, pid: node.pid, stop: () => node.stop() };
}
