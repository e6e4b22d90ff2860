import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { typescriptVersion } from '../checker/typescript7.js';
import { statOf } from '../files.js';
import { name as ownName, version } from '../package.js';
import type { Command } from './arguments.js';
import { kernelsFolder, optionsOf, type Place, placesSearched } from './folders.js';
import { defaultDisplayName } from './install.js';
import { type Kernelspec, type Run, readKernelspec, runOf } from './kernelspec.js';
import { again, type Surroundings } from './surroundings.js';

interface Found {
  place: Place;
  name: string;
  folder: string;
  spec: Kernelspec;
}

/** Says where the kernel is installed, and of each place what is wrong with it. Returns whether all is well. */
export function status({ place }: Command, here: Surroundings): boolean {
  const typescript = typescriptVersion();
  here.say(`${ownName} ${version}, TypeScript ${typescript}, Node.js ${here.nodeVersion}`);
  const told = place.kind === 'prefix' ? [place] : [];
  const found = installed([...placesSearched(here), ...told], here);
  if (found.length === 0) {
    here.say(`No Jupyter knows it yet. Install it with: ${again(here, 'install')}`);
    return false;
  }
  return found.map((each) => tell(each, here)).every(Boolean);
}

function installed(places: Place[], here: Surroundings): Found[] {
  const found = new Map<string, Found>(); // one folder may be more than one place
  for (const place of places) {
    const folder = kernelsFolder(place, here);
    for (const name of namesIn(folder)) {
      const spec = readKernelspec(join(folder, name));
      if (typeof spec === 'string' || found.has(join(folder, name))) continue;
      found.set(join(folder, name), { place, name, folder: join(folder, name), spec });
    }
  }
  return [...found.values()];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // there are none, or they are not for us
  }
}

function tell(found: Found, here: Surroundings): boolean {
  const { folder, spec } = found;
  here.say('');
  here.say(`“${spec.display_name}”: ${folder}`);
  const run = runOf(spec);
  const versions = run && versionsOf(run.main);
  if (run) here.say(`  runs ${run.main}${versions ? ` (${versions})` : ''}\n  by   ${run.node}`);
  const wrong = wrongWith(run, versions);
  if (wrong === undefined) return true;
  here.say(`  It cannot start: ${wrong}.`);
  here.say(`  Mend it with: ${mending(found, here)}`);
  return false;
}

function wrongWith(run: Run | undefined, versions: string | undefined): string | undefined {
  if (!run) return 'its command is not one that install writes';
  const gone = [run.node, run.main].find((path) => !statOf(path)?.isFile());
  if (gone) return `${gone} is gone`;
  return versions ? undefined : 'its package, or TypeScript beside it, cannot be read';
}

function mending({ place, name, spec }: Found, here: Surroundings): string {
  const named = name === ownName ? [] : ['--name', name];
  const isTitled = spec.display_name !== defaultDisplayName();
  const titled = isTitled ? ['--display-name', spec.display_name] : [];
  return again(here, 'install', ...optionsOf(place), ...named, ...titled);
}

/** Of the package that a kernelspec runs; undefined if it cannot be read. */
function versionsOf(main: string): string | undefined {
  try {
    const path = join(dirname(main), '..', 'package.json');
    const own = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    const { version: typescript } = createRequire(main)('typescript/package.json');
    return `${own.version}, TypeScript ${typescript}`;
  } catch {
    return undefined;
  }
}
