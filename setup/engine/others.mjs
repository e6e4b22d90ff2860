import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lab, root } from './folders.mjs';
import { Problem } from './problem.mjs';

// What users of this machine may do with an installation that one of them has made for all.

const READ = 0o004;
const PASS = 0o001;

/** Written by `npm run setup -- --shared`; what is installed from then on is for all. */
export const sharedMark = lab('shared');

export const isShared = () => existsSync(sharedMark);

/**
 * The first folder or file on the way to a path that others may not pass or read; undefined if they may use what is there.
 * @param {string} path where links lead is looked at, too
 * @returns {string | undefined}
 */
export function closedToOthers(path) {
  const real = realpathSync(path);
  return waysTo(real).find((part, i, parts) => {
    const needed = i === parts.length - 1 ? READ : PASS;
    return (statSync(part).mode & needed) === 0;
  });
}

/** @param {string} path @returns {string[]} its folders from the top, and itself */
function waysTo(path) {
  const above = dirname(path);
  return above === path ? [path] : [...waysTo(above), path];
}

/**
 * Refuses a folder, or a Node.js, that others cannot get to: no set-up can mend that.
 * @throws {Problem}
 */
export function requireOpenPlace() {
  const folder = waysTo(realpathSync(dirname(root))).find(
    (part) => (statSync(part).mode & PASS) === 0,
  );
  if (folder) {
    throw new Problem(`Others cannot get to the folder of the lab, ${root}.`, {
      why: `${folder} is closed to them.`,
      fix: 'Clone the lab to a place that all may read, such as /opt/kafka-lab, then run in it: npm run setup -- --shared',
    });
  }
  const node = closedToOthers(process.execPath);
  if (node) {
    throw new Problem(`Others cannot run Node.js, which is ${process.execPath}.`, {
      why: `${node} is closed to them: version managers keep Node.js in a home folder.`,
      fix: 'Install Node.js for all, such as below /usr/local, then run with it: npm run setup -- --shared',
    });
  }
}

/**
 * Refuses to set up what others have set up for all.
 * @throws {Problem}
 */
export function requireOwnInstallation() {
  if (!isShared() || isWritable(lab())) return;
  throw new Problem(
    'This installation of the lab is not up to date, and not yours to bring up to date.',
    {
      why: `Its folder, ${root}, is shared by those who use it.`,
      fix: 'Whoever has set it up runs: npm run setup -- --shared',
    },
  );
}

/** @param {string} path */
function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether there is something below these paths that others cannot read.
 * @param {string[]} paths
 * @returns {boolean}
 */
export function hasClosed(paths) {
  return paths.some((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || found.isSymbolicLink()) return false;
    const needed = found.isDirectory() ? READ | PASS : READ;
    if ((found.mode & needed) !== needed) return true;
    return found.isDirectory() && hasClosed(readdirSync(path).map((name) => join(path, name)));
  });
}
