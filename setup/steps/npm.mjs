import { basename, join } from 'node:path';
import { textOf } from '../engine/files.mjs';
import { root } from '../engine/folders.mjs';
import { stampedStep } from '../engine/step.mjs';

const OPTIONS = [
  '--ignore-scripts', // No package here needs one.
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=10000',
];

/**
 * The packages of package-lock.json in node_modules/.
 * @param {{ withTools: boolean }} options also those that only tests and checks need
 */
export function npmPackages({ withTools }) {
  const present = () => holdsWhatTheLockSays({ withTools });
  const stamped = stampedStep({
    name: 'npm',
    title: 'npm packages',
    // Some packages hold programs for one platform, and node_modules/ may have come with the folder from another.
    fingerprint: () => `${process.platform}-${process.arch}`,
    present,
    make: (run) => {
      const [program, ...args] = npmProgram(process.env);
      // Said either way: NODE_ENV and npm's settings have a say in it too.
      const tools = withTools ? '--include=dev' : '--omit=dev';
      const doing = 'Installing the npm packages';
      return run(program, [...args, 'ci', tools, ...OPTIONS], {
        doing,
        env: withoutNpm(process.env),
      });
    },
  });
  // A developer's own `npm install` is as good.
  const isCurrent = () => stamped.isCurrent() || (!stamped.wasMade() && present());
  return { ...stamped, isCurrent };
}

/** npm notes what it installed in a lock file of node_modules' own, when it is done. */
/** @param {{ withTools: boolean }} options */
function holdsWhatTheLockSays(options) {
  const wanted = textOf(join(root, 'package-lock.json'));
  const have = textOf(join(root, 'node_modules', '.package-lock.json'));
  return Boolean(wanted && have && samePackages(JSON.parse(wanted), JSON.parse(have), options));
}

/**
 * @typedef {{ integrity?: string, optional?: boolean, dev?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} PackageLock
 * @param {PackageLock} wanted
 * @param {PackageLock} have may lack optional packages: those for other platforms
 * @param {{ withTools: boolean }} options without them `have` may lack development packages, too
 */
export function samePackages(wanted, have, { withTools }) {
  const installed = have.packages ?? {};
  const locked = Object.entries(wanted.packages ?? {}).filter(([, { integrity }]) => integrity);
  const names = new Set(locked.map(([name]) => name));
  return (
    locked.every(([name, { integrity, optional, dev, devOptional }]) => {
      const found = installed[name]?.integrity;
      const dispensable = optional || devOptional || (dev && !withTools);
      return found === integrity || (dispensable && !installed[name]);
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

const KEPT =
  /^npm_config_(registry|cache|userconfig|globalconfig|cafile|.*proxy|strict_ssl|\/\/.*)$/i;

/**
 * What `npm start --some-flag` hands down must not become a flag of the npm that we call.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} its npm variables, but for where packages come from, as undefined: not handed on
 */
export function withoutNpm(env) {
  const names = Object.keys(env).filter((name) => /^npm_/i.test(name) && !KEPT.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
