import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { closedToOthers, isShared } from '../engine/others.mjs';
import { Problem } from '../engine/problem.mjs';

const execute = promisify(execFile);

/** Where `python3` is too old, a newer one is often there under its full name. */
const NAMES = [
  'python3',
  'python',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
];

/** Asked where all that serve on the PATH are their user's alone. */
const FOR_ALL = ['/usr/local/bin/python3', '/usr/bin/python3'];

const OLDEST = [3, 10];

const QUESTION = `
import json, sys
try:
    from importlib.util import find_spec
    has = lambda name: find_spec(name) is not None
except ImportError:
    has = lambda name: False
print(json.dumps(dict(executable=sys.executable, version=list(sys.version_info[:3]), pip=has('pip'), ensurepip=has('ensurepip'))))`;

/** @typedef {{ executable: string, version: number[], pip: boolean, ensurepip: boolean }} Python */

/** A program of that name that does not run: a shim without its Python, a broken installation. */
export class BrokenPython {
  /** @param {string} command @param {string} said why, or how it ended */
  constructor(command, said) {
    this.command = command;
    this.said = said;
  }
}

/**
 * What was asked and is not taken.
 * @typedef {{ found: Python[], broken: BrokenPython[], kept: { python: Python, by: string }[] }} Refused
 */

/**
 * The Python to install with: the one in PYTHON, else the first on the PATH that will do.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(command: string) => Promise<Python | BrokenPython | undefined>} [ask]
 * @param {(path: string) => string | undefined} [closed] what keeps those from a Python who are to run it
 * @returns {Promise<Python>}
 * @throws {Problem} if there is none, or only older ones, or ones without pip, or ones that do not run
 */
export async function findPython(env = process.env, ask = askPython, closed = closedToUsers) {
  const own = env['PYTHON'];
  const refused = /** @type {Refused} */ ({ found: [], broken: [], kept: [] });
  const first = (/** @type {string[]} */ names) => firstOf(names, { ask, closed, refused });
  let python = await first(own ? [own] : NAMES);
  if (!own && refused.kept.length > 0) python ??= await first(FOR_ALL);
  if (python) return python;
  const { found, broken, kept } = refused;
  throw kept[0] ? keptFromOthers(kept[0]) : whyNone(found, broken, own);
}

/**
 * @param {string[]} names
 * @param {{ ask: typeof askPython, closed: typeof closedToUsers, refused: Refused }} how
 */
async function firstOf(names, { ask, closed, refused: { found, broken, kept } }) {
  for (const name of names) {
    const python = await ask(name);
    if (python instanceof BrokenPython) broken.push(python);
    else if (!python || !isUsable(python)) found.push(...(python ? [python] : []));
    else {
      const by = closed(python.executable);
      if (!by) return python;
      kept.push({ python, by });
    }
  }
  return undefined;
}

/** @param {string} path */
const closedToUsers = (path) => (isShared() ? closedToOthers(path) : undefined);

/** @param {{ python: Python, by: string }} kept */
function keptFromOthers({ python, by }) {
  return new Problem(
    `${named(python)} cannot be run by others, who are to share this installation.`,
    {
      why: `${by} is closed to them: uv, pyenv and conda keep Python in a home folder.`,
      fix: 'Name one that all may run, such as that of the system: PYTHON=/usr/bin/python3 npm run setup -- --shared',
    },
  );
}

/** @param {Python} python */
const isUsable = (python) => isNewEnough(python) && (python.pip || python.ensurepip);

/** @param {Python} python */
function isNewEnough({ version: [major = 0, minor = 0] }) {
  const [wantMajor = 0, wantMinor = 0] = OLDEST;
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}

/** @param {string} command @returns {Promise<Python | BrokenPython | undefined>} undefined if there is no such program */
async function askPython(command) {
  try {
    const { stdout } = await execute(command, ['-c', QUESTION], { timeout: 20_000 });
    return JSON.parse(stdout);
  } catch (cause) {
    const error = /** @type {NodeJS.ErrnoException & { stderr?: string, killed?: boolean }} */ (
      cause
    );
    if (error.code === 'ENOENT') return undefined;
    const lines = error.stderr?.trim().split('\n') ?? [];
    // A traceback ends with its reason; whoever else complains begins with it.
    const reason = lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0];
    return new BrokenPython(command, reason || (error.killed ? 'nothing for 20 s' : error.message));
  }
}

/** @param {Python[]} found @param {BrokenPython[]} broken @param {string | undefined} own */
function whyNone(found, broken, own) {
  const bare = found.find(isNewEnough);
  if (bare) {
    return new Problem(`${named(bare)} has neither pip nor ensurepip.`, {
      why: 'Set-up installs JupyterLab with one of them; Debian and Ubuntu package them separately.',
      fix: 'sudo apt install python3-venv && npm run setup',
    });
  }
  const [old] = found;
  const install = `${howToInstall()}, or name one: PYTHON=/path/to/python3 npm run setup`;
  if (old) {
    const why = 'The lab needs Python 3.10 or later.';
    return new Problem(`${named(old)} is too old.`, { why, fix: install });
  }
  const [dead] = broken;
  if (dead) {
    const why = `It says: ${dead.said}`;
    return new Problem(`${dead.command} is there, but does not run.`, { why, fix: install });
  }
  return new Problem(own ? `PYTHON does not name a Python: ${own}` : 'No Python was found.', {
    why: 'JupyterLab and Java are installed with Python 3.10 or later, called python3 or python on the PATH.',
    fix: install,
  });
}

/** @param {Python} python */
const named = ({ executable, version }) => `Python ${version.join('.')} (${executable})`;

function howToInstall() {
  if (process.platform === 'darwin') return 'brew install python';
  if (existsSync('/etc/debian_version')) return 'sudo apt install python3 python3-venv';
  return 'Install Python from python.org';
}
