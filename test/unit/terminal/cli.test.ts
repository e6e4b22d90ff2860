import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { chosenHere } from '../../../lib/src/cli/arguments/chosen.ts';
import { run } from '../../../lib/src/cli/main.ts';
import {
  chooseNotebooks,
  courseNotebooks,
  killsBrokers,
  usesShareGroups,
} from '../../../lib/src/jupyter/choose.ts';

let out: MockInstance;
let err: MockInstance;

beforeEach(() => {
  out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test.each([
  [['frobnicate'], "There is no command 'frobnicate'."],
  [['constructor'], "There is no command 'constructor'."],
  [['start', '--nobrowser'], "Unknown option '--nobrowser'."],
  [['status', 'now'], "Unexpected argument 'now'."],
  [['stop', '--json'], "Unknown option '--json'."],
  [['notebooks', '--jobs', 'many'], "--jobs takes a whole number from 1 up, not 'many'."],
  [
    ['topic', 'bad/name'],
    "'bad/name' cannot be the name of a topic: use letters, digits, '.', '_' and '-', 249 at most.",
  ],
  [['topic', 'orders', '--partitions', '101'], '--partitions takes 1 to 100, not 101.'],
  [['topic', '--partitions', '3'], '--partitions needs the name of a topic.'],
  [
    ['topic', 'orders', '--partitions', '-1'],
    '--partitions needs a value after it that does not begin with a dash.',
  ],
  [
    ['consume', 'orders', '--group'],
    '--group needs a value after it that does not begin with a dash.',
  ],
  [['produce'], 'Which topic?'],
  [['produce', 'orders', '--rate', 'fast'], "--rate takes a number from 0.1 to 500, not 'fast'."],
  [['consume', 'orders'], '--group is missing: the group to read as a member of.'],
  [
    ['consume', 'orders', '--group', 'a/b'],
    "--group takes letters, digits, '.', '_' and '-', 100 at most, not 'a/b'.",
  ],
  [['replay'], 'Which file?'],
  [
    ['consume', 'orders', '--group', 'a', '--shows', 'keys'],
    '--shows is about what --record FILE records.',
  ],
  [
    ['consume', 'orders', '--group', 'a', '--record', 'run.jsonl', '--shows', 'all'],
    '--shows takes keys, values, clientIds and prefix, with commas between.',
  ],
  [['groups', 'one', 'two'], "Give one group: 'two' is one too many."],
  [
    ['reset', 'offsets'],
    "There is no part 'offsets'; there are notebooks, topics, groups, progress.",
  ],
  [['reset', 'topics', '--dead'], '--dead takes no parts.'],
  [['doctor', '--clean', '--json'], '--clean cannot be combined with --json.'],
  [['progress', '05-scaling'], 'A lesson is named only with --reset.'],
  [['notebooks', '--timeout', '0'], "--timeout takes a whole number from 1 up, not '0'."],
])('%j is one sentence and exit code 2', async (argv, sentence) => {
  expect(await run(argv)).toBe(2);
  expect(err).toHaveBeenCalledTimes(1);
  expect(err.mock.calls[0]?.[0]).toMatch(
    new RegExp(`^${escape(sentence)} See: npx --no kafka-lab`),
  );
  expect(out).not.toHaveBeenCalled();
});

test('an unknown command leads to what npx lets through: a --help before any command is its own', async () => {
  expect(await run(['frobnicate'])).toBe(2);
  expect(err.mock.calls[0]?.[0]).toMatch(/See: npx --no kafka-lab help$/);
  expect(await run(['help'])).toBe(0);
});

test.each([
  'start',
  'notebooks',
  'status',
  'stop',
  'topic',
  'produce',
  'consume',
  'groups',
  'reset',
  'doctor',
  'slides',
  'new-lesson',
  'progress',
  'timetable',
])('%s --help', async (command) => {
  expect(await run([command, '--help'])).toBe(0);
  expect(out.mock.calls[0]?.[0]).toContain(command);
  await run([]);
  const overview = out.mock.calls.slice(1).flat().join('\n');
  expect(overview).toMatch(new RegExp(`^  ${command} +[A-Z][^\\n]+\\.$`, 'm'));
});

test('an unknown notebook is answered with those there are, without a stack', async () => {
  expect(await run(['notebooks', 'nonesuch'])).toBe(1);
  expect(err.mock.calls[0]?.[0]).toMatch(/^There is no notebook 'nonesuch'\.\nThe course has: /);
});

test('notebooks are found by name, number and path, each once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'course-'));
  try {
    for (const name of ['05-scaling', '00-start-here', '5-other']) {
      writeFileSync(join(folder, `${name}.ipynb`), '{}');
    }
    const course = courseNotebooks(folder);
    const names = (...chosen: string[]) =>
      chooseNotebooks(chosen, course, folder).map((file) => file.name);
    expect(names()).toEqual(['00-start-here', '05-scaling', '5-other']);
    expect(names('05', '05-scaling', '05-scaling.ipynb')).toEqual(['05-scaling']);
    expect(names(join(folder, '5-other.ipynb'), '00')).toEqual(['5-other', '00-start-here']);
    expect(() => names('7')).toThrow(/00-start-here, 05-scaling, 5-other/);
    expect(() => names('missing/05.ipynb')).toThrow(/no notebook/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('on a Kafka by address the course leaves out what kills brokers, and says why', async () => {
  const killing = courseNotebooks().filter(killsBrokers);
  expect(killing.map(({ name }) => name)).toEqual(['16-replication']);
  const all = courseNotebooks().map(({ name }) => name);
  vi.stubEnv('KAFKA_BOOTSTRAP_SERVERS', '');
  vi.stubEnv('KAFKA_BROKERS', '');
  expect(await namesHere()).toEqual(all);
  expect(out).not.toHaveBeenCalled();
  vi.stubEnv('KAFKA_BROKERS', '127.0.0.1:1');
  expect(await namesHere()).toEqual(all.filter((name) => name !== '16-replication'));
  expect(out.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^16-replication is left out: .* KAFKA_BROKERS names are not the lab's/,
      ),
    ],
  ]);
  expect(await namesHere('16')).toEqual(['16-replication']);
});

test.each([
  ['none', [18, 0, 3], ['17-queues-on-kafka']],
  ['share groups', [76, 1, 1], []],
])(
  'on a Kafka by address that has %s the course leaves out what needs them',
  async (_, range, left) => {
    expect(
      courseNotebooks()
        .filter(usesShareGroups)
        .map(({ name }) => name),
    ).toContain('17-queues-on-kafka');
    const server = brokerThatOffers(range);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    vi.stubEnv('KAFKA_BOOTSTRAP_SERVERS', `127.0.0.1:${(server.address() as AddressInfo).port}`);
    const here = await namesHere();
    server.close();
    expect(['17-queues-on-kafka'].filter((name) => !here.includes(name))).toEqual(left);
    const said = out.mock.calls.flat().filter((line) => line.includes('share groups'));
    expect(said.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(left));
    expect(await namesHere('17')).toEqual(['17-queues-on-kafka']);
  },
);

const namesHere = async (...names: string[]) => (await chosenHere(names)).map(({ name }) => name);

/** Answers ApiVersions with the versions of one request, from and to. */
function brokerThatOffers(range: number[]) {
  return createServer((socket) => {
    socket.on('data', (request) => {
      const answer = Buffer.alloc(4 + 4 + 2 + 4 + 6 + 4);
      answer.writeInt32BE(answer.length - 4);
      request.copy(answer, 4, 8, 12); // the correlation id
      answer.writeInt32BE(1, 10);
      for (const [n, number] of range.entries()) answer.writeInt16BE(number, 14 + 2 * n);
      socket.end(answer);
    });
  });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
