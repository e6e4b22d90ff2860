import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../../setup/engine/fingerprint.mjs';
import { type Jar, kafkaVersion, parseJarList } from '../../../setup/steps/jar-list.mjs';
import { completeJars } from '../../../setup/steps/jars.mjs';
import { folderForTest } from '../../support/folder.ts';

const sum = 'a'.repeat(64);

test('the list is read, sorted by file', () => {
  const jars = parseJarList(`# words\ng.h:b:2.0-x 12 ${sum}\r\n\na:a_2.13:1 3 ${sum}\n`);
  expect(jars).toEqual([
    { coordinate: 'a:a_2.13:1', file: 'a_2.13-1.jar', bytes: 3, sha256: sum },
    { coordinate: 'g.h:b:2.0-x', file: 'b-2.0-x.jar', bytes: 12, sha256: sum },
  ]);
});

test.each([
  ['no sum', 'a:b:1 3'],
  ['a short sum', `a:b:1 3 ${sum.slice(1)}`],
  ['no size', `a:b:1 ${sum}`],
  ['a way out of the folder', `a:../b:1 3 ${sum}`],
  ['a jar twice', `a:b:1 3 ${sum}\nc:b:1 3 ${sum}`],
])('a list with %s is refused', (_what, text) => {
  expect(() => parseJarList(text)).toThrow('The jar list');
});

test("the lab's own list names one Kafka, with what replication needs", () => {
  const jars = parseJarList(readFileSync('setup/java/kafka-jars.txt', 'utf8'));
  const kafka = jars.filter(({ coordinate }) => coordinate.startsWith('org.apache.kafka:'));
  expect(new Set(kafka.map(({ coordinate }) => coordinate.split(':')[2]))).toEqual(
    new Set([kafkaVersion(jars)]),
  );
  expect(kafka.map(({ coordinate }) => coordinate.split(':')[1])).toContain('kafka-storage-api');
});

test("the list of the queue's jars names one Qpid, which speaks AMQP 0-9-1", () => {
  const jars = parseJarList(readFileSync('setup/java/qpid-jars.txt', 'utf8'));
  const qpid = jars.filter(({ coordinate }) => coordinate.startsWith('org.apache.qpid:'));
  expect(new Set(qpid.map(({ coordinate }) => coordinate.split(':')[2])).size).toBe(1);
  expect(qpid.map(({ file }) => file).join()).toContain('amqp-0-8-protocol');
});

/** A jar and a registry that hands out, one after the other, what it is given; the last one ever after. */
function example(...answers: string[]) {
  const folder = folderForTest();
  const place = join(folder, 'jars');
  const jar: Jar = { coordinate: 'a:b:1', file: 'b-1.jar', bytes: 4, sha256: sha256('good') };
  let fetched = 0;
  const fetch = async (jars: Jar[], found: (jar: Jar, file: string) => void) => {
    const file = join(folder, `download-${fetched}`);
    writeFileSync(file, answers[Math.min(fetched++, answers.length - 1)] ?? '');
    for (const wanted of jars) found(wanted, file);
  };
  const complete = () => completeJars([jar], place, fetch);
  return { folder, place, complete, fetched: () => fetched };
}

test('a missing jar is fetched, once', async () => {
  const { place, complete, fetched } = example('good');
  await complete();
  await complete();
  expect(readFileSync(join(place, 'b-1.jar'), 'utf8')).toBe('good');
  expect(fetched()).toBe(1);
});

test('a jar with a wrong sum is deleted and fetched once more', async () => {
  const { folder, place, complete, fetched } = example('evil', 'good');
  await complete();
  expect(readFileSync(join(place, 'b-1.jar'), 'utf8')).toBe('good');
  expect(existsSync(join(folder, 'download-0'))).toBe(false);
  expect(fetched()).toBe(2);
});

test('a jar with a wrong sum twice is refused, and none of it stays', async () => {
  const { place, complete, fetched } = example('evil');
  await expect(complete()).rejects.toThrow('a:b:1 differs from the file that was published');
  expect(readdirSync(place)).toEqual([]);
  expect(fetched()).toBe(2);
});

test('a jar of the right size with other contents is fetched anew, one that is not listed goes', async () => {
  const { place, complete } = example('good');
  mkdirSync(place);
  writeFileSync(join(place, 'b-1.jar'), 'evil');
  writeFileSync(join(place, 'b-0.jar'), 'old');
  await complete();
  expect(readdirSync(place)).toEqual(['b-1.jar']);
  expect(readFileSync(join(place, 'b-1.jar'), 'utf8')).toBe('good');
});
