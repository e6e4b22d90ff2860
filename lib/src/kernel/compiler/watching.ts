import type * as TypeScript from '@tslab/typescript-for-tslab';

const NOTHING = { close: () => {} };

/**
 * The system without an eye on what does not change what cells run: packages and declarations. What is loaded stays
 * loaded until the kernel is restarted, so their types may stay, too. tslab can bear no more than one change at a time:
 * a package that is built anew under a running kernel changes many, and every later cell would fail.
 */
export function withoutWatching(system: TypeScript.System): TypeScript.System {
  const watchFile: TypeScript.System['watchFile'] = (path, ...rest) =>
    isWatched(path) ? (system.watchFile?.(path, ...rest) ?? NOTHING) : NOTHING;
  return Object.assign(Object.create(system), { watchFile, watchDirectory: () => NOTHING });
}

/** Sources beside the notebook, which are run anew when they change, and the two files by which tslab hands over cells. */
function isWatched(path: string): boolean {
  if (path.endsWith('/__prev__.d.ts')) return true;
  return /(?<!\.d)\.[cm]?[tj]sx?$/.test(path) && !path.includes('/node_modules/');
}
