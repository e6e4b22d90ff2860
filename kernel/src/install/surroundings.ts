import { homedir } from 'node:os';
import { join } from 'node:path';
import { name } from '../package.js';
import { KERNEL } from '../places.js';

/** What the commands know of where they run; tests give their own. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  home: string;
  /** The program that is to run the kernel, and what it runs: absolute paths. */
  node: string;
  main: string;
  /** Of that program, such as 20.19.4. */
  nodeVersion: string;
  /** Prints one line. */
  say: (line: string) => void;
  complain: (line: string) => void;
}

export function surroundings(): Surroundings {
  return {
    ...{ env: process.env, platform: process.platform, home: homedir() },
    ...{ node: process.execPath, nodeVersion: process.versions.node },
    main: join(KERNEL, 'main.js'),
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
  };
}

/** A command of this package, as it can be run again: by npx where npx ran this one. */
export function again({ env }: Pick<Surroundings, 'env'>, ...args: string[]): string {
  const words = [...(env['npm_command'] === 'exec' ? ['npx'] : []), name, ...args];
  return words.map(quoted).join(' ');
}

/** A word as a shell reads it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
