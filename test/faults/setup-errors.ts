import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Started } from '../support/command.ts';
import { type Clone, failed } from './clone.ts';
import type { Fault } from './series.ts';
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
  wrongSum(
    'a jar',
    /slf4j-api:\S+ differs from the file that was published: its checksum was wrong twice\.[\s\S]*npm run setup/,
    ['setup/java/kafka-jars.txt', /(:slf4j-api:\S+ \d+ )\w{8}/, '$100000000'],
    ['jars'],
    /^\$ .*fetch_jars\.py/gm,
  ),
  wrongSum(
    'an npm package',
    /A package differs from the one that was published: its checksum was wrong twice\.[\s\S]*npm cache clean --force && npm run setup/,
    ['package-lock.json', /(node_modules\/kafkajs":[\s\S]*?"sha512-)[\w+/]{8}/, '$1AAAAAAAA'],
    ['npm', 'node_modules'],
    /^\$ .* ci /gm,
  ),
  wrongSum(
    'a Python package',
    /A Python package differs from the one that was published: its checksum was wrong twice\.[\s\S]*UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 npm run setup/,
    [
      'setup/python/requirements.txt',
      /(attrs==[^#]*?sha256:)\w{8}([^#]*?sha256:)\w{8}/,
      '$100000000$200000000',
    ],
    ['python', '.lab/venv'],
    /^\$ .*pip sync/gm,
  ),
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
    told: /This is Node 18\.\d+\.\d+, which is too old[\s\S]*Node 20\.19\.\d+ or later[\s\S]*nvm install --lts/,
    skip: () => (process.platform === 'linux' ? undefined : 'its package is for Linux'),
    run: async (clone) => failed(clone.setUp({ node: await oldNode(clone) })),
  },
];

/**
 * What is fetched has not the sum that is listed: the list is changed, the outcome is the same.
 * @param change a file of the clone, and what in it is replaced by what
 * @param undo the step that has to fetch it, and its results
 * @param fetching a line of set-up's log: it was fetched
 */
function wrongSum(
  what: string,
  told: RegExp,
  [file, sum, wrong]: [string, RegExp, string],
  undo: [string, ...string[]],
  fetching: RegExp,
): Fault<Clone> {
  return {
    fault: `${what} with a wrong checksum`,
    told,
    run: async (clone) => {
      const before = readFileSync(clone.path(file), 'utf8');
      const times = () => clone.log().match(fetching)?.length ?? 0;
      clone.edit(file, (text) => text.replace(sum, wrong));
      if (readFileSync(clone.path(file), 'utf8') === before) throw new Error('No sum was changed.');
      await clone.undo(...undo);
      const outcome = await failed(clone.setUp());
      writeFileSync(clone.path(file), before);
      if (times() !== 2) throw new Error(`It was fetched ${times()} times, not twice.`);
      return outcome;
    },
  };
}

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
