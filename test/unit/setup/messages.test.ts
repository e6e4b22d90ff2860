import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../setup/engine/diagnosis.mjs';
import { requireUsablePlace } from '../../../setup/engine/place.mjs';
import { Problem } from '../../../setup/engine/problem.mjs';
import { isNewEnough, OLDEST_NODE } from '../../../setup/node-version.mjs';
import { findPython } from '../../../setup/steps/find-python.mjs';
import { npmProgram, samePackages, withoutNpm } from '../../../setup/steps/npm.mjs';

test.each([
  ['The disk is full.', 'npm error ENOSPC: no space left on device, write'],
  ['The disk is full.', 'error: Failed to install\n  cause: No space left on device (os error 28)'],
  ['A package registry could not be reached.', 'npm error code ECONNREFUSED'],
  ['A package registry could not be reached.', "after connection broken by 'NewConnectionError(…"],
  ['A package registry could not be reached.', 'dns error: failed to lookup address information'],
  ['A file of the lab cannot be written.', "EACCES: permission denied, mkdir '.lab'"],
  ['A file of the lab cannot be written.', 'EROFS: read-only file system'],
  ['A package differs from the one that was published', 'npm error code EINTEGRITY'],
  [
    'A Python package differs from the one that was published',
    '  Hash mismatch for `attrs==26.1.0`',
  ],
  [
    'A Python package differs from the one that was published',
    'THESE PACKAGES DO NOT MATCH THE HASHES FROM',
  ],
  ['A registry could not be trusted', 'npm error code SELF_SIGNED_CERT_IN_CHAIN'],
  ['A registry could not be trusted', 'invalid peer certificate: UnknownIssuer'],
])('%s %s', (what, output) => {
  const problem = diagnose(new Error('npm ended with code 1.'), { doing: 'Installing', output });
  expect(problem.message).toContain(what);
  expect(problem.fix).toContain('npm run setup');
  expect(problem.output).toBe(output);
});

test.each([
  ["EACCES: permission denied, mkdir '/home/ann/.npm/_cacache'", '/home/ann/.npm/_cacache'],
  [
    'npm error code EACCES\nnpm error syscall mkdir\nnpm error path /ro/.npm\nnpm error errno EACCES',
    '/ro/.npm',
  ],
  [
    'error: failed to create directory `/home/ann/.cache/uv`: Read-only file system (os error 30)',
    '/home/ann/.cache/uv',
  ],
])('what cannot be written outside of the folder is told by its path: %s', (output, path) => {
  const problem = diagnose(new Error('It ended with code 1.'), { doing: 'Installing', output });
  expect(problem.message).toBe(`${path} cannot be written.`);
  expect(problem.fix).toMatch(/npm_config_cache=.* UV_CACHE_DIR=.*npm run setup/);
  expect(problem.fix).not.toContain('chown');
});

test('what cannot be written in the folder is still the folder’s', () => {
  const output = `EACCES: permission denied, mkdir '${process.cwd()}/.lab/venv'`;
  expect(diagnose(new Error(output), { doing: 'Installing' }).fix).toContain('chown');
});

test.each(['/home/ann/lab\nnew', '/home/ann/a:b', '/tmp/\x1b[31mlab'])(
  '%j is refused by name',
  (path) => {
    expect(() => requireUsablePlace(path)).toThrow(JSON.stringify(path));
  },
);

test.each(["/home/ann/my lab, 'new' ä % # [1]"])('%j is no trouble', (path) => {
  expect(() => requireUsablePlace(path)).not.toThrow();
});

test('an unknown failure keeps its own words', () => {
  const problem = diagnose(new Error('tsc ended with code 2.'), {
    doing: 'Building',
    fix: 'Mend it',
  });
  expect(problem).toMatchObject({
    message: 'Building failed.',
    why: 'tsc ended with code 2.',
    fix: 'Mend it',
  });
  expect(diagnose(problem, { doing: 'Else' })).toBe(problem);
});

test.each([
  ['20.18.9', false],
  ['20.19.3', false],
  ['20.19.4', true],
  ['18.99.0', false],
  ['22.0.0', true],
  ['26.1.0', true],
])('Node %s: %s', (version, expected) => expect(isNewEnough(version)).toBe(expected));

test('package.json asks for the same Node', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines.node).toBe(`>=${OLDEST_NODE}`);
});

const python = (version: number[], pip = true, ensurepip = true) => ({
  executable: '/py',
  version,
  pip,
  ensurepip,
});
const found = (pythons: Record<string, ReturnType<typeof python>>, env = {}) =>
  findPython(
    env,
    async (name) => pythons[name],
    () => undefined,
  );

test('the first Python that will do is taken, one named by PYTHON before all', async () => {
  const [old, good, bare] = [
    python([3, 9, 1]),
    python([3, 12, 0]),
    python([3, 14, 0], false, false),
  ];
  await expect(found({ python3: old, 'python3.12': good })).resolves.toBe(good);
  await expect(found({ python3: bare, python: good })).resolves.toBe(good);
  await expect(
    found({ python3: python([3, 13, 0]), '/own': good }, { PYTHON: '/own' }),
  ).resolves.toBe(good);
  await expect(found({ python3: python([4, 0, 0]) })).resolves.toBeDefined();
});

test.each([
  ['No Python was found.', {}, {}],
  ['PYTHON does not name a Python: /own', { python3: python([3, 12, 0]) }, { PYTHON: '/own' }],
  ['Python 3.9.1 (/py) is too old.', { python3: python([3, 9, 1]) }, {}],
  [
    'Python 3.12.0 (/py) has neither pip nor ensurepip.',
    { python3: python([3, 12, 0], false, false) },
    {},
  ],
])('%s', async (what, pythons, env) => {
  const problem = await found(pythons, env).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).message).toBe(what);
  expect((problem as Problem).fix).toContain('npm run setup');
});

test('node_modules is what the lock says if all but packages for other platforms are there, and no more', () => {
  const a = { integrity: 'a' };
  const tool = { integrity: 't', dev: true };
  const mac = { integrity: 'm', optional: true };
  const wanted = { packages: { '': {}, lib: {}, a, tool, mac } };
  const same = (packages: object, withTools = false) =>
    samePackages(wanted, { packages: { ...packages } }, { withTools });
  expect(same({ lib: {}, a })).toBe(true);
  expect(same({ lib: {}, a }, true)).toBe(false);
  expect(same({ lib: {}, a, tool })).toBe(true);
  expect(same({ lib: {}, a, tool }, true)).toBe(true);
  expect(same({ lib: {}, tool })).toBe(false);
  expect(same({ a: { integrity: 'old' } })).toBe(false);
  expect(same({ a, tool: { integrity: 'old' } })).toBe(false);
  expect(same({ a, mac: { integrity: 'old' } })).toBe(false);
  expect(same({ a, removed: { integrity: 'r' } })).toBe(false);
});

test('npm inside npm: the same program, without the flags of the outer one, but with its registry', () => {
  const env = {
    npm_execpath: '/x/npm-cli.js',
    npm_config_dry_run: 'true',
    npm_package_name: 'x',
    npm_config_registry: 'r',
    NPM_CONFIG_HTTPS_PROXY: 'p',
    PATH: '',
  };
  expect(npmProgram(env)).toEqual([process.execPath, '/x/npm-cli.js']);
  expect(npmProgram({ npm_execpath: '/x/yarn.js' })).toEqual(['npm']);
  expect(Object.keys(withoutNpm(env))).toEqual([
    'npm_execpath',
    'npm_config_dry_run',
    'npm_package_name',
  ]);
});
