import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** @param {string} file @returns {string | undefined} its text; undefined if it cannot be read */
export function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Writes a file whole or not at all: readers never see half of it, whenever this process is killed.
 * @param {string} file
 * @param {string} text
 */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    remove(draft);
    throw error;
  }
}

/**
 * Removes a file or a folder with all in it; fine if there is none.
 * @param {string} path
 */
export function remove(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Puts a finished folder in the place of an older one.
 * @param {string} finished
 * @param {string} place
 */
export function replaceFolder(finished, place) {
  const old = `${place}.old`;
  remove(old);
  try {
    renameSync(place, old);
  } catch {
    // The first time there is nothing to replace.
  }
  renameSync(finished, place);
  remove(old);
}
