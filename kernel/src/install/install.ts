import { join, sep } from 'node:path';
import { typescriptVersion } from '../checker/typescript7.js';
import { KernelError } from '../explained.js';
import { engines, name as ownName } from '../package.js';
import type { Command } from './arguments.js';
import { kernelsFolder } from './folders.js';
import { kernelspecOf, readKernelspec, writeKernelspec } from './kernelspec.js';
import { again, quoted, type Surroundings } from './surroundings.js';

/** What JupyterLab's launcher shows, unless told. */
export const defaultDisplayName = () => `TypeScript ${typescriptVersion().split('.')[0]}`;

/**
 * Writes a kernelspec, in place of an earlier one of this package.
 * @throws KernelError NOT_SUPPORTED, NOT_LASTING, NO_ENVIRONMENT, NOT_OURS, NOT_WRITABLE
 */
export function install(command: Command, here: Surroundings): void {
  checkNode(here);
  checkLasting(here);
  const { place, name, displayName = defaultDisplayName() } = command;
  const folder = join(kernelsFolder(place, here), name);
  const before = readKernelspec(folder);
  if (before === 'foreign') throw notOurs(folder, name, here);
  writeKernelspec(folder, kernelspecOf(here, displayName));
  here.say(`${before === 'none' ? 'Installed' : 'Replaced'} “${displayName}”: ${folder}`);
  here.say(`It runs ${here.main}`);
  here.say(`      by ${here.node}`);
  here.say(`After you moved or removed one of them: ${again(here, 'status')}`);
  if (place.kind === 'prefix')
    here.say(
      `The Jupyter of ${place.prefix} finds it; any other one with JUPYTER_PATH=${quoted(join(place.prefix, 'share', 'jupyter'))}`,
    );
}

function checkNode({ nodeVersion }: Surroundings): void {
  const least = engines.node.replace(/^>=/, '');
  const parts = (version: string) => version.split('.').map(Number);
  const [is, must] = [parts(nodeVersion), parts(least)];
  const at = is.findIndex((part, index) => part !== must[index]);
  if (at < 0 || (is[at] ?? 0) > (must[at] ?? 0)) return;
  throw new KernelError('NOT_SUPPORTED', {
    what: 'Nothing was done.',
    why: `This is Node.js ${nodeVersion}, and the kernel needs ${least} or later.`,
    fix: `Install a later one, then run this command with it.`,
  });
}

/** A kernelspec names files: they have to stay where they are. */
function checkLasting({ main }: Surroundings): void {
  if (!main.includes(`${sep}_npx${sep}`)) return;
  throw new KernelError('NOT_LASTING', {
    what: 'Nothing was done.',
    why: `npx runs ${ownName} from its cache, which may be emptied at any time.`,
    fix: `Install the package in a folder that stays (npm install PACKAGE, or npm install --global PACKAGE) and run there: npx ${ownName} install`,
  });
}

function notOurs(folder: string, name: string, here: Surroundings): KernelError {
  return new KernelError('NOT_OURS', {
    what: 'Nothing was done.',
    why: `There is another kernel named ${name}: ${folder}`,
    fix: `Choose another name: ${again(here, 'install', '--name')} NAME. Or remove that one: jupyter kernelspec remove ${name}`,
  });
}
