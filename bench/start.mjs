import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './support.mjs';

const require = createRequire(import.meta.url);
const { leaseBroker } = require('../lib/dist/broker/index.js');
const { cachePath } = require('../lib/dist/broker/embedded/aot.js');
const { format, newClusterId } = require('../lib/dist/broker/embedded/format.js');
const { freePort } = require('../lib/dist/broker/embedded/ports.js');
const { propertiesText } = require('../lib/dist/broker/embedded/settings.js');
const { askMetadata } = require('../lib/dist/broker/wire/requests.js');
const { installed, withState } = require('../lib/dist/paths.js');

const ROUNDS = 7;
const LIMIT_MS = 60_000;

/** A JVM that starts quickly, without a cache: 1.3 s on the machine for which 0.8 s with the cache, and 1.5 s without, were asked. */
const QUICK = ['-Xmx256m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const QUICK_S = 1.3;
const ASKED_S = { cached: 0.8, uncached: 1.5 };

/** What kafka-server-start.sh gives Java. */
const STOCK = [
  ...['-Xmx1G', '-Xms1G', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
  ...['-XX:MaxInlineLevel=15', '-Djava.awt.headless=true', '-Dcom.sun.management.jmxremote=true'],
  ...['-Dcom.sun.management.jmxremote.authenticate=false'],
  '-Dcom.sun.management.jmxremote.ssl=false',
];

/**
 * Seconds from asking for a Kafka to one that answers for metadata and groups, on old data, the supervisor's own start
 * included; beside the same Kafka as its own script starts it, and beside one in a JVM that starts quickly, both on old data
 * and until it answers for metadata. In turn; the first round makes the data and is not counted.
 * @returns {Promise<import('./throughput.mjs').Row>}
 */
export async function brokerStart() {
  const cached = existsSync(cachePath());
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-bench-'));
  try {
    const stock = await formatted(join(folder, 'stock'));
    const rounds = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const lab = await startLab(folder);
      const round = {
        lab,
        stock: await startKafka(stock, STOCK),
        quick: await startKafka(stock, QUICK),
      };
      if (i > 0) rounds.push(round);
    }
    return row(cached, rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {boolean} cached @param {Record<'lab' | 'stock' | 'quick', number>[]} rounds */
function row(cached, rounds) {
  /** @param {'lab' | 'stock' | 'quick'} side */
  const seconds = (side) => {
    const all = rounds.map((round) => round[side]);
    return `${median(all).toFixed(2)}, ${Math.min(...all).toFixed(2)} at best`;
  };
  /** @param {'stock' | 'quick'} side */
  const ratio = (side) => median(rounds.map((r) => r.lab / r[side])).toFixed(2);
  const bound = ASKED_S[cached ? 'cached' : 'uncached'];
  return {
    what: `start of Kafka, ${cached ? 'with' : 'without'} its class cache / in a quick JVM without one`,
    figure:
      `${ratio('quick')} (s: ours ${seconds('lab')}; quick JVM ${seconds('quick')}); ` +
      `${ratio('stock')} of its own script's (${seconds('stock')})`,
    bound: `at most ${bound} s; for a slower machine, ${(bound / QUICK_S).toFixed(2)} of the quick JVM`,
    raw: rounds,
  };
}

/** @param {string} folder */
async function startLab(folder) {
  const began = performance.now();
  const lease = await withState(folder, () => leaseBroker({ holder: 'bench', linger: 0 }));
  const took = (performance.now() - began) / 1000;
  await lease.release();
  return took;
}

/** A folder for a Kafka with its own defaults. @param {string} folder */
async function formatted(folder) {
  const broker = await freePort();
  const controller = await freePort(undefined, [broker]);
  const clusterId = newClusterId();
  format(join(folder, 'log'), { nodeId: 1, clusterId });
  const properties = join(folder, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'log'),
    'offsets.topic.replication.factor': '1',
  };
  writeFileSync(properties, propertiesText(settings));
  return { broker, clusterId, properties };
}

/** @param {{ broker: number, clusterId: string, properties: string }} kafka @param {string[]} flags of its JVM */
async function startKafka({ broker, clusterId, properties }, flags) {
  const { java, jars } = installed();
  const began = performance.now();
  const child = spawn(java, [...flags, '-cp', jars.join(':'), 'kafka.Kafka', properties], {
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  try {
    while ((await askMetadata(broker))?.clusterId !== clusterId) {
      if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}.`);
      if (performance.now() - began > LIMIT_MS)
        throw new Error('Kafka did not answer in a minute.');
      await sleep(10);
    }
    return (performance.now() - began) / 1000;
  } finally {
    child.kill('SIGTERM'); // after a SIGKILL its next start would wait for the session of this one
    await exit;
  }
}
