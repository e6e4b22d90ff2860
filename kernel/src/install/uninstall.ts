import { join } from 'node:path';
import { KernelError } from '../explained.js';
import type { Command } from './arguments.js';
import { kernelsFolder } from './folders.js';
import { readKernelspec, removeKernelspec } from './kernelspec.js';
import { again, type Surroundings } from './surroundings.js';

/**
 * Removes a kernelspec of this package, and its folder unless somebody else has put something there.
 * @throws KernelError NOT_INSTALLED, NOT_OURS, NO_ENVIRONMENT, NOT_WRITABLE
 */
export function uninstall({ place, name }: Command, here: Surroundings): void {
  const folder = join(kernelsFolder(place, here), name);
  const found = readKernelspec(folder);
  if (found === 'none') throw notInstalled(folder, here);
  if (found === 'foreign') throw notOurs(folder, name);
  const left = removeKernelspec(folder);
  here.say(`Removed “${found.display_name}”: ${folder}`);
  if (left.length > 0) here.say(`Left there, as it is not of this kernel: ${left.join(', ')}`);
}

function notInstalled(folder: string, here: Surroundings): KernelError {
  return new KernelError('NOT_INSTALLED', {
    what: 'Nothing was removed.',
    why: `There is no kernel in ${folder}`,
    fix: `To see where it is installed: ${again(here, 'status')}`,
  });
}

function notOurs(folder: string, name: string): KernelError {
  return new KernelError('NOT_OURS', {
    what: 'Nothing was removed.',
    why: `That is another kernel: ${folder}`,
    fix: `If it should go, Jupyter removes it: jupyter kernelspec remove ${name}`,
  });
}
