import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KernelError, messageOf } from './explained.js';
import { name, version } from './package.js';

/** What whoever starts the kernel tells it: the arguments of its kernelspec. Without any, it runs by itself. */
export interface KernelOptions {
  /** The path of the connection file. */
  connectionFile: string;
  /** What kernel_info_reply says is the implementation; this package and its version, unless told. */
  name: string;
  version: string;
  /** Folders of libraries whose frames no traceback shows, besides the kernel's own. */
  hidden: string[];
  /** Folders from which a package is looked for, one after the other, that is not found from the notebook's own. */
  packages: string[];
  /** The file that logs what cells write after they have ended; without one, nothing is logged. */
  lateOutput?: string | undefined;
  /** The open descriptor of the server's log; by default it is what stderr leads to. */
  logDescriptor?: number | undefined;
}

const OPTIONS = {
  name: { type: 'string', default: name },
  version: { type: 'string', default: version },
  hide: { type: 'string', multiple: true, default: [] as string[] },
  packages: { type: 'string', multiple: true, default: [] as string[] },
  'late-output': { type: 'string' },
  'log-descriptor': { type: 'string' },
} as const;

/**
 * Reads `CONNECTION_FILE [--name=NAME] [--version=VERSION] [--hide=FOLDER …] [--packages=FOLDER …]
 * [--late-output=FILE] [--log-descriptor=NUMBER]`. No text may be empty.
 * @throws KernelError BAD_OPTION
 */
export function readOptions(args: string[]): KernelOptions {
  const { values, positionals } = parse(args);
  const {
    name,
    version,
    hide,
    packages,
    'late-output': lateOutput,
    'log-descriptor': log,
  } = values;
  const [connectionFile = '', ...more] = positionals;
  if (more.length > 0) throw refused(`There is one connection file, and no ${more.join(' ')}.`);
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''));
  if (empty) throw refused(`--${empty[0]} is empty.`);
  if (log !== undefined && !/^\d{1,6}$/.test(log))
    throw refused(`--log-descriptor is no number: “${log}”.`);
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  return {
    ...{ connectionFile, name, version },
    hidden: hide.map((folder) => resolve(folder)),
    packages: packages.map((folder) => resolve(folder)),
    lateOutput: absolute(lateOutput),
    logDescriptor: log === undefined ? undefined : Number(log),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [sentence = ''] = messageOf(error).split('. '); // the others tell of positional arguments
    throw refused(`${sentence}.`, error);
  }
}

function refused(why: string, cause?: unknown): KernelError {
  return new KernelError('BAD_OPTION', {
    what: 'The kernel cannot start.',
    why,
    fix: 'Correct the arguments in its kernelspec: jupyter kernelspec list shows where it is.',
    cause,
  });
}
