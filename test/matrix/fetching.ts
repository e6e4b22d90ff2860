import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed, labDir } from '../../lib/src/paths.ts';
import { Children } from '../../setup/engine/child.mjs';
import { parseJarList } from '../../setup/steps/jar-list.mjs';
import { completeJars, fetching } from '../../setup/steps/jars.mjs';

/** Kept between runs, and nobody's class path but these tests'. */
const PLACE = join(labDir, 'matrix');
const LISTS = join(import.meta.dirname);

/** The jars of a Kafka that is listed here, each with the sum that the list says. @throws when one cannot be had */
export async function jarsOf(version: string): Promise<string[]> {
  const list = parseJarList(readFileSync(join(LISTS, `kafka-${version}.txt`), 'utf8'));
  const folder = join(PLACE, `kafka-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const { file } of list) {
    const known = installed().jars.find((path) => path.endsWith(`/${file}`));
    if (known && !existsSync(join(folder, file))) copyFileSync(known, join(folder, file));
  }
  const { run } = new Children(join(PLACE, 'fetching.log'));
  await completeJars(list, folder, fetching(run, join(PLACE, `repository-${version}`)));
  return list.map(({ file }) => join(folder, file));
}

/** The folder with node-20/bin/node and its siblings, as nodes/package-lock.json says. @throws when they cannot be had */
export async function nodes(): Promise<string> {
  const folder = join(PLACE, 'nodes');
  mkdirSync(folder, { recursive: true });
  const locked = readFileSync(join(LISTS, 'nodes', 'package-lock.json'), 'utf8');
  const kept = join(folder, 'node_modules', '.matrix-lock.json');
  if (existsSync(kept) && readFileSync(kept, 'utf8') === locked)
    return join(folder, 'node_modules');
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(LISTS, 'nodes', name), join(folder, name));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', args, { cwd: folder }).catch(({ stderr }) => {
    throw new Error(`Other versions of Node.js cannot be fetched: ${stderr}`);
  });
  copyFileSync(join(LISTS, 'nodes', 'package-lock.json'), kept);
  return join(folder, 'node_modules');
}
