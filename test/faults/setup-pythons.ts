import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clone, failed } from './clone.ts';
import type { Fault } from './series.ts';

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
  run: async (clone) => {
    await clone.undo('uv', '.lab/uv');
    return failed(clone.setUp({ env: pathWith(clone, pythons()) }));
  },
});

const INSTALL = 'sudo apt install python3|Install Python|brew install python';
const NO_PIP = [
  'import importlib.util as u',
  'real = u.find_spec',
  'u.find_spec = lambda name: None if name in ("pip", "ensurepip") else real(name)',
].join('; ');

/** Pythons that will not do. */
export const pythonErrors: Fault<Clone>[] = [
  python(
    'missing',
    new RegExp(`No Python was found\\.[\\s\\S]*To mend it: (${INSTALL})`),
    () => ({}),
  ),
  python(
    'too old',
    new RegExp(
      `Python 3\\.8\\.10 \\(.*\\) is too old\\.[\\s\\S]*3\\.10 or later[\\s\\S]*(${INSTALL})`,
    ),
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
      python3: disguised(NO_PIP),
    }),
  ),
];
