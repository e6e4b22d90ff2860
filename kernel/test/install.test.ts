import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { kernelspecOf, runOf } from '../src/install/kernelspec.ts';
import { run } from '../src/install/main.ts';
import { quoted, type Surroundings } from '../src/install/surroundings.ts';
import { LOGO } from '../src/places.ts';
import { folderForTest } from './folder.ts';

const OWN = 'ts-notebook-kernel';
let folder: string;
let here: Surroundings;
let said: string[];
beforeEach(() => {
  folder = folderForTest();
  said = [];
  const say = (line: string) => void said.push(line);
  const main = join(folder, 'package', 'dist', 'main.js');
  write(main, '');
  write(join(folder, 'package', 'package.json'), '{ "version": "3.2.1" }');
  const typescript = join(folder, 'package', 'node_modules', 'typescript', 'package.json');
  write(typescript, '{ "version": "9.8.7" }');
  here = {
    ...{ env: {}, platform: 'linux', home: join(folder, 'home'), main, say, complain: say },
    ...{ node: process.execPath, nodeVersion: '20.19.4' },
  };
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Runs a command; what it says is in `said` then. */
function asks(command: string, ...more: string[]): number {
  said.length = 0;
  return run([...command.split(' '), ...more], here);
}

const USER = ['home', '.local', 'share', 'jupyter', 'kernels'];
const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
const names = (...path: string[]) => readdirSync(join(folder, ...path));

describe('install', () => {
  test('writes a kernelspec for the user, and says what it runs', () => {
    expect(asks('install')).toBe(0);
    expect(read(...USER, OWN, 'kernel.json')).toMatchObject({
      argv: expect.arrayContaining([here.node, here.main, '{connection_file}']),
      display_name: expect.stringMatching(/^TypeScript \d+$/),
      ...{ language: 'typescript', interrupt_mode: 'message' },
    });
    expect(said[0]).toContain(join(folder, ...USER, OWN));
    expect(said.join('\n')).toContain(here.main);
    expect(names(...USER, OWN).sort()).toEqual(['kernel.json', 'logo-svg.svg']);
  });

  test('in place of an earlier one, and nothing else that is there', () => {
    asks('install');
    write(join(folder, ...USER, OWN, 'kernel.js'), '');
    write(join(folder, ...USER, OWN, 'logo-svg.svg'), 'of an earlier version');
    expect(asks('install --display-name', 'My Kernel')).toBe(0);
    expect(said[0]).toMatch(/^Replaced “My Kernel”/);
    expect(read(...USER, OWN, 'kernel.json').display_name).toBe('My Kernel');
    expect(names(...USER, OWN).sort()).toEqual(['kernel.js', 'kernel.json', 'logo-svg.svg']);
    const logo = readFileSync(join(folder, ...USER, OWN, 'logo-svg.svg'), 'utf8');
    expect(logo).toBe(readFileSync(LOGO, 'utf8'));
  });

  test.each([
    [{ JUPYTER_DATA_DIR: '/data' }, 'linux', '/data'],
    [{ JUPYTER_DATA_DIR: '/data' }, 'darwin', '/data'],
    [{ XDG_DATA_HOME: '/xdg' }, 'linux', '/xdg/jupyter'],
    [{ XDG_DATA_HOME: '' }, 'linux', '/home/me/.local/share/jupyter'],
    [{ XDG_DATA_HOME: '/xdg' }, 'darwin', '/home/me/Library/Jupyter'],
    [{ JUPYTER_PLATFORM_DIRS: '0' }, 'darwin', '/home/me/Library/Jupyter'],
    [{ JUPYTER_PLATFORM_DIRS: '1' }, 'darwin', '/home/me/Library/Application Support/jupyter'],
  ] as const)("the user's folder with %j on %s is %s", (env, platform, data) => {
    Object.assign(here, { env, platform, home: '/home/me' });
    asks('uninstall'); // as there is none, it says where it would be
    expect(said[0]).toContain(`There is no kernel in ${data}/kernels/${OWN}\n`);
  });

  test.each(['VIRTUAL_ENV', 'CONDA_PREFIX'])('goes to the environment that %s names', (name) => {
    here.env = { [name]: join(folder, 'venv') };
    mkdirSync(join(folder, 'venv'));
    expect(asks('install --sys-prefix --name', 'TS.Seven-7_0')).toBe(0);
    expect(names('venv', 'share', 'jupyter', 'kernels')).toEqual(['ts.seven-7_0']);
  });

  test('goes below any prefix, and says how Jupyter finds it there', () => {
    expect(asks('install --prefix', join(folder, 'any'))).toBe(0);
    expect(names('any', 'share', 'jupyter', 'kernels')).toEqual([OWN]);
    expect(said.join()).toContain(
      `JUPYTER_PATH=${quoted(join(folder, 'any', 'share', 'jupyter'))}`,
    );
  });

  test.each([
    ['no environment', {}, 'install --sys-prefix', /No Python environment is active/],
    ['one that is gone', { VIRTUAL_ENV: '/gone' }, 'install --sys-prefix', /\/gone, is not there/],
  ])('refuses %s', (_, env, command, why) => {
    here.env = env;
    expect(asks(command)).toBe(1);
    expect(said[0]).toMatch(why);
    expect(said[0]).toMatch(/\n.*ts-notebook-kernel install --prefix FOLDER$/);
  });

  test("refuses to take the place of somebody else's kernel, or of what it cannot read", () => {
    const path = join(folder, ...USER, OWN, 'kernel.json');
    for (const foreign of ['{ "argv": ["python"], "metadata": {} }', '{ broken', 'null']) {
      write(path, foreign);
      expect(asks('install')).toBe(1);
      expect(said[0]).toMatch(/another kernel.*\n.*install --name NAME/);
      expect(readFileSync(path, 'utf8')).toBe(foreign);
    }
  });

  test.each([
    ['Windows', { platform: 'win32' as const }, /Linux and macOS.*\n.*WSL/],
    ['an old Node.js', { nodeVersion: '20.9.0' }, /20\.9\.0, and the kernel needs 20\.19\.4/],
    [
      "npx's cache",
      { main: '/h/.npm/_npx/1/node_modules/k/dist/main.js' },
      /cache.*\n.*npm install/,
    ],
  ])('refuses %s, and writes nothing', (_, told, why) => {
    Object.assign(here, told);
    expect(asks('install')).toBe(1);
    expect(said[0]).toMatch(why);
    expect(() => names('home')).toThrow('ENOENT');
  });

  test('leaves nothing where it may not write', () => {
    write(join(folder, 'file'), '');
    expect(asks('install --prefix', join(folder, 'file'))).toBe(1);
    expect(said[0]).toMatch(/could not be changed\.\n.*\n.*--user, --sys-prefix or --prefix/);
  });

  test.each(['22.0.0', '20.20.0', '20.19.5', '20.19.4'])('takes Node.js %s', (nodeVersion) => {
    here.nodeVersion = nodeVersion;
    expect(asks('install')).toBe(0);
  });
});

describe('uninstall', () => {
  test('removes the kernelspec and its folder', () => {
    asks('install');
    asks('install --name other');
    expect(asks('uninstall')).toBe(0);
    expect(names(...USER)).toEqual(['other']);
    expect(asks('uninstall')).toBe(1);
    expect(said[0]).toMatch(/There is no kernel in .*\n.*ts-notebook-kernel status$/);
  });

  test('keeps what somebody has put beside it, and says so', () => {
    asks('install');
    write(join(folder, ...USER, OWN, 'kernel.js'), '');
    expect(asks('uninstall')).toBe(0);
    expect(said[1]).toMatch(/: kernel\.js$/);
    expect(names(...USER, OWN)).toEqual(['kernel.js']);
  });

  test("never removes somebody else's", () => {
    write(
      join(folder, ...USER, 'python3', 'kernel.json'),
      '{ "argv": ["python"], "metadata": {} }',
    );
    expect(asks('uninstall --name python3')).toBe(1);
    expect(said[0]).toMatch(/another kernel.*\n.*jupyter kernelspec remove python3$/);
    expect(names(...USER, 'python3')).toEqual(['kernel.json']);
  });
});

describe('status', () => {
  const all = () => said.join('\n');

  test('says that it is installed nowhere, and what would change that', () => {
    expect(asks('status')).toBe(1);
    expect(all()).toMatch(/ts-notebook-kernel install$/);
    here.env = { npm_command: 'exec' };
    asks('status');
    expect(all()).toMatch(/npx ts-notebook-kernel install$/);
  });

  test('lists each place once, with the versions of what it runs', () => {
    mkdirSync(join(folder, 'venv'));
    const path = join(folder, 'venv', 'share', 'jupyter');
    here.env = { VIRTUAL_ENV: join(folder, 'venv'), JUPYTER_PATH: `/nowhere:${path}` };
    for (const where of ['', ' --sys-prefix', ' --sys-prefix --name second'])
      asks(`install${where}`);
    asks('install --prefix', join(folder, 'far'));
    expect(asks('status')).toBe(0);
    expect(all().match(/runs .*main\.js \(3\.2\.1, TypeScript 9\.8\.7\)/g)).toHaveLength(3);
    expect(asks('status --prefix', join(folder, 'far'))).toBe(0);
    expect(all().match(/ {2}by .*/g)).toHaveLength(4);
  });

  test.each(['main.js', 'node', 'package.json'])(
    'sees that its %s is gone, and mends it',
    (gone) => {
      here.node = join(folder, 'node');
      write(here.node, '');
      const prefix = join(folder, "it's");
      const options = ['--prefix', prefix, '--name', 'x', '--display-name', 'Mine'];
      asks('install', ...options);
      expect(asks('status --prefix', prefix)).toBe(0);
      rmSync({ 'main.js': here.main, node: here.node }[gone] ?? join(folder, 'package', gone));
      expect(asks('status --prefix', prefix)).toBe(1);
      expect(all()).toMatch(
        gone === 'package.json' ? /cannot be read/ : new RegExp(`${gone} is gone`),
      );
      const mending = all().split('Mend it with: ')[1] as string;
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${mending}`], { encoding: 'utf8' });
      expect(words.trim().split('\n')).toEqual([OWN, 'install', ...options]);
    },
  );

  test('sees a command that is none of its own', () => {
    asks('install');
    const path = join(folder, ...USER, OWN, 'kernel.json');
    write(path, JSON.stringify({ ...read(...USER, OWN, 'kernel.json'), argv: ['deno'] }));
    expect(asks('status')).toBe(1);
    expect(all()).toMatch(/not one that install writes.*\n.*ts-notebook-kernel install$/);
  });
});

test.each([
  ['', /No command was given/],
  ['instal', /no command “instal”/],
  ['install --nam x', /Unknown option '--nam'/],
  ['install more', /Unexpected argument 'more'/],
  ['install --name', /'--name <value>' argument missing/],
  ['install --name=', /--name is empty/],
  ['install --name a/b', /not “a\/b”/],
  ['install --name ..', /not “\.\.”/],
  ['install --user --sys-prefix', /--user and --sys-prefix are more than one/],
  ['uninstall --display-name x', /Unknown option '--display-name'/],
])('refuses “%s”, as usage', (command, why) => {
  expect(run(command.split(' ').filter(Boolean), here)).toBe(2);
  expect(said[0]).toMatch(why);
  expect(said[0]).toMatch(/\n.*options: ts-notebook-kernel --help$/);
  here.env = { npm_command: 'exec' };
  run(command.split(' ').filter(Boolean), here);
  expect(said[1]).toMatch(/\n.*options: npx ts-notebook-kernel --help$/);
});

test('says its version and how it is used', () => {
  expect(asks('--version')).toBe(0);
  expect(said).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  for (const command of ['--help', '-h', 'install --help', 'status -h']) {
    expect(asks(command)).toBe(0);
    expect(said[0]).toMatch(/^Usage: ts-notebook-kernel COMMAND/);
  }
});

test('what a kernelspec runs is found in it, whatever options were added', () => {
  const path = fc.string({ minLength: 1 }).map((text) => `/${text}`);
  fc.assert(
    fc.property(path, path, fc.array(fc.string()), (node, main, more) => {
      const { argv } = kernelspecOf({ node, main }, 'x');
      expect(runOf({ argv: [...argv, ...more] })).toEqual({ node, main });
    }),
  );
});
