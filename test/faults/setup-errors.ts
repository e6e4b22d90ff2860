import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Started } from '../support/command.ts';
import { type Clone, failed } from './clone.ts';
import type { Fault } from './lanes.ts';
import { pythonErrors } from './setup-pythons.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/';
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** What can be wrong with the machine, the network and the folder. */
export const setupErrors: Fault<Clone>[] = [
  ...pythonErrors,
  {
    fault: 'npm registry unreachable',
    told: /A package registry could not be reached\.[\s\S]*npm[\s\S]*To mend it: Check the network .*npm run setup/,
    run: async (clone) => {
      await clone.undo('npm', 'node_modules/.package-lock.json');
      return failed(
        clone.setUp({
          env: { npm_config_registry: NOWHERE, npm_config_cache: newFolderIn(clone) },
        }),
      );
    },
  },
  {
    fault: 'PyPI unreachable (pip)',
    told: /A package registry could not be reached\.[\s\S]*PyPI[\s\S]*To mend it: Check the network .*npm run setup/,
    run: async (clone) => {
      await clone.undo('uv', '.lab/uv');
      return failed(clone.setUp({ env: { PIP_INDEX_URL: NOWHERE, PIP_NO_CACHE_DIR: '1' } }));
    },
  },
  {
    fault: 'PyPI unreachable (uv)',
    told: /A package registry could not be reached\.[\s\S]*PyPI[\s\S]*To mend it: Check the network .*npm run setup/,
    run: async (clone) => {
      await clone.undo('python', '.lab/venv');
      return failed(
        clone.setUp({
          env: { PIP_INDEX_URL: NOWHERE, UV_CACHE_DIR: newFolderIn(clone), UV_HTTP_RETRIES: '1' },
        }),
      );
    },
  },
  {
    fault: 'Maven Central unreachable',
    told: /A package registry could not be reached\.[\s\S]*Maven Central[\s\S]*To mend it: Check the network .*npm run setup/,
    run: async (clone) => {
      await clone.undo('jars', '.lab/java');
      const home = newFolderIn(clone);
      mkdirSync(join(home, '.config'));
      writeFileSync(join(home, '.config', 'jgo.conf'), `[repositories]\ncentral = ${NOWHERE}\n`);
      return failed(clone.setUp({ env: { HOME: home } }));
    },
  },
  {
    fault: 'a jar with a wrong checksum',
    told: /slf4j-api:\S+ is not the file that was published: its checksum is wrong, twice\.[\s\S]*npm run setup/,
    run: async (clone) => {
      const list = 'setup/java/kafka-jars.txt';
      const before = readFileSync(clone.path(list), 'utf8');
      clone.edit(list, (text) => text.replace(/(:slf4j-api:\S+ \d+ )\w{8}/, '$100000000'));
      const outcome = await failed(clone.setUp());
      writeFileSync(clone.path(list), before);
      const fetched = clone.log().match(/^\$ .*fetch_jars\.py/gm)?.length;
      if (fetched !== 2) throw new Error(`It was fetched ${fetched} times, not twice.`);
      return outcome;
    },
  },
  {
    fault: 'the folder belongs to somebody else',
    told: /A file of the lab cannot be written\.[\s\S]*sudo chown -R .*my kafka läb.*npm run setup/,
    skip: () => (isRoot ? undefined : 'only root can be another user'),
    run: async (clone) => {
      await clone.undo('jars');
      return failed(clone.setUp({ uid: NOBODY, env: { HOME: '/nonexistent' } }));
    },
  },
  {
    fault: 'Node too old (18)',
    told: /This is Node 18\.\d+\.\d+, which is too old[\s\S]*Node 20\.19 or later[\s\S]*nvm install --lts/,
    skip: () => (process.platform === 'linux' ? undefined : 'its package is for Linux'),
    run: async (clone) => failed(clone.setUp({ node: await oldNode(clone) })),
  },
];

const newFolderIn = (clone: Clone) => {
  const folder = clone.path('.lab', 'test-empty');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
};

/** The program of a Node 18, as the npm registry has it. */
async function oldNode(clone: Clone): Promise<string> {
  const folder = clone.path('.lab', 'test-node');
  const name = `node-linux-${process.arch}`;
  const args = [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@18.20.8`,
  ];
  const { code, output } = await new Started('npm', args).ended;
  if (code !== 0) throw new Error(output);
  return join(folder, 'node_modules', name, 'bin', 'node');
}
