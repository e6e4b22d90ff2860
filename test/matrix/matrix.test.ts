import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../lib/src/broker/embedded/ports.ts';
import { serverSettings } from '../../lib/src/broker/embedded/settings.ts';
import { installed, labDir } from '../../lib/src/paths.ts';
import { setGroupConfigs } from '../../lib/src/share-groups/index.ts';
import { KAFKA_LAB, kafkaLab, ROOT, temporaryState } from '../support/command.ts';
import { startKafka } from '../support/kafka-process.ts';
import { writeNotebook } from '../support/notebook.ts';
import { jarsOf, nodes } from './fetching.ts';
import { courseFile, passes } from './running.ts';

/** What stands for all the rest: clients, groups, rebalances, waits; kernels and charts. */
const LIBRARY = ['test/integration/lab/lab.test.ts', '--testTimeout', '120000'];
/** Share groups are as old as Kafka 4.2. */
const SHARES = ['share-groups', 'state-machine', 'dead-letters'].map(
  (name) => `test/integration/share-groups/${name}.test.ts`,
);
const NOTEBOOKS = ['00', '05'];

/**
 * The newest that the README promises, and one that is older than the lab's own. Before 4.3 a broker tells the partitions
 * of a topic in another order, in which kafkajs then deals them out: what says who owns which is left out there.
 */
const KAFKAS = [
  {
    version: '3.9.2',
    tests: [...LIBRARY, '-t', '^(?!.*round robin)'],
    notebooks: ['00', '08', '12'],
    sharing: 'This Kafka has no share groups.',
    setting: { status: 'rejected', reason: { code: 'UNSUPPORTED_VERSION' } },
  },
  {
    version: '4.4.0',
    tests: [...SHARES, ...LIBRARY],
    notebooks: [...NOTEBOOKS, '08', '12', '17'],
    sharing: "There is no topic 'nowhere'.",
    setting: { status: 'fulfilled' },
  },
];
const NODES = ['20', '22', '24', '26'];
const states = new Map(
  [...KAFKAS.map(({ version }) => version), ...NODES].map((name) => [name, temporaryState()]),
);
const stateOf = (name: string) => states.get(name)?.path as string;
afterAll(() => {
  const left = [...states.values()].flatMap((state) => state.end());
  expect(left).toEqual([]);
});

describe('on another Kafka', () => {
  test.concurrent.each(KAFKAS)(
    '$version',
    async ({ version, tests, notebooks: which, sharing, setting }) => {
      const dir = join(stateOf(version), 'kafka');
      const port = await freePort();
      const controller = await freePort(undefined, [port]);
      const voters = [{ nodeId: 1, controllerPort: controller }];
      const ports = { broker: port, controller };
      const settings = serverSettings({ nodeId: 1, logDir: join(dir, 'log'), ports, voters });
      const kafka = await startKafka({ dir, settings, port, jars: await jarsOf(version) });
      const env = {
        KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${port}`,
        KAFKA_LAB_STATE: stateOf(version),
      };
      await passes(process.execPath, vitest(tests), env);
      await passes(process.execPath, notebooks(version, which), env);
      const share = ['consume', 'nowhere', '--share', 'workers'];
      const { code, output } = await kafkaLab(stateOf(version), share, env).ended;
      expect([code, output]).toEqual([1, expect.stringContaining(sharing)]);
      const client = new Kafka({ brokers: [`127.0.0.1:${port}`] });
      const earliest = { 'share.auto.offset.reset': 'earliest' };
      const [set] = await Promise.allSettled([setGroupConfigs(client, 'workers', earliest)]);
      expect(set).toMatchObject(setting);
      await kafka.stop();
    },
  );
});

describe('on another Node.js', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await nodes();
  });

  test.concurrent.each(NODES)('%s', async (major) => {
    const bin = join(folder, `node-${major}`, 'bin');
    const node = join(bin, 'node');
    const env = {
      KAFKA_LAB_STATE: stateOf(major),
      PATH: [bin, process.env['PATH']].join(delimiter),
      JUPYTER_PATH: kernelOn(node, stateOf(major)),
      KAFKA_LAB_PROGRESS: 'off',
    };
    await passes(node, vitest(LIBRARY), env);
    await passes(node, [KAFKA_LAB, 'topic', 'orders', '--partitions', '3'], env);
    // Jupyter itself: the lab's own runner does not let another JUPYTER_PATH come near it.
    const files = [...NOTEBOOKS.map(courseFile), notebookThatRequires(major, stateOf(major))];
    const convert = ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--output-dir'];
    await passes(installed().python, [...convert, join(stateOf(major), 'out'), ...files], env);
    await passes(node, [KAFKA_LAB, 'stop'], env);
  });
});

const vitest = (files: string[]) => [
  join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  ...files,
];

const notebooks = (name: string, which: string[]) => [
  ...[KAFKA_LAB, 'notebooks', ...which, '--jobs', '1'],
  ...['--output', join(stateOf(name), 'out')],
];

/** A place where Jupyter looks first, with the lab's kernel on this Node.js. */
function kernelOn(node: string, state: string): string {
  const spec = join('share', 'jupyter', 'kernels', 'kafka-lab');
  const lines = JSON.parse(readFileSync(join(labDir, 'venv', spec, 'kernel.json'), 'utf8'));
  const folder = join(state, 'jupyter', 'kernels', 'kafka-lab');
  mkdirSync(folder, { recursive: true });
  const argv = lines.argv.map((part: string) => (part === process.execPath ? node : part));
  writeFileSync(join(folder, 'kernel.json'), JSON.stringify({ ...lines, argv }));
  return join(state, 'jupyter');
}

/** A notebook that fails unless its kernel runs on that Node.js. */
function notebookThatRequires(major: string, state: string): string {
  const source = `if (process.versions.node.split('.')[0] !== '${major}') throw new Error(process.version);`;
  const path = join(state, 'node-version.ipynb');
  writeNotebook(path, { node: source });
  return path;
}
