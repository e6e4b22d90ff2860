import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { LabError } from '../../../lib/src/errors.ts';
import { FORMAT, MOST_BYTES, VERSION } from '../../../lib/src/runs/format.ts';
import { openRun, saveRun } from '../../../lib/src/runs/index.ts';
import { chartsOf } from '../../support/all-charts.ts';
import { folderForTest } from '../../support/folder.ts';
import { at, History, scalingHistory, transactionsHistory } from '../../support/history.ts';

const HEADER = { format: FORMAT, version: VERSION, written: 'whole', keptFrom: 0 };
const HAPPENED = { format: FORMAT, version: VERSION, written: 'as it happened' };
const FACT = {
  ...{ kind: 'produced', time: 1000, group: '', member: 'shop' },
  ...{ topic: 'orders', partition: 0, offset: 0, key: null },
};

const read = { from: 0, to: 1, markers: [], aborted: [], compacted: [] };
function log(told: object) {
  const ends = { start: 0, stable: 1, end: 1 };
  const by = { kind: 'log', time: 1000, group: '', member: '' };
  return { ...by, topic: 'orders', partition: 0, ...ends, ...told };
}

let file: string;
beforeEach(() => {
  file = join(folderForTest(), 'run.jsonl');
});

function refusal(): LabError {
  try {
    openRun(file);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('The file was opened.');
}

function write(...lines: unknown[]): void {
  writeAll(lines);
}

function writeAll(lines: unknown[]): void {
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('a run is readable by its owner only, and nothing else is left beside it', () => {
  write(HEADER);
  chmodSync(file, 0o644);
  saveRun(scalingHistory().ledger, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, '..'))).toEqual(['run.jsonl']);
  expect(openRun(file).records('produced')).toHaveLength(30);
  writeFileSync(file, 'what somebody has written');
  expect(() => saveRun(scalingHistory().ledger, file)).toThrow(/is no run/);
  expect(readFileSync(file, 'utf8')).toBe('what somebody has written');
});

const NAMES: Record<string, string> = { 'client-1': 'a', 'client-2': 'b' };

describe('what is private', () => {
  const PREFIX = 'ann';
  const history = new History('ann.shipping.05.abc', 'ann.orders.05.abc');
  const { ledger } = history;
  for (const offset of [0, 1, 2])
    history.record(0, 'produced', 'secret-shop', 0, offset, `secret-${offset % 2}`, 'secret value');
  const joined = { kind: 'joined', time: at(1), group: history.group } as const;
  const assignment = { [history.topic]: [0] };
  ledger.record({ ...joined, member: 'secret-b', memberId: 'secret-b-1', assignment });
  ledger.record({ ...joined, member: 'secret-a', memberId: 'secret-a-1', assignment });
  const reason = 'secret reason';
  ledger.record({ ...joined, kind: 'crashed', member: 'secret-a', reason });
  const queue = {
    kind: 'queue',
    time: at(1),
    queue: 'ann.jobs.05.abc',
    member: 'secret-a',
  } as const;
  const message = { delivery: 1, message: 'secret value', redelivered: false };
  ledger.record({ ...queue, event: 'delivered', ...message });

  test('has stand-ins, the same for the same', () => {
    saveRun(ledger, file, {}, { prefix: PREFIX });
    expect(readFileSync(file, 'utf8')).not.toMatch(/secret|\bann\b/);
    const opened = openRun(file);
    const topic = 'learner.orders.05.abc';
    const keys = opened.records('produced', { topic }).map(({ key }) => key);
    expect(keys).toEqual(['key-1', 'key-2', 'key-1']);
    // In the order of their names, so that lanes stay where they are.
    const members = opened.members({ group: 'learner.shipping.05.abc' });
    expect(members.map(({ member }) => member)).toEqual(['client-2', 'client-1', 'client-1']);
    expect(members[0]?.assignment).toEqual({ [topic]: [0] });
    expect(members[0]?.memberId).not.toBe(members[1]?.memberId);
    const previews = [0, 2].map((offset) => opened.preview({ topic, partition: 0, offset })?.text);
    expect(previews).toEqual(['value-1', 'value-1']);
    expect(opened.queue('learner.jobs.05.abc')).toMatchObject([{ message: 'value-1' }]);
  });

  test('takes the place of nothing else', () => {
    const other = new History('anna.readers.06.abc', 'anna.orders.06.abc');
    other.record(0, 'produced', '', 0, 0, undefined, 'a value of 24 characters');
    other.member(1, 'joined', 'a', [0]).commit(2, 'a', 0, 1);
    const { topic, ledger } = other;
    const nobody = { time: at(3), group: '', member: '', topic, partition: 0 };
    ledger.record({ ...nobody, kind: 'produced', offset: 1, key: null });
    saveRun(ledger, file, {}, { prefix: PREFIX, run: '6.abc' });
    const opened = openRun(file);
    expect(opened.topics).toEqual([topic]);
    expect(opened.records('produced')).toMatchObject([
      { member: '', key: 'key-1' },
      { member: '', key: null },
    ]);
    const { size } = opened.preview({ topic, partition: 0, offset: 0 }) ?? {};
    expect(size).toBe('value-1'.length);
    saveRun(ledger, file, {}, { prefix: 'anna', run: '06.abc' });
    expect(openRun(file).topics).toEqual(['learner.orders.06.run']);
    expect(openRun(file).members({ group: 'learner.readers.06.run' })).toMatchObject([
      { assignment: { 'learner.orders.06.run': [0] } },
    ]);
  });

  test.each([
    ['values', /secret value|secret reason/],
    ['keys', /secret-[01]"/],
    ['clientIds', /secret-(shop|a|b)/],
    ['prefix', /ann\.orders/],
  ] as const)('is there where it is asked for: %s', (shown, text) => {
    saveRun(ledger, file, {}, { prefix: PREFIX });
    expect(readFileSync(file, 'utf8')).not.toMatch(text);
    saveRun(ledger, file, { [shown]: true }, { prefix: PREFIX });
    expect(readFileSync(file, 'utf8')).toMatch(text);
  });

  test('charts look the same with stand-ins', () => {
    const { ledger, topic, group } = scalingHistory();
    saveRun(ledger, file);
    const [live, opened] = [ledger, openRun(file)].map((one) => chartsOf(one, { topic, group }));
    const words = (text = '') =>
      text.replace(/\b(client-[12]|a|b)\b/g, (name) => NAMES[name] ?? name);
    for (const name of ['assignment', 'log', 'throughput'] as const)
      expect(words(opened?.[name].text)).toBe(live?.[name].text);
  });
});

test('half a run is refused, wherever it was cut', () => {
  saveRun(transactionsHistory().ledger, file);
  const whole = readFileSync(file);
  for (let to = 0; to < whole.length; to += 7) {
    writeFileSync(file, whole.subarray(0, to));
    expect(refusal()).toMatchObject({ code: 'BAD_INPUT', fix: expect.stringContaining('saveRun') });
  }
  writeFileSync(file, whole.subarray(0, -1));
  expect(refusal().why).toContain('in the middle of a line');
  const lines = whole.toString().split('\n');
  writeFileSync(file, lines.slice(0, -2).join('\n') + '\n');
  expect(refusal().why).toContain('no last line');
  writeFileSync(file, lines.toSpliced(4, 1).join('\n'));
  expect(refusal().why).toContain('Its last line tells of');
});

test('a packed run opens as it is; one that is damaged, or too large once it is unpacked, is refused', () => {
  const { ledger } = scalingHistory();
  saveRun(ledger, file);
  const plain = openRun(file);
  const packed = gzipSync(readFileSync(file));
  file += '.gz';
  writeFileSync(file, packed);
  const produced = (of: typeof plain) =>
    of.topics.map((t) => of.trail('produced', { topic: t }).length);
  expect(produced(openRun(file))).toEqual(produced(plain));
  for (const damaged of [packed.subarray(0, -20), Buffer.from('no gzip'), Buffer.alloc(0)]) {
    writeFileSync(file, damaged);
    expect(refusal().why).toMatch(/^It (cannot be unpacked|is empty)\.$/);
  }
  writeFileSync(file, gzipSync(Buffer.alloc(MOST_BYTES + 1, '\n'), { level: 1 }));
  expect(refusal().why).toBe('It has more than 256 MB.');
});

test('so is one of another version, or what is no run', () => {
  write({ ...HEADER, version: VERSION + 1 });
  expect(refusal().message).toContain(`This lab reads format ${VERSION}`);
  for (const text of ['', '\n', 'null\n', '[]\n', '{"cells":[]}\n', '<html>\n', '\0\0\0', '1']) {
    writeFileSync(file, text);
    expect(refusal().what).toContain('holds no run');
  }
  file = join(file, '..', 'nowhere.jsonl');
  expect(refusal()).toMatchObject({ code: 'SYSTEM_REFUSED', fix: expect.stringContaining('ls') });
});

test.each<[string, unknown]>([
  ['a time that is none', { ...FACT, time: 'now' }],
  ['a time beyond all dates', { ...FACT, time: 1e300 }],
  ['an offset that is no number of JavaScript', { ...FACT, offset: 2 ** 60 }],
  ['a partition beyond those of Kafka', { ...FACT, partition: 1e6 }],
  ['a kind that nobody knows', { ...FACT, kind: 'stolen' }],
  ['a field that nobody knows', { ...FACT, '<b>': 1 }],
  ['no fact', [[]]],
  ['a topic that is no name', { ...FACT, topic: '<script>' }],
  ['a key of a megabyte', { ...FACT, key: 'x'.repeat(2 ** 20) }],
  ['a key that is an object', { ...FACT, key: { toString: 1 } }],
  ['a log that no loop gets through', log({ end: 2 ** 50, stable: 0, start: 0 })],
  ['markers without end', log({ read: { ...read, markers: [{ from: 0, to: 2 ** 50 }] } })],
])('a line with %s is refused, and nothing of it is shown', (_, line) => {
  write(HAPPENED, FACT, line);
  const { message } = refusal();
  expect(message).toMatch(/line [23]|A line of it/);
  expect(message).not.toMatch(/[<>\u001b]/);
});

test('names that are none in JavaScript are names like others', () => {
  const assignment = '{"__proto__":[0],"constructor":[0]}';
  const joined = `{"kind":"joined","time":1,"group":"g","member":"__proto__","assignment":${assignment}}`;
  writeFileSync(file, `${JSON.stringify(HAPPENED)}\n${joined}\n`);
  expect(refusal().why).toContain('assignment');
  write(HAPPENED, { ...FACT, member: '__proto__', key: '__proto__' });
  appendFileSync(file, `{"__proto__":{"polluted":1},${JSON.stringify(FACT).slice(1)}\n`);
  expect(refusal().why).toContain('no run has');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('what would take all memory or for ever is refused', () => {
  const far = Array.from({ length: 210_000 }, (_, n) => ({ ...FACT, offset: n * 1000 }));
  writeAll([HAPPENED, ...far]);
  expect(refusal().why).toContain('too far from one another');
  write(HAPPENED, ...Array.from({ length: 66_000 }, (_, n) => ({ ...FACT, member: `m-${n}` })));
  expect(refusal().why).toContain('65535 members');
  write(HAPPENED, ...Array.from({ length: 3000 }, (_, n) => ({ ...FACT, topic: `t-${n}` })));
  expect(refusal().why).toContain('2000');
  write(HAPPENED, ...Array.from({ length: 3000 }, (_, n) => ({ ...FACT, time: 9000 - n })));
  expect(refusal().why).toContain('order of their times');
  writeFileSync(file, `${JSON.stringify(HAPPENED)}\n${'x'.repeat(2 ** 21)}`);
  expect(refusal().why).toContain('A line of it');
});

test('so are counts of offsets that take all memory, and not what a long run has', () => {
  const of = { of: 'delivered', group: 'g', topic: 'orders' };
  const trail = { kind: 'trail', ...of };
  const counts = Array.from({ length: 12 }, (_, n) => ({
    ...{ kind: 'counted', ...of, partition: n, from: 0, to: 1e7, times: 1 },
  }));
  write(HEADER, { kind: 'member', member: 'a' }, trail, ...counts);
  expect(refusal().why).toContain('too far from one another');
  // What brokers told of many partitions, and what was forgotten, is in the order of partitions.
  const place = (n: number) => ({ topic: 'orders', partition: n });
  const told = range(3000, (n) => {
    return { kind: 'told', ...place(n), time: 9000 - n, start: 0, stable: 1, end: 1 };
  });
  const forgotten = range(3000, (n) => {
    const sums = { count: 1, highest: 0, offset: 0, time: 9000 - n, first: 1 };
    return { kind: 'forgotten', ...of, partition: n, ...sums };
  });
  const lines = [{ kind: 'member', member: 'a' }, trail, ...forgotten, ...told];
  write({ ...HEADER, keptFrom: 9001 }, ...lines, { kind: 'end', lines: lines.length });
  expect(openRun(file).topics).toEqual(['orders']);
});

const range = <T>(length: number, of: (n: number) => T): T[] =>
  Array.from({ length }, (_, n) => of(n));
