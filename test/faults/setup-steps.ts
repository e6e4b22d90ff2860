import { kill, Started } from '../support/command.ts';
import { Clone, commitAll, git } from './clone.ts';
import type { Fault } from './series.ts';

/** What begins each step, and what has to be gone for it to be done again. */
const STEPS: [name: string, program: string, ...gone: string[]][] = [
  ['npm', ' ci --', 'node_modules'],
  ['uv', 'pip install --no-deps', '.lab/uv'],
  ['python', 'pip sync --require-hashes', '.lab/venv'],
  ['jars', 'fetch_jars.py', '.lab/java'],
  ['kernel', '--project kernel', 'kernel/dist'],
  ['library', '--project lib', 'lib/dist'],
];

/** Kills it with everything it runs left to itself, then has it run again. */
const killedAt = ([step, program, ...gone]: (typeof STEPS)[number]): Fault<Clone> => ({
  fault: `SIGKILL at the step ${step}, run again`,
  told: /✓ /,
  run: async (clone) => {
    await clone.undo(step, ...gone);
    const started = clone.setUp();
    await clone.untilRuns(program, started);
    kill(started.child.pid!, 'SIGKILL');
    await started.ended;
    return { told: await clone.complete(), runs: 2 };
  },
});

const npmKilled: Fault<Clone> = {
  fault: 'SIGKILL of npm during npm run setup',
  told: /Stopped before it was done. To go on: npm run setup/,
  run: async (clone) => {
    await clone.undo('jars', '.lab/java');
    const npm = new Started('npm', ['run', 'setup'], clone.place.env, { cwd: clone.folder });
    await clone.untilRuns('fetch_jars.py', npm);
    npm.kill('SIGKILL');
    return { told: (await npm.ended).output };
  },
};

const interruptedSetup: Fault<Clone> = {
  fault: 'Ctrl-C during npm run setup',
  told: /Stopped before it was done. To go on: npm run setup/,
  run: async (clone) => {
    await clone.undo('python', '.lab/venv');
    const npm = new Started('npm', ['run', 'setup'], clone.place.env, {
      cwd: clone.folder,
      detached: true,
    });
    await clone.untilRuns('pip sync', npm);
    kill(-npm.child.pid!, 'SIGINT');
    return { told: (await npm.ended).output };
  },
};

const twoAtOnce: Fault<Clone> = {
  fault: 'two set-ups at once',
  told: /Another set-up \(process \d+\) is working in this folder; waiting\.\s+✓ Everything is set up already/,
  run: async (clone) => {
    await clone.undo('python', '.lab/venv');
    await clone.undo('library', 'lib/dist');
    const first = clone.setUp();
    await clone.untilRuns('pip sync', first);
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
      await elsewhere.dispose();
    }
  },
});

const addLine = (file: string, line: string) => (clone: Clone) =>
  clone.edit(file, (text) => `${text}${line}\n`);

/** A tool of the tests becomes something that learners install as well. */
const morePackages = (clone: Clone) => {
  for (const file of ['package.json', 'package-lock.json']) {
    clone.edit(file, (text) => {
      const json = JSON.parse(text);
      for (const part of file === 'package.json' ? [json] : [json.packages['']]) {
        part.dependencies['fast-check'] = part.devDependencies['fast-check'];
        delete part.devDependencies['fast-check'];
      }
      for (const name of ['fast-check', 'pure-rand'])
        delete json.packages?.[`node_modules/${name}`].dev;
      return `${JSON.stringify(json, null, 2)}\n`;
    });
  }
};

const pulls = [
  pulled(
    'a changed package-lock.json',
    morePackages,
    /^✓ npm packages .*\n✓ (Kernel|Library) .*\n✓ (Kernel|Library) .*$/,
  ),
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

/** Set-up cut off, doubled, brought up to date, and put to use. */
export const setupSteps: Fault<Clone>[] = [
  ...STEPS.map(killedAt),
  npmKilled,
  interruptedSetup,
  twoAtOnce,
  ...pulls,
  worksThere,
];
