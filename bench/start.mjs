import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const { leaseBroker } = require('../lib/dist/broker/index.js');
const { cachePath } = require('../lib/dist/broker/aot.js');
const { format, newClusterId } = require('../lib/dist/broker/format.js');
const { freePort } = require('../lib/dist/broker/ports.js');
const { propertiesText } = require('../lib/dist/broker/settings.js');
const { askMetadata } = require('../lib/dist/broker/wire.js');
const { installed, withState } = require('../lib/dist/paths.js');

const PAIRS = 5;
const LIMIT_MS = 60_000;

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
 * included; beside the same Kafka as its own script starts it, on old data, until it answers for metadata. In turn; the
 * first pair makes the data and is not counted.
 * @returns {Promise<import('./throughput.mjs').Row>}
 */
export async function brokerStart() {
  const cached = existsSync(cachePath());
  const folder = mkdtempSync(join(tmpdir(), 'kafka-lab-bench-'));
  try {
    const stock = await formatted(join(folder, 'stock'));
    const pairs = [];
    for (let i = 0; i <= PAIRS; i++) {
      const pair = { lab: await startLab(folder), stock: await startStock(stock) };
      if (i > 0) pairs.push(pair);
    }
    return row(cached, pairs);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {boolean} cached @param {{ lab: number, stock: number }[]} pairs */
function row(cached, pairs) {
  const [lab, stock] = [sorted(pairs.map((p) => p.lab)), sorted(pairs.map((p) => p.stock))];
  const ratio = middle(sorted(pairs.map((p) => p.lab / p.stock)));
  return {
    what: `start of Kafka, ${cached ? 'with' : 'without'} its class cache / as its own script starts it`,
    figure:
      `${ratio.toFixed(2)} (s: ours ${middle(lab).toFixed(2)}, ${lab[0]?.toFixed(2)} at best; ` +
      `its own ${middle(stock).toFixed(2)}, ${stock[0]?.toFixed(2)} at best)`,
    bound: `at most ${cached ? 0.8 : 1.5} s`,
    raw: pairs,
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

/** @param {{ broker: number, clusterId: string, properties: string }} kafka */
async function startStock({ broker, clusterId, properties }) {
  const { java, jars } = installed();
  const began = performance.now();
  const child = spawn(java, [...STOCK, '-cp', jars.join(':'), 'kafka.Kafka', properties], {
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

/** @param {number[]} numbers */
const sorted = (numbers) => numbers.sort((a, b) => a - b);

/** @param {number[]} numbers in order */
const middle = (numbers) => numbers[numbers.length >> 1] ?? NaN;
