import { basename, join } from 'node:path';
import { root } from '../engine/folders.mjs';
import { textOf } from '../engine/files.mjs';
import { stampedStep } from '../engine/step.mjs';

const OPTIONS = [
  '--include=dev', // Also where NODE_ENV says production: the build needs TypeScript.
  '--ignore-scripts', // No package here needs one.
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=10000',
];

const stamped = stampedStep({
  name: 'npm',
  title: 'npm packages',
  // Some packages hold programs for one platform, and node_modules/ may have come with the folder from another.
  fingerprint: () => `${process.platform}-${process.arch}`,
  present: holdsWhatTheLockSays,
  make: (run) => {
    const [program, ...args] = npmProgram(process.env);
    const doing = 'Installing the npm packages';
    return run(program, [...args, 'ci', ...OPTIONS], { doing, env: withoutNpm(process.env) });
  },
});

/** The packages of package-lock.json in node_modules/. */
export const npm = {
  ...stamped,
  // A developer's own `npm install` is as good.
  isCurrent: () => stamped.isCurrent() || (!stamped.wasMade() && holdsWhatTheLockSays()),
};

/** npm notes what it installed in a lock file of node_modules' own, when it is done. */
function holdsWhatTheLockSays() {
  const wanted = textOf(join(root, 'package-lock.json'));
  const have = textOf(join(root, 'node_modules', '.package-lock.json'));
  return Boolean(wanted && have && samePackages(JSON.parse(wanted), JSON.parse(have)));
}

/**
 * @typedef {{ packages?: Record<string, { integrity?: string, optional?: boolean }> }} PackageLock
 * @param {PackageLock} wanted
 * @param {PackageLock} have may lack optional packages: those for other platforms
 */
export function samePackages(wanted, have) {
  const installed = have.packages ?? {};
  const locked = Object.entries(wanted.packages ?? {}).filter(([, { integrity }]) => integrity);
  const names = new Set(locked.map(([name]) => name));
  return (
    locked.every(([name, { integrity, optional }]) => {
      const found = installed[name]?.integrity;
      return found === integrity || (optional && !installed[name]);
    }) && Object.entries(installed).every(([name, { integrity }]) => !integrity || names.has(name))
  );
}

/**
 * How to call the npm that called us, else the one on the PATH.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
export function npmProgram(env) {
  const caller = env['npm_execpath'];
  if (caller && basename(caller) === 'npm-cli.js') return [process.execPath, caller];
  return ['npm'];
}

const KEPT = /^npm_config_(registry|cache|userconfig|globalconfig|cafile|.*proxy|strict_ssl|\/\/.*)$/i;

/**
 * What `npm start --some-flag` hands down must not become a flag of the npm that we call.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} its npm variables, but for where packages come from, as undefined: not handed on
 */
export function withoutNpm(env) {
  const names = Object.keys(env).filter((name) => /^npm_/i.test(name) && !KEPT.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
