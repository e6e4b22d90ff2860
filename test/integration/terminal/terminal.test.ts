import { type ChildProcess, execFile } from 'node:child_process';
import { type AdminConfig, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import {
  type BrokerLease,
  brokerStatus,
  leaseBroker,
  stopBroker,
} from '../../../lib/src/broker/index.ts';
import { quick } from '../../../lib/src/lab/settings.ts';
import { Brokers } from '../../../lib/src/requests/brokers.ts';
import { describeGroups } from '../../../lib/src/requests/groups.ts';
import { KAFKA_LAB, ROOT } from '../../support/command.ts';
import { overwrite } from '../../support/damage.ts';
import { consoleConsumer, describeGroup, membersOf } from '../../support/kafka-tools.ts';
import { ownState } from '../../support/lab.ts';
import { terminalsForEachTest } from '../../support/terminal.ts';

ownState();
let lease: BrokerLease;
let kafka: Kafka;
beforeAll(async () => {
  lease = await leaseBroker({ holder: 'test' });
  kafka = new Kafka({ clientId: 'test', ...lease.connection, logLevel: 0 });
});
afterAll(() => stopBroker());

const terminal = terminalsForEachTest();

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs to its end, in pipes. */
function run(file: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const options = { cwd: ROOT, env: { ...process.env, ...env }, timeout: 60_000 };
  return new Promise((done) => {
    const child: ChildProcess = execFile(file, args, options, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin!.end();
  });
}

const piped = (line: string, env = {}) =>
  run(process.execPath, [KAFKA_LAB, ...line.split(' ')], env);

type Value = string | Buffer | null;

async function topicOf(
  topic: string,
  values: Value[],
  partitions = 1,
  configEntries: { name: string; value: string }[] = [],
): Promise<void> {
  const admins = (settings?: AdminConfig) => kafka.admin(settings);
  await createTopic(admins, { topic, numPartitions: partitions, configEntries });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: values.map((value, i) => ({ value, key: null, partition: i % partitions })),
  });
  await producer.disconnect();
}

async function send(topic: string, value: string): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
}

test('a record can neither move the cursor nor colour the terminal, and --json loses nothing of it', async () => {
  const binary = Buffer.from([0xff, 0x1b, 0x5b]);
  await topicOf('nasty', [
    '\x1b[2J\x1b[31mred\r\n\x07',
    '\x9b31m\u202e',
    'x'.repeat(3000),
    binary,
    null,
  ]);
  const window = terminal('consume nasty --group nasty --count 5', { env: { NO_COLOR: '1' } });
  expect(await window.ended).toBe(0);
  expect(window.shown.replaceAll('\r\n', '\n')).not.toMatch(/[^\P{C}\n]/u);
  expect(window.text).toContain('no key  \\x1b[2J\\x1b[31mred\\r\\n\\x07\n');
  expect(window.text).toContain('\\x9b31m\\u202e\n');
  expect(window.text).toContain(`${'x'.repeat(200)}… (3000 characters)\n`);
  expect(window.text).toContain('(3 bytes, not text: ff 1b 5b)\n');

  const { code, stdout, stderr } = await piped('consume nasty --group program --count 5 --json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const by = { member: 'program-1', group: 'program', topic: 'nasty' };
  expect(lines[0]).toEqual({ type: 'joining', ...by });
  expect(lines[1]).toEqual({ type: 'assigned', ...by, partitions: [0] });
  expect(lines.at(-1)).toEqual({ type: 'left', ...by, records: 5 });
  const records = lines.slice(2, -1);
  records.forEach((record, offset) => {
    expect(record).toMatchObject({ type: 'record', ...by, partition: 0, offset, key: null });
  });
  expect(records.map(({ value }) => value)).toEqual([
    '\x1b[2J\x1b[31mred\r\n\x07',
    '\x9b31m\u202e',
    'x'.repeat(3000),
    null,
    null,
  ]);
  expect(records[3].valueBase64).toBe(binary.toString('base64'));
  expect(records[4]).not.toHaveProperty('valueBase64');
});

test('--count commits just what was shown; colour only on a terminal that wants it', async () => {
  await topicOf('colours', ['a', 'b', 'c', 'd'], 2);
  const colour = /\x1b\[38;/;
  const first = terminal('consume colours --group c --count 1', {
    env: { COLORTERM: 'truecolor' },
  });
  expect(await first.ended).toBe(0);
  const [, partition] = /partition (\d) {2}offset 0/.exec(first.text)!;
  expect(first.shown).toContain(
    partition === '0' ? '\x1b[38;2;0;114;178mpartition 0' : '\x1b[38;2;213;94;0mpartition 1',
  );

  const second = terminal('consume colours --group c --count 1', {
    env: { NO_COLOR: '1', COLORTERM: 'truecolor' },
  });
  expect(await second.ended).toBe(0);
  expect(second.shown).not.toMatch(colour);
  const json = terminal('consume colours --group c --count 1 --json', {
    env: { COLORTERM: 'truecolor' },
  });
  expect(await json.ended).toBe(0);
  expect(json.shown).not.toMatch(colour);
  const last = await piped('consume colours --group c --count 1', {
    COLORTERM: 'truecolor',
    FORCE_COLOR: '3',
  });
  expect(last.stdout).not.toMatch(colour);
  const text = [first.text, second.text, json.text, last.stdout].join('');
  for (const value of 'abcd')
    expect(text.match(new RegExp(`(no key  |"value":")${value}["\n]`, 'g'))).toHaveLength(1);
});

test('whoever starts at the same moment gets a name of his own; one who closes the window leaves, too', async () => {
  await topicOf('names', ['a'], 2);
  const [one, two] = [terminal('consume names --group n'), terminal('consume names --group n')];
  const names = await Promise.all([one, two].map((t) => t.shows(/^(n-\d) joins/)));
  expect(names.map(([, name]) => name).sort()).toEqual(['n-1', 'n-2']);
  await Promise.all([one, two].map((t) => t.shows(/owns partition \d\n/)));
  const before = one.text.length;
  expect(await two.hangUp()).toBe(129);
  await expect.poll(() => one.text.slice(before)).toMatch(/owns partitions 0, 1\n/);
  const three = terminal('consume names --group n --name printer');
  await three.shows(/^printer joins[\s\S]*printer owns partition /m);

  const other = await piped('consume colours --group n');
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/^Group n is reading names now\.\n/);
});

test('--watch draws over what it drew, only on change, within its window', async () => {
  await topicOf('watched', ['a', 'b', 'c'], 3);
  const watch = terminal('groups w --watch', { columns: 40, rows: 5 });
  await watch.shows(/No group w yet\./);
  const reader = terminal('consume watched --group w');
  await watch.shows(/w: Stable, 1 member, lag 0/);
  await reader.interrupt();
  await watch.shows(/w: Empty, 0 members, lag 0/);
  expect(watch.text).toMatch(/… and 2 more lines/);
  const frames = watch.shown.split(/\r\x1b\[\d+A/);
  expect(new Set(frames).size).toBe(frames.length);
  for (const line of watch.text.split(/\n|\x1b\[\d*[AKJ]/))
    expect(line.trim().length).toBeLessThanOrEqual(40);
  expect(await watch.interrupt()).toBe(0);
});

test.each([
  [`produce watched --rate 500`, /^partition/],
  [`consume watched --group head`, /^head-1 joins/],
  [`groups`, /^\S+: Empty/],
  [`groups --watch`, /^\S+: Empty/], // although nothing changes, so that nothing more is written
])('%s | head -1 ends quietly', async (line, shown) => {
  const script = `"${process.execPath}" "${KAFKA_LAB}" ${line} | head -1`;
  const found = await run('bash', ['-o', 'pipefail', '-c', script]);
  expect(found).toEqual({ code: 0, stdout: expect.stringMatching(shown), stderr: '' });
});

test.each(['', ' --json'])(
  'what a pipe lost with its reader is not committed:%s',
  async (option) => {
    const topic = `lost${option.length}`;
    await topicOf(
      topic,
      // More than a pipe holds: who writes stands until the reader has gone.
      Array.from({ length: 2000 }, (_, n) => `value ${n} ${'.'.repeat(200)}`),
    );
    const consuming = `consume ${topic} --group ${topic}${option}`;
    const script = `"${process.execPath}" "${KAFKA_LAB}" ${consuming} | head -5`;
    const { code, stdout } = await run('bash', ['-o', 'pipefail', '-c', script]);
    const shown = stdout.match(/value \d+/g)?.length ?? 0;
    expect([code, shown]).toEqual([0, 3]);
    const admin = kafka.admin();
    await admin.connect();
    const [committed] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
    await admin.disconnect();
    expect(Number(committed?.partitions[0]?.offset)).toBeLessThanOrEqual(shown);
  },
);

test('what fails is said in a sentence, and the exit code is 1; 2 for a wrong call', async () => {
  const sentences: [string, number, RegExp][] = [
    [
      'topic orders',
      1,
      /^There is no topic 'orders'\.\nThis Kafka has colours, .*\.\nCreate it with: .* topic orders --partitions 3\n$/,
    ],
    ['consume orders --group g', 1, /^There is no topic 'orders'\.\n/],
    ['produce orders', 1, /^There is no topic 'orders'\.\n/],
    [
      'topic names --partitions 3',
      1,
      /^Topic 'names' is already there with 2 partitions, not 3\.\n/,
    ],
    ['groups nobody', 1, /^There is no group 'nobody'\.\n/],
    ['topic names --delete', 2, /^Nobody can be asked here/],
    ['topic orders --delete --yes', 1, /^There is no topic 'orders'\.\n/],
    ['reset topics', 2, /^Nobody can be asked here.*--yes.*\. See: .*\n$/],
  ];
  const check = async ([line, code, sentence]: (typeof sentences)[number]) => {
    expect(await piped(line), line).toEqual({
      code,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    });
  };
  await Promise.all(sentences.map(check));
});

test.each(['lz4', 'snappy', 'zstd'])(
  'a topic compressed with %s is read and written',
  async (codec) => {
    // Kafka compresses what a topic of this setting is sent, however it came.
    await topicOf(codec, ['order 0'], 1, [{ name: 'compression.type', value: codec }]);
    expect((await piped(`produce ${codec} --count 1`)).code).toBe(0);
    const read = await piped(`consume ${codec} --group of-${codec} --count 2`);
    expect([read.code, read.stderr]).toEqual([0, '']);
    expect(read.stdout).toContain('order 0');
  },
);

const CHECKSUM = 'Their checksum is not the one that they were written with.';
const DELETE = (topic: string) =>
  `Delete the topic and write its records again: npx --no kafka-lab topic ${topic} --delete.`;

/** At which byte of the batch what is written. Without the check, kafkajs shows another value or count, throws, or waits. */
test.each([
  ['value', -4, [0x21], CHECKSUM, "offset: '2' }] })."],
  ['headers', -1, [0x7e], CHECKSUM, "offset: '2' }] })."],
  ['record-length', 61, [0], CHECKSUM, "offset: '2' }] })."],
  ['small-batch', 8, [0, 0, 0, 1], 'The broker itself reports them as corrupt.', undefined],
  [
    'large-batch',
    8,
    [1],
    'The broker reports records up to offset 2, but returns none.',
    undefined,
  ],
])(
  'records damaged in the file (%s): consume reads up to them, and says where and what helps',
  async (name, at, bytes, sign, skip) => {
    const topic = `damaged-${name}`;
    await topicOf(topic, ['order 0']);
    for (const value of ['order 1', 'order 2']) await send(topic, value);
    overwrite(topic, 1, at, bytes);
    const { code, stdout, stderr } = await piped(`consume ${topic} --group of-${topic} --json`);
    expect(stdout.match(/"value":"[^"]*"/g)).toEqual(['"value":"order 0"']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `consume cannot continue: in topic ${topic}, partition 0, the records from offset 1 are damaged.\n${sign} `,
      ),
    });
    expect(stderr).toContain(DELETE(topic));
    expect(stderr.includes('admin.setOffsets')).toBe(skip !== undefined);
    expect(stderr).toContain(skip ?? '');
  },
);

test('an address where no Kafka is: a sentence and 1', async () => {
  const { code, stderr } = await piped('consume names --group g', {
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^No Kafka answers at 127\.0\.0\.1:1\.\n.*ECONNREFUSED.*\nCheck KAFKA_BOOTSTRAP_SERVERS/,
  );
});

test('on a Kafka of somebody else, reset takes only what the notebooks of one learner made', async () => {
  await topicOf('ann.orders.05-scaling.k3f', ['a']);
  await topicOf('bob.orders.05-scaling.m4g', ['a']);
  await topicOf('orders.05-scaling.n5h', ['a']);
  const consumer = kafka.consumer({ groupId: 'ann.shipping.05-scaling.k3f', ...quick });
  await consumer.connect();
  await consumer.subscribe({ topics: ['ann.orders.05-scaling.k3f'], fromBeginning: true });
  const read = new Promise<void>((done) => void consumer.run({ eachMessage: async () => done() }));
  await read;
  await consumer.disconnect();
  const others = async () =>
    (await piped('topic --json')).stdout.split('\n').filter((line) => !line.includes('k3f'));
  const before = await others();
  const address = {
    KAFKA_BOOTSTRAP_SERVERS: lease.connection.brokers.join(','),
    KAFKA_LAB_PREFIX: 'ann',
  };
  const { code, stdout } = await piped('reset topics groups --yes', address);
  expect(code).toBe(0);
  expect(stdout.match(/^delete .*/gm)).toEqual([
    'delete  topic ann.orders.05-scaling.k3f',
    'delete  group ann.shipping.05-scaling.k3f',
  ]);
  expect(stdout).toContain(
    'leave   topic names: does not carry the name of a notebook of the lab\n',
  );
  expect(stdout).toContain('leave   topic bob.orders.05-scaling.m4g: does not begin with ann\n');
  expect(stdout).toContain('leave   topic orders.05-scaling.n5h: does not begin with ann\n');
  expect(stdout).toMatch(/Deleted 1 topic and 1 group\.\n$/);
  expect((await piped('topic --json')).stdout).not.toContain('k3f');
  expect(await others()).toEqual(before);

  const bob = await piped('reset --prefix bob --yes');
  expect(bob.stdout.match(/^delete .*/gm)).toEqual(['delete  topic bob.orders.05-scaling.m4g']);
  expect((await piped('topic --json')).stdout).not.toContain('m4g');
  expect((await piped('reset topics --yes', address)).stdout).toMatch(/nothing to reset/);
  expect((await piped('topic --json')).stdout).toContain('n5h');
});

test('groups of the newer types are told as Kafka’s own tools tell them, and what they read stays', {
  timeout: 120_000,
}, async () => {
  const { brokers } = lease.connection;
  const types = ['consumer', 'share'] as const;
  const named = types.map((type) => ({
    ...{
      type,
      brokers,
      topic: `zoe.${type}.05-scaling.k3f`,
      group: `zoe.g-${type}.05-scaling.k3f`,
    },
  }));
  for (const { topic } of named) await topicOf(topic, ['a', 'b'], 2);
  const readers = named.map(({ type, ...where }) => consoleConsumer(type, where));
  const asked = new Brokers(kafka);
  const seen = () =>
    describeGroups(
      asked,
      named.map(({ group }) => group),
    );
  try {
    const owned = async () =>
      (await seen()).flatMap(({ members }) => members?.map(({ assignment }) => assignment));
    const whole = named.map(({ topic }) => ({ [topic]: [0, 1] }));
    await expect.poll(owned, { timeout: 60_000, interval: 500 }).toEqual(whole);
    const { stdout: lines } = await piped('groups --json');
    for (const { type, group } of named) {
      const line = lines.split('\n').find((text) => text.includes(group));
      const ids = await membersOf(brokers, group, type);
      expect(ids).toHaveLength(1);
      const members = ids.map((memberId) => ({ memberId }));
      expect(JSON.parse(line!)).toMatchObject({ type, state: 'Stable', members });
    }
    const { stdout } = await piped('reset --prefix zoe --yes');
    expect(stdout).toMatch(/There is nothing to reset\.\n$/);
    for (const { topic, group } of named) {
      const refused = await piped(`topic ${topic} --delete --yes`);
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining(`in use, and stays.\nGroup ${group} is reading it.\n`),
      ]);
      expect(stdout).toContain(`leave   topic ${topic}: group ${group} is reading it\n`);
      expect(stdout).toContain(`leave   group ${group}: has members: console-`);
    }
  } finally {
    for (const reader of readers) reader.kill();
  }
  const states = async () => (await seen()).map(({ state }) => state);
  await expect.poll(states, { timeout: 20_000, interval: 200 }).toEqual(['Empty', 'Empty']);
  await asked.disconnect();
  type Named = (typeof named)[number];
  const [consuming, sharing] = named as [Named, Named];
  // Of a consumer group that has offsets Kafka keeps what is empty; those of a topic go with it, and then the group.
  const rows = await describeGroup(brokers, consuming.group);
  expect(rows.map(({ committed }) => committed)).toEqual([1, 1]);
  const deleted = await piped(`topic ${sharing.topic} --delete --yes`);
  expect(deleted).toEqual({ code: 0, stdout: `Deleted topic ${sharing.topic}.\n`, stderr: '' });
  const { stdout } = await piped('reset --prefix zoe --yes');
  expect(stdout).toMatch(/Deleted 1 topic and 2 groups\.\n$/);
  for (const what of ['topic', 'groups'])
    expect((await piped(`${what} --json`)).stdout).not.toContain('zoe.');
});

test('a topic that is deleted in the middle: a sentence and 1, for reader and writer', async () => {
  await topicOf('short-lived', ['a']);
  const both = [
    terminal('consume short-lived --group s'),
    terminal('produce short-lived --rate 20'),
  ];
  await Promise.all(both.map((t) => t.shows(/\npartition 0 /)));
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: ['short-lived'] });
  await admin.disconnect();
  for (const t of both) {
    expect(await t.ended).toBe(1);
    expect(t.text).toMatch(
      /\nThe topic is gone: somebody has deleted it\.\n[^\n]+kafka-lab topic\n$/,
    );
  }
});

test('a Kafka that is lost in the middle: a sentence and 1', async () => {
  const reader = terminal('consume names --group lost');
  const remote = terminal('consume names --group remote', {
    env: { KAFKA_BOOTSTRAP_SERVERS: lease.connection.brokers.join(',') },
  });
  await Promise.all([reader, remote].map((t) => t.shows(/owns partitions/)));
  const status = await brokerStatus();
  if (!status.running || status.origin !== 'embedded') throw new Error('No Kafka runs');
  process.kill(status.pid!, 'SIGKILL');
  expect(await reader.ended).toBe(1);
  expect(reader.text).toMatch(
    /\n[^\n]+\n[^\n]+\nRun the command again: Kafka is started again[^\n]*\n$/,
  );
  expect(await remote.ended).toBe(1);
  expect(remote.text).toMatch(
    /Kafka at 127\.0\.0\.1:\d+ no longer answers\.\n[^\n]+\nRun the command again[^\n]*\n$/,
  );
  expect(reader.text + remote.text).not.toMatch(/\n +at /);
});
