import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { remove } from '../engine/files.mjs';
import { fingerprint } from '../engine/fingerprint.mjs';
import { entries, lab, root, setupFile } from '../engine/folders.mjs';
import { closedToOthers, hasClosed } from '../engine/others.mjs';
import { stampedStep } from '../engine/step.mjs';

/** @typedef {import('../engine/step.mjs').Step} Step */

/** Of .lab, what is installed. All else is the state of a lab that runs, and its user's alone. */
const INSTALLED = ['installed.json', 'java', 'packages', 'shared', 'stamps', 'uv', 'venv'];

/** At the top of the checkout, what is not for others: `.env` holds passwords. */
const OWN = ['.env', '.git', '.lab', 'build'];

const everything = ['kernel', 'library', 'jupyter', 'installed'];

/** What makes Kafka start in half the time: without it, each learner's would be slow, since none of them may write it. */
const caches = stampedStep({
  name: 'caches',
  title: "Java's cache of Kafka",
  after: everything,
  fingerprint: () => fingerprint({ files: [lab('installed.json')], base: root }),
  present: () => entries(lab('java')).some((name) => name.endsWith('.aot')),
  make: async (run) => {
    const state = lab('filling');
    try {
      await run(process.execPath, [setupFile('fill-caches.mjs')], {
        doing: 'Filling the caches',
        env: { KAFKA_LAB_STATE: state, KAFKA_BOOTSTRAP_SERVERS: '' },
      });
    } finally {
      remove(state);
    }
  },
});

/** A checkout by somebody whose umask is narrow is closed to others, whatever set-up adds to it. */
/** @type {Step} */
const readable = {
  name: 'readable',
  title: 'Readable for all',
  after: ['caches'],
  quiet: true,
  isCurrent: () => !hasClosed(forAll()) && ![root, lab()].some(closedToOthers),
  run: async (run) => {
    const how = { doing: 'Letting others read the installation' };
    await run('chmod', ['go+rX', root, lab()], how);
    await run('chmod', ['-R', 'go+rX', ...forAll()], how);
  },
};

/** What an installation needs that others are to use. */
export const sharedSteps = [caches, readable];

function forAll() {
  const top = readdirSync(root).filter((name) => !OWN.includes(name));
  const installed = INSTALLED.map((name) => lab(name)).filter((path) => existsSync(path));
  return [...top.map((name) => join(root, name)), ...installed];
}
