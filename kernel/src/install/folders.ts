import { join, sep } from 'node:path';
import { KernelError } from '../explained.js';
import { statOf } from '../files.js';
import { again, type Surroundings } from './surroundings.js';

/** Where a kernelspec goes: as ipykernel's options say it. */
export type Place = { kind: 'user' } | { kind: 'sys-prefix' } | { kind: 'prefix'; prefix: string };

type Here = Pick<Surroundings, 'env' | 'platform' | 'home'>;

/** Where the kernelspecs of a place are. @throws KernelError NO_ENVIRONMENT */
export function kernelsFolder(place: Place, here: Here): string {
  if (place.kind === 'user') return join(dataFolder(here), 'kernels');
  const prefix = place.kind === 'prefix' ? place.prefix : environmentFolder(here);
  return join(prefix, 'share', 'jupyter', 'kernels');
}

/** What leads a command to a place again. */
export function optionsOf(place: Place): string[] {
  if (place.kind === 'prefix') return ['--prefix', place.prefix];
  return place.kind === 'user' ? [] : ['--sys-prefix'];
}

/** Where Jupyter looks, as far as that is known without asking it, and as far as this command can install there. */
export function placesSearched(here: Here): Place[] {
  const paths = (here.env['JUPYTER_PATH'] ?? '').split(':').filter((path) => path.endsWith(SHARE));
  const prefixes = [...paths.map((path) => path.slice(0, -SHARE.length)), '/usr/local', '/usr'];
  const isThere = statOf(activeEnvironment(here) ?? '')?.isDirectory();
  const environment: Place[] = isThere ? [{ kind: 'sys-prefix' }] : [];
  const others = prefixes.map((prefix): Place => ({ kind: 'prefix', prefix }));
  return [{ kind: 'user' }, ...environment, ...others];
}

const SHARE = [sep + 'share', 'jupyter'].join(sep);

/** The user's own data folder, as jupyter_core computes it. */
function dataFolder({ env, platform, home }: Here): string {
  if (env['JUPYTER_DATA_DIR']) return env['JUPYTER_DATA_DIR'];
  if (platform !== 'darwin')
    return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'jupyter');
  const asPlatform = !/^(no|n|false|off|0|0\.0)$/i.test(env['JUPYTER_PLATFORM_DIRS'] ?? 'no');
  return join(home, 'Library', ...(asPlatform ? ['Application Support', 'jupyter'] : ['Jupyter']));
}

/** A virtual environment is activated after, and so in front of, that of Conda. */
function activeEnvironment({ env }: Pick<Here, 'env'>): string | undefined {
  return env['VIRTUAL_ENV'] || env['CONDA_PREFIX'] || undefined;
}

function environmentFolder(here: Here): string {
  const folder = activeEnvironment(here);
  if (folder && statOf(folder)?.isDirectory()) return folder;
  throw new KernelError('NO_ENVIRONMENT', {
    what: 'Nothing was done.',
    why: folder
      ? `The active Python environment, ${folder}, is not there.`
      : 'No Python environment is active: neither VIRTUAL_ENV nor CONDA_PREFIX is set.',
    fix: `Activate it (source …/bin/activate) and try again, or name its folder: ${again(here, 'install', '--prefix')} FOLDER`,
  });
}
