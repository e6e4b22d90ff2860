import { delimiter } from 'node:path';
import { root } from './folders.mjs';
import { Problem } from './problem.mjs';

/**
 * Refuses a folder in which the lab cannot work. Blanks, quotes, commas and letters of any language are no trouble.
 * @param {string} [path] of the checkout
 * @throws {Problem}
 */
export function requireUsablePlace(path = root) {
  const [control] = /[\x00-\x1f\x7f]/.exec(path) ?? [];
  if (control) throw unusable(path, 'a line break or another control character', 'npm and Python');
  if (path.includes(delimiter)) throw unusable(path, `'${delimiter}'`, "Java's class path");
}

/** @param {string} path @param {string} what @param {string} who */
function unusable(path, what, who) {
  return new Problem(`The lab cannot work in the folder ${JSON.stringify(path)}.`, {
    why: `Its path has ${what} in it, which ${who} cannot have.`,
    fix: 'Move the folder to a path without it, then run in it: npm run setup',
  });
}
