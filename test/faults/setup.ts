import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Started } from '../support/command.ts';
import { Clone, commitAll, git, upstream } from './clone.ts';
import { declare, type Entry, type Fault } from './lanes.ts';
import { kill, newFolder } from './place.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/';
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const failed = async (started: Started): Promise<{ told: string }> => {
  const { code, output } = await started.ended;
  if (code === 0) throw new Error(`Set-up succeeded:\n${output}`);
  return { told: output };
};

/** What begins each step, and what has to be gone for it to be done again. */
const STEPS: [name: string, program: string, ...gone: string[]][] = [
  ['npm', ' ci --include=dev', 'node_modules'],
  ['uv', 'pip install --no-deps', '.lab/uv'],
  ['python', 'pip sync --require-hashes'],
  ['jars', 'fetch_jars.py', '.lab/java'],
  ['library', '--project lib', 'lib/dist'],
];

/** Kills it with everything it runs left to itself, then has it run again. */
const killedAt = ([step, program, ...gone]: (typeof STEPS)[number]): Fault<Clone> => ({
  fault: `SIGKILL at the step ${step}, run again`,
  told: /✓ /,
  run: async (clone) => {
    clone.undo(step, ...gone);
    const started = clone.setUp();
    await clone.untilRuns(program);
    kill(started.child.pid!, 'SIGKILL');
    await started.ended;
    return { told: await clone.complete(), runs: 2 };
  },
});

const npmKilled: Fault<Clone> = {
  fault: 'SIGKILL of npm during npm run setup',
  told: /Stopped before it was done. To go on: npm run setup/,
  run: async (clone) => {
    clone.undo('jars', '.lab/java');
    const npm = new Started('npm', ['run', 'setup'], clone.place.env, { cwd: clone.folder });
    await clone.untilRuns('fetch_jars.py');
    npm.kill('SIGKILL');
    return { told: (await npm.ended).output };
  },
};

const interruptedSetup: Fault<Clone> = {
  fault: 'Ctrl-C during npm run setup',
  told: /Stopped before it was done. To go on: npm run setup/,
  run: async (clone) => {
    clone.undo('python');
    const npm = new Started('npm', ['run', 'setup'], clone.place.env, {
      cwd: clone.folder,
      detached: true,
    });
    await clone.untilRuns('pip sync');
    kill(-npm.child.pid!, 'SIGINT');
    return { told: (await npm.ended).output };
  },
};

const twoAtOnce: Fault<Clone> = {
  fault: 'two set-ups at once',
  told: /Another set-up \(process \d+\) works in this folder; waiting\.\s+✓ Everything is set up already/,
  run: async (clone) => {
    clone.undo('python');
    clone.undo('library', 'lib/dist');
    const first = clone.setUp();
    await clone.untilRuns('pip sync');
    const second = await clone.setUp().ended;
    const { code, output } = await first.ended;
    if (code !== 0 || second.code !== 0) throw new Error(`${output}\n${second.output}`);
    return { told: second.output, runs: 2 };
  },
};

/** What changes upstream, and the one line that set-up then says. */
const pulled = (what: string, change: (clone: Clone) => void, told: RegExp): Fault<Clone> => ({
  fault: `git pull with ${what}`,
  told,
  run: async (clone) => {
    const origin = git(clone.folder, 'remote', 'get-url', 'origin').trim();
    const elsewhere = new Clone(origin);
    try {
      change(elsewhere);
      commitAll(elsewhere.folder);
      git(elsewhere.folder, 'push', '--quiet');
      git(clone.folder, 'pull', '--quiet', '--ff-only');
      return { told: await clone.complete() };
    } finally {
      elsewhere.dispose();
    }
  },
});

const addLine = (file: string, line: string) => (clone: Clone) =>
  clone.edit(file, (text) => `${text}${line}\n`);

/** A development package fewer. */
const fewerPackages = (clone: Clone) => {
  for (const file of ['package.json', 'package-lock.json']) {
    clone.edit(file, (text) => {
      const json = JSON.parse(text);
      for (const part of [json, json.packages?.['']]) delete part?.devDependencies?.['fast-check'];
      for (const name of ['fast-check', 'pure-rand'])
        delete json.packages?.[`node_modules/${name}`];
      return `${JSON.stringify(json, null, 2)}\n`;
    });
  }
};

const pulls = [
  pulled('a changed package-lock.json', fewerPackages, /^✓ npm packages .*\n✓ Library .*$/),
  pulled(
    'changed Python packages',
    addLine('setup/python/requirements.txt', '# changed'),
    /^✓ Python environment: .*$/,
  ),
  pulled(
    'a changed list of jars',
    addLine('setup/java/kafka-jars.txt', '# changed'),
    /^✓ Kafka .* jars\) .*$/,
  ),
  pulled('changed sources', addLine('lib/src/errors.ts', '// changed'), /^✓ Library .*$/),
];

const worksThere: Fault<Clone> = {
  fault: 'clone path with blanks and ä: npm run notebooks',
  told: /✓ 00-start-here .*1 notebook passed/s,
  run: async (clone) => {
    const args = ['run', 'notebooks', '--', '00'];
    const { output } = await new Started('npm', args, clone.place.env, { cwd: clone.folder }).ended;
    return { told: output };
  },
};

/** A PATH with the programs that a set-up needs, and these instead of Python. */
function pathWith(clone: Clone, pythons: Record<string, string>): { PATH: string } {
  const folder = clone.path('.lab', 'test-path');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['npm', 'sh', 'env', 'git']) symlinkSync(which(name), join(folder, name));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(pythons)) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

const which = (name: string) =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

/** The real Python, told something that is not so before it is asked. */
function disguised(lie: string): string {
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).trim();
  return `#!/bin/sh\nexec '${python}' -c 'import sys; code = sys.argv[1]; ${lie}; exec(code)' "$2"\n`;
}

const python = (
  fault: string,
  told: RegExp,
  pythons: () => Record<string, string>,
): Fault<Clone> => ({
  fault: `Python ${fault}`,
  told,
  run: (clone) => {
    clone.undo('uv', '.lab/uv');
    return failed(clone.setUp({ env: pathWith(clone, pythons()) }));
  },
});

const INSTALL = 'sudo apt install python3|Install Python|brew install python';
const NO_PIP = `import importlib.util as u; real = u.find_spec
u.find_spec = lambda name: None if name in ("pip", "ensurepip") else real(name)`;

const errors: Fault<Clone>[] = [
  python('missing', new RegExp(`No Python was found\\.[\\s\\S]*To mend it: (${INSTALL})`), () => ({})),
  python(
    'too old',
    new RegExp(`Python 3\\.8\\.10 \\(.*\\) is too old\\.[\\s\\S]*3\\.10 or later[\\s\\S]*(${INSTALL})`),
    () => ({
      python3: disguised('sys.version_info = (3, 8, 10)'),
    }),
  ),
  python(
    'there, but not running',
    /python3 is there, but does not run\.\s+It says: .*no version[\s\S]*To mend it: /,
    () => ({
      python3: '#!/bin/sh\necho "pyenv: python3: no version is set" >&2\nexit 127\n',
    }),
  ),
  python(
    'without pip and ensurepip (Debian)',
    /has neither pip nor ensurepip\.[\s\S]*sudo apt install python3-venv/,
    () => ({
      python3: disguised(NO_PIP.replaceAll('\n', '; ')),
    }),
  ),
  {
    fault: 'npm registry unreachable',
    told: /A package registry could not be reached\.[\s\S]*npm[\s\S]*To mend it: Check the network .*npm run setup/,
    run: (clone) => {
      clone.undo('npm', 'node_modules/.package-lock.json');
      return failed(
        clone.setUp({
          env: { npm_config_registry: NOWHERE, npm_config_cache: newFolderIn(clone) },
        }),
      );
    },
  },
  {
    fault: 'PyPI unreachable (pip)',
    told: /A package registry could not be reached\.[\s\S]*PyPI[\s\S]*To mend it: Check the network .*npm run setup/,
    run: (clone) => {
      clone.undo('uv', '.lab/uv');
      return failed(clone.setUp({ env: { PIP_INDEX_URL: NOWHERE, PIP_NO_CACHE_DIR: '1' } }));
    },
  },
  {
    fault: 'PyPI unreachable (uv)',
    told: /A package registry could not be reached\.[\s\S]*PyPI[\s\S]*To mend it: Check the network .*npm run setup/,
    run: (clone) => {
      clone.undo('python', '.lab/venv');
      return failed(
        clone.setUp({
          env: { PIP_INDEX_URL: NOWHERE, UV_CACHE_DIR: newFolderIn(clone), UV_HTTP_RETRIES: '1' },
        }),
      );
    },
  },
  {
    fault: 'Maven Central unreachable',
    told: /A package registry could not be reached\.[\s\S]*Maven Central[\s\S]*To mend it: Check the network .*npm run setup/,
    run: (clone) => {
      clone.undo('jars', '.lab/java');
      const home = newFolderIn(clone);
      mkdirSync(join(home, '.config'));
      writeFileSync(join(home, '.config', 'jgo.conf'), `[repositories]\ncentral = ${NOWHERE}\n`);
      return failed(clone.setUp({ env: { HOME: home } }));
    },
  },
  {
    fault: 'a jar with a wrong checksum',
    told: /slf4j-api:\S+ is not the file that was published: its checksum is wrong, twice\.[\s\S]*npm run setup/,
    run: async (clone) => {
      const list = 'setup/java/kafka-jars.txt';
      const before = readFileSync(clone.path(list), 'utf8');
      clone.edit(list, (text) => text.replace(/(:slf4j-api:\S+ \d+ )\w{8}/, '$100000000'));
      const outcome = await failed(clone.setUp());
      writeFileSync(clone.path(list), before);
      const fetched = clone.log().match(/^\$ .*fetch_jars\.py/gm)?.length;
      if (fetched !== 2) throw new Error(`It was fetched ${fetched} times, not twice.`);
      return outcome;
    },
  },
  {
    fault: 'the folder belongs to somebody else',
    told: /A file of the lab cannot be written\.[\s\S]*sudo chown -R .*my kafka läb.*npm run setup/,
    skip: () => (isRoot ? undefined : 'only root can be another user'),
    run: (clone) => {
      clone.undo('jars');
      return failed(clone.setUp({ uid: NOBODY, env: { HOME: '/nonexistent' } }));
    },
  },
  {
    fault: 'Node too old (18)',
    told: /This is Node 18\.\d+\.\d+, which is too old[\s\S]*Node 20\.19 or later[\s\S]*nvm install --lts/,
    skip: () => (process.platform === 'linux' ? undefined : 'its package is for Linux'),
    run: async (clone) => failed(clone.setUp({ node: await oldNode(clone) })),
  },
];

const newFolderIn = (clone: Clone) => {
  const folder = clone.path('.lab', 'test-empty');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
};

/** The program of a Node 18, as the npm registry has it. */
async function oldNode(clone: Clone): Promise<string> {
  const folder = clone.path('.lab', 'test-node');
  const name = `node-linux-${process.arch}`;
  const args = [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@18.20.8`,
  ];
  const { code, output } = await new Started('npm', args).ended;
  if (code !== 0) throw new Error(output);
  return join(folder, 'node_modules', name, 'bin', 'node');
}

const full: Fault<Clone> = {
  fault: 'the disk is full (tmpfs of 60 MB)',
  told: /The disk is full\.[\s\S]*To mend it: Make room, then run: npm run setup/,
  skip: () =>
    canMount() ? undefined : 'mounting a small tmpfs needs root, and a kernel that lets it',
  run: (clone) => failed(clone.setUp()),
};

/** A folder on a small disk of its own; what opens it a second time finds room. */
class SmallDisk {
  readonly folder = newFolder();

  mount(size: string, ...options: string[]): void {
    execFileSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      [`size=${size}`, ...options].join(','),
      'tmpfs',
      this.folder,
    ]);
  }

  dispose(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function canMount(): boolean {
  const disk = new SmallDisk();
  try {
    disk.mount('1m');
    disk.dispose();
    return true;
  } catch {
    rmSync(disk.folder, { recursive: true, force: true });
    return false;
  }
}

const remains = (clone: Clone, limit: number) => clone.place.remains(limit);

/** A lane in one clone. Opening it sets it up: the next start of whatever went wrong before. */
function cloneLane(from: () => string, faults: Fault<Clone>[]): Entry[] {
  let clone: Clone | undefined;
  return declare({
    section: 'Set-up',
    faults,
    open: async () => {
      clone ??= new Clone(from());
      await clone.complete();
      return clone;
    },
    remains,
    close: async () => {},
    dispose: () => clone?.dispose(),
  });
}

function fullDiskLane(from: () => string): Entry[] {
  let clone: Clone | undefined;
  const disk = new SmallDisk();
  return declare({
    section: 'Set-up',
    faults: [full],
    open: async () => {
      if (!clone) {
        disk.mount('60m');
        return (clone = new Clone(from(), join(disk.folder, 'clone')));
      }
      disk.mount('2g', 'remount');
      await clone.complete();
      return clone;
    },
    remains,
    close: async () => {},
    dispose: () => disk.dispose(),
  });
}

export function setup(): Entry[] {
  let made: string | undefined;
  const from = () => (made ??= upstream());
  const entries = [
    ...cloneLane(from, [
      ...STEPS.map(killedAt),
      npmKilled,
      interruptedSetup,
      twoAtOnce,
      ...pulls,
      worksThere,
    ]),
    ...cloneLane(from, errors),
    ...fullDiskLane(from),
  ];
  void Promise.all(entries.map(({ outcome }) => outcome)).then(() => {
    if (made) rmSync(join(made, '..'), { recursive: true, force: true });
  });
  return entries;
}
