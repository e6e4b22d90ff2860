import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newClusterId } from '../../lib/src/broker/format.ts';
import { type Guarded, spawnGuarded } from '../../lib/src/broker/guarded.ts';
import { javaArguments, javaEnvironment } from '../../lib/src/broker/java.ts';
import { freePort } from '../../lib/src/broker/ports.ts';
import { propertiesText, serverSettings } from '../../lib/src/broker/settings.ts';
import { coordinatorIsReady } from '../../lib/src/broker/wire.ts';
import { installed } from '../../lib/src/paths.ts';
import { until } from './broker.ts';

/** A Kafka as companies have it: TLS, passwords, rights. Each listener is host:port. */
export interface SecureKafka {
  plaintext: string;
  ssl: string;
  saslSsl: string;
  /** Plaintext, and advertises an address where nothing is. */
  lost: string;
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
  { keystore, admin, plain }: { keystore: string; admin: User; plain: User },
): Record<string, string> {
  const [plaintext, ssl, saslSsl, lost, controller] = ports as [number, number, number, number, 0];
  const node = { nodeId: 1, logDir: join(dir, 'log'), ports: { broker: plaintext, controller } };
  const voters = [{ nodeId: 1, controllerPort: controller }];
  const listeners = (lostAt: number) =>
    Object.entries({ PLAINTEXT: plaintext, SSL: ssl, SASL_SSL: saslSsl, LOST: lostAt })
      .map(([name, port]) => `${name}://127.0.0.1:${port}`)
      .join(',');
  const jaas = 'listener.name.sasl_ssl';
  return {
    ...serverSettings({ ...node, voters }),
    listeners: `${listeners(lost)},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners(1),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,LOST:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,PLAIN',
    [`${jaas}.scram-sha-256.sasl.jaas.config`]: `${PASSWORDS}.scram.ScramLoginModule required;`,
    [`${jaas}.plain.sasl.jaas.config`]: `${PASSWORDS}.plain.PlainLoginModule required user_${plain.name}="${plain.password}";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The broker itself comes without a password.
    'super.users': `User:ANONYMOUS;User:${admin.name}`,
  };
}

/**
 * Starts it in a folder. It ends with this process.
 * @param admin may do everything, and logs in by SCRAM-SHA-256; `plain` may do nothing, and logs in by PLAIN
 */
export async function startSecureKafka(
  dir: string,
  users: { keystore: string; admin: User; plain: User },
): Promise<SecureKafka> {
  const ports: number[] = [];
  while (ports.length < 5) ports.push(await freePort(undefined, ports));
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  const properties = join(dir, 'server.properties');
  writeFileSync(properties, propertiesText(settings(dir, ports, users)));
  const { name, password } = users.admin;
  const scram = `SCRAM-SHA-256=[name=${name},password=${password}]`;
  const format = ['format', '-t', newClusterId(), '-c', properties, '--add-scram', scram];
  const formatting = await java(dir, ['kafka.tools.StorageTool', ...format]);
  if ((await formatting.exited).code !== 0) throw new Error(log(dir));
  const node = await java(dir, ['kafka.Kafka', properties]);
  let ended = false;
  void node.exited.then(() => (ended = true));
  let ready = false;
  const ask = async () => {
    while (!ready && !ended) ready = await coordinatorIsReady(ports[0] as number);
  };
  void ask();
  await until(() => ready || ended, 'Kafka with TLS and passwords to answer', 25_000);
  if (ended) throw new Error(log(dir));
  const at = (n: number) => `127.0.0.1:${ports[n]}`;
  const listeners = { plaintext: at(0), ssl: at(1), saslSsl: at(2), lost: at(3) };
  return { ...listeners, stop: () => node.stop() };
}

async function java(dir: string, main: string[]): Promise<Guarded> {
  const { java: command, jars } = installed();
  const paths = { main, tmp: join(dir, 'tmp'), logs: dir };
  const args = javaArguments({ jars }, { kind: 'jars' }, paths);
  const output = openSync(join(dir, 'kafka.log'), 'a');
  const options = { cwd: dir, env: javaEnvironment(), output };
  return spawnGuarded([command, ...args], options).finally(() => closeSync(output));
}

function log(dir: string): string {
  return readFileSync(join(dir, 'kafka.log'), 'utf8').slice(-3000);
}
