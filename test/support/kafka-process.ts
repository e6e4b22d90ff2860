import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usableCache } from '../../lib/src/broker/embedded/aot.ts';
import { newClusterId } from '../../lib/src/broker/embedded/format.ts';
import { javaArguments, javaEnvironment } from '../../lib/src/broker/embedded/java.ts';
import { propertiesText } from '../../lib/src/broker/embedded/settings.ts';
import { coordinatorIsReady } from '../../lib/src/broker/wire/requests.ts';
import { installed } from '../../lib/src/paths.ts';
import { type Guarded, spawnGuarded } from '../../lib/src/processes/guarded.ts';
import { until } from './broker.ts';

interface KafkaProcess {
  /** For its settings, data and log. */
  dir: string;
  settings: Record<string, string>;
  /** Where it answers in plaintext. */
  port: number;
  /** More arguments of Java. */
  jvm?: string[];
  /** More arguments of `kafka-storage format`. */
  format?: string[];
  /** Another class path than the lab's. */
  jars?: string[];
}

/** Starts a Kafka that is none of the lab's, and waits until it answers. It ends with this process. */
export async function startKafka(kafka: KafkaProcess): Promise<Guarded> {
  const { dir, settings, port, jvm = [], format = [], jars } = kafka;
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  const properties = join(dir, 'server.properties');
  writeFileSync(properties, propertiesText(settings));
  const args = ['format', '-t', newClusterId(), '-c', properties, ...format];
  const formatting = await java(dir, ['kafka.tools.StorageTool', ...args], jars);
  if ((await formatting.exited).code !== 0) throw new Error(log(dir));
  const node = await java(dir, [...jvm, 'kafka.Kafka', properties], jars);
  let ended = false;
  void node.exited.then(() => (ended = true));
  let ready = false;
  const ask = async () => {
    // Where nobody listens the answer comes at once: asked without a pause, it would take a core from Kafka's start.
    while (!ready && !ended) ready = (await coordinatorIsReady(port)) || (await sleep(50, false));
  };
  void ask();
  await until(() => ready || ended, 'Kafka to answer', 60_000);
  if (ended) throw new Error(log(dir));
  return node;
}

async function java(dir: string, main: string[], jars?: string[]): Promise<Guarded> {
  const paths = { main, tmp: join(dir, 'tmp'), logs: dir };
  const args = jars
    ? javaArguments({ jars }, { kind: 'jars' }, paths)
    : javaArguments(installed(), usableCache(), paths);
  const output = openSync(join(dir, 'kafka.log'), 'a');
  const options = { cwd: dir, env: javaEnvironment(), output };
  return spawnGuarded([installed().java, ...args], options).finally(() => closeSync(output));
}

function log(dir: string): string {
  return readFileSync(join(dir, 'kafka.log'), 'utf8').slice(-3000);
}
