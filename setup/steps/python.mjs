import { existsSync } from 'node:fs';
import { remove, replaceFolder } from '../engine/files.mjs';
import { fingerprint } from '../engine/fingerprint.mjs';
import { javaProgram, lab, pythonOf, root, setupFile, uvProgram } from '../engine/folders.mjs';
import { closedToOthers, isShared } from '../engine/others.mjs';
import { stampedStep } from '../engine/step.mjs';
import { findPython } from './find-python.mjs';

/** @typedef {import('../engine/step.mjs').Run} Run */
/** @typedef {import('./find-python.mjs').Python} Python */

const platform = `${process.platform}-${process.arch}`;
const uvList = setupFile('python', 'uv.txt');

/** uv, which installs the rest ten times as fast as pip. */
export const uv = stampedStep({
  name: 'uv',
  title: 'uv, which installs Python packages',
  fingerprint: () => fingerprint({ values: platform, files: [uvList], base: root }),
  present: () => existsSync(uvProgram()),
  make: async (run) => {
    const python = await findPython();
    const draft = lab('uv.new');
    remove(draft);
    await (python.pip ? installBeside(run, python, draft) : installInside(run, python, draft));
    replaceFolder(draft, lab('uv'));
  },
});

/** JupyterLab, its tools, Java, and what fetches jars. */
export const python = environmentStep({
  name: 'python',
  title: 'Python environment: JupyterLab, Java',
  venv: lab('venv'),
  list: setupFile('python', 'requirements.txt'),
  proof: () => existsSync(javaProgram()),
});

/** Other people's runners of notebooks, which only the tests need. */
export const testTools = environmentStep({
  name: 'test-tools',
  title: 'Python environment of the tests',
  venv: lab('venv-test'),
  list: setupFile('python', 'requirements-test.txt'),
});

/** @param {{ name: string, title: string, venv: string, list: string, proof?: () => boolean }} options */
function environmentStep({ name, title, venv, list, proof = () => true }) {
  // An environment holds its own path, so a folder that was moved needs a new one.
  const place = fingerprint({ values: [platform, venv] });
  return stampedStep({
    name,
    title,
    after: ['uv'],
    fingerprint: () => `${place} ${fingerprint({ files: [list], base: root })}`,
    present: () => existsSync(pythonOf(venv)) && isForAll(venv) && proof(),
    make: async (run, last) => {
      const how = { doing: `Installing the ${title}`, env: uvEnvironment(process.env) };
      // What was interrupted is begun anew; what was whole is only brought up to date.
      if (!last?.startsWith(place)) {
        const { executable } = await findPython();
        await run(
          uvProgram(),
          ['venv', '--clear', '--no-project', '--python', executable, venv],
          how,
        );
      }
      // What the owner of a shared installation has added, such as a hub's packages, stays.
      const install = isShared() ? ['install', '--requirements'] : ['sync'];
      const [verb, ...before] = install;
      const options = ['--require-hashes', '--python', pythonOf(venv)];
      await run(uvProgram(), ['pip', `${verb}`, ...options, ...before, list], how);
    },
  });
}

/** @param {string} venv whether all that are to use it may run its Python */
function isForAll(venv) {
  return !isShared() || !closedToOthers(pythonOf(venv));
}

const PIP = ['-m', 'pip', 'install', '--no-deps', '--only-binary', ':all:', '--require-hashes'];

const pipEnvironment = {
  // Settings of the user's own pip that would send the package elsewhere.
  PIP_USER: '0',
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
  PIP_RETRIES: '2',
};

/**
 * Three times as fast as an environment with a pip of its own.
 * @param {Run} run
 * @param {Python} python
 * @param {string} folder
 */
function installBeside(run, { executable }, folder) {
  const how = { doing: 'Installing uv', env: pipEnvironment };
  return run(executable, [...PIP, '--target', folder, '--requirement', uvList], how);
}

/**
 * For a Python without pip, such as Debian's.
 * @param {Run} run
 * @param {Python} python
 * @param {string} folder
 */
async function installInside(run, { executable }, folder) {
  const how = { doing: 'Installing uv', env: pipEnvironment };
  await run(executable, ['-m', 'venv', folder], how);
  await run(pythonOf(folder), [...PIP, '--requirement', uvList], how);
}

/** @param {NodeJS.ProcessEnv} env */
function uvEnvironment(env) {
  const mirror = env['PIP_INDEX_URL'];
  return {
    UV_NO_PROGRESS: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    // Somebody who told pip where packages come from meant uv as well.
    ...(mirror && { UV_DEFAULT_INDEX: mirror }),
  };
}
