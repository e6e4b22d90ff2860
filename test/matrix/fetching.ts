import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed, labDir } from '../../lib/src/paths.ts';
import { parseJarList } from '../../setup/steps/jar-list.mjs';
import { completeJars } from '../../setup/steps/jars.mjs';
import { ROOT } from '../support/command.ts';

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
  await completeJars(list, folder, async (missing, found) => {
    const coordinates = missing.map(({ coordinate }) => coordinate);
    const lines = await fetchJars(coordinates, join(PLACE, `repository-${version}`));
    for (const jar of missing) {
      const file = lines.get(jar.coordinate);
      if (file) found(jar, file);
    }
  });
  return list.map(({ file }) => join(folder, file));
}

/** Where each of them lies now. */
async function fetchJars(coordinates: string[], repository: string): Promise<Map<string, string>> {
  const script = join(ROOT, 'setup', 'python', 'fetch_jars.py');
  const child = spawn(installed().python, [script, repository]);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (errors += text));
  child.stdin.end(coordinates.join('\n'));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`Jars of another Kafka cannot be fetched: ${errors.trim()}`);
  return new Map(output.split('\n').map((line) => line.split('\t') as [string, string]));
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
