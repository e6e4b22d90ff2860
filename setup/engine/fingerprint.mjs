import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** @param {string | Buffer} content @returns {string} sha256 in hex */
export const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/**
 * One sum over values and over the names and contents of files.
 * @param {{ values?: unknown, files?: string[], base?: string }} parts file names count relative to `base`
 */
export function fingerprint({ values = null, files = [], base = '/' }) {
  const hash = createHash('sha256').update(JSON.stringify(values));
  for (const file of [...files].sort()) {
    const name = relative(base, file).split(sep).join('/');
    hash.update(`\0${name}\0${sha256(readFileSync(file))}`);
  }
  return hash.digest('hex');
}

/**
 * All files below a folder, at any depth.
 * @param {string} folder
 * @returns {string[]} whole paths
 */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
