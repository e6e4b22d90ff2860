import { remove, textOf, writeWhole } from './files.mjs';
import { lab } from './folders.mjs';

/**
 * One thing that set-up does.
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title what people read
 * @property {string[]} after names of the steps that must have succeeded before
 * @property {boolean} [quiet] too short for a line of its own
 * @property {() => boolean} isCurrent nothing to do; looks, never writes
 * @property {(run: Run) => Promise<void>} run
 */

/** @typedef {import('./child.mjs').Run} Run runs a program to its end */

/**
 * A step that is current if the fingerprint of what it was made from is the one recorded when it last succeeded.
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.title
 * @param {string[]} [options.after]
 * @param {() => string} options.fingerprint of everything that the result depends on
 * @param {() => boolean} options.present whether the result is still there
 * @param {(run: Run, last: string | undefined) => Promise<void>} options.make `last`: recorded if what is there is whole
 * @param {string} [options.stamps] folder of the records
 * @returns {Step & { wasMade: () => boolean }} `wasMade`: set-up itself has made what is there
 */
export function stampedStep({ name, title, after = [], fingerprint, present, make, stamps }) {
  const stamp = `${stamps ?? lab('stamps')}/${name}`;
  return {
    name,
    title,
    after,
    wasMade: () => textOf(stamp) !== undefined,
    isCurrent: () => textOf(stamp) === fingerprint() && present(),
    run: async (run) => {
      const wanted = fingerprint();
      const last = present() ? textOf(stamp) : undefined;
      // From here on what is there may be half of the old and half of the new.
      remove(stamp);
      await make(run, last);
      writeWhole(stamp, wanted);
    },
  };
}

/**
 * A step that writes small files, current if they say what they should.
 * @param {{ name: string, title: string, after: string[], files: () => Record<string, string> }} options `files`: text by path
 * @returns {Step}
 */
export function filesStep({ name, title, after, files }) {
  return {
    name,
    title,
    after,
    quiet: true,
    isCurrent: () => Object.entries(files()).every(([file, text]) => textOf(file) === text),
    run: async () => {
      for (const [file, text] of Object.entries(files())) writeWhole(file, text);
    },
  };
}
