import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { remove } from '../engine/files.mjs';
import { sha256 } from '../engine/fingerprint.mjs';
import { entries, lab, pythonOf, setupFile } from '../engine/folders.mjs';
import { Problem } from '../engine/problem.mjs';
import { stampedStep } from '../engine/step.mjs';
import { kafkaVersion, parseJarList } from './jar-list.mjs';

/** @typedef {import('./jar-list.mjs').Jar} Jar */
/** @typedef {import('../engine/step.mjs').Run} Run */
/** @typedef {(jars: Jar[], found: (jar: Jar, file: string) => void) => Promise<void>} Fetch calls `found` for each jar */

const kafka = listed('kafka-jars.txt', 'jars');
const queue = listed('qpid-jars.txt', 'qpid');
const both = [kafka, queue];

export const version = kafkaVersion(kafka.list);

/** Kafka's class path. */
export const jarFiles = kafka.files;

/** The class path of the queue. */
export const queueJarFiles = queue.files;

/** Kafka itself and what it stands on; the queue that it is compared with. */
export const jars = stampedStep({
  name: 'jars',
  title: `Kafka ${version} and a queue (${kafka.list.length} and ${queue.list.length} jars)`,
  after: ['python'],
  fingerprint: () => sha256(both.map(({ text }) => text).join('\0')),
  present: () =>
    both.every(({ list, folder }) =>
      list.every(({ file, bytes }) => hasSize(join(folder, file), bytes)),
    ),
  make: async (run) => {
    const fetch = fetching(run, lab('java', 'repository'));
    for (const { list, folder } of both) await completeJars(list, folder, fetch);
  },
});

/** @param {string} name of a list in setup/java @param {string} place its jars' folder in .lab/java */
function listed(name, place) {
  const text = readFileSync(setupFile('java', name), 'utf8');
  const list = parseJarList(text);
  const folder = lab('java', place);
  return { text, list, folder, files: list.map(({ file }) => join(folder, file)) };
}

/**
 * Fetches what is missing in a folder, each jar put there only once its sum was found right, and removes what is
 * not listed. A jar with a wrong sum is fetched once more.
 * @param {Jar[]} wanted
 * @param {string} place
 * @param {Fetch} fetch
 * @throws {Problem} if a sum is wrong again
 */
export async function completeJars(wanted, place, fetch) {
  mkdirSync(place, { recursive: true });
  const names = new Set(wanted.map(({ file }) => file));
  for (const file of entries(place)) if (!names.has(file)) remove(join(place, file));
  for (let tries = 2; tries > 0; tries--) {
    const missing = wanted.filter((jar) => !isRight(join(place, jar.file), jar));
    if (missing.length === 0) return;
    await fetch(missing, (jar, file) => accept(jar, file, join(place, jar.file)));
  }
  const wrong = wanted.find((jar) => !isRight(join(place, jar.file), jar));
  if (wrong) throw wrongSum(wrong);
}

/**
 * Moves a jar to its place if it is the one that was listed; else it goes.
 * @param {Jar} jar
 * @param {string} file
 * @param {string} place
 */
function accept(jar, file, place) {
  if (isRight(file, jar)) renameSync(file, place);
  else remove(file);
}

/**
 * Fetches jars from Maven Central.
 * @param {Run} run
 * @param {string} repository a folder that is there only meanwhile
 * @returns {Fetch} throws a Problem if one cannot be had
 */
export function fetching(run, repository) {
  return async (jars, found) => {
    remove(repository); // It may hold halves.
    const byCoordinate = new Map(jars.map((jar) => [jar.coordinate, jar]));
    await run(pythonOf(lab('venv')), [setupFile('python', 'fetch_jars.py'), repository], {
      doing: 'Fetching jars from Maven Central',
      env: { PYTHONUTF8: '1' },
      input: [...byCoordinate.keys()].join('\n'),
      onLine: (line) => {
        const [coordinate = '', file] = line.trimEnd().split('\t');
        const jar = byCoordinate.get(coordinate);
        if (jar && file) found(jar, file);
      },
    });
    remove(repository);
  };
}

/** @param {string} file @param {Jar} jar */
function isRight(file, jar) {
  return hasSize(file, jar.bytes) && sha256(readFileSync(file)) === jar.sha256;
}

/** @param {string} file @param {number} bytes */
function hasSize(file, bytes) {
  return statSync(file, { throwIfNoEntry: false })?.size === bytes;
}

/** @param {Jar} jar */
function wrongSum({ coordinate, sha256 }) {
  return new Problem(
    `${coordinate} differs from the file that was published: its checksum was wrong twice.`,
    {
      why: `Its list in setup/java says ${sha256}. Something on the way changes what is fetched, such as a proxy.`,
      fix: 'On another network: npm run setup',
    },
  );
}
