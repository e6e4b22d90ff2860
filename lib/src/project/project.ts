import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.js';
import { root } from '../paths.js';
import { modulesIn } from './modules.js';

/** Where each file of a project comes from, beside the learner's own. */
const TEMPLATES: Record<string, string> = {
  'package.json': 'package.json.txt',
  'tsconfig.json': 'tsconfig.json.txt',
  'docker-compose.yml': 'docker-compose.yml.txt',
  'README.md': 'README.md.txt',
  '.gitignore': 'gitignore.txt',
  'src/main.ts': 'main.ts.txt',
  'src/main.test.ts': 'main.test.ts.txt',
};

/** What `src/main.ts` imports of the learner's. */
const NEEDED = ['pipeline.ts', 'settings.ts'];

/**
 * The project that a notebook's program makes: the text of each file by its path.
 * @throws LabError BAD_INPUT if the notebook has no such program
 */
export function projectOf(notebook: string, path: string): Map<string, string> {
  const modules = modulesIn(path);
  const missing = NEEDED.filter((name) => !modules.has(name));
  if (missing.length > 0) throw lacking(notebook, missing, modules.size > 0);
  const taken = [...modules.keys()].find((name) => `src/${name}` in TEMPLATES);
  if (taken) throw twice(notebook, taken);
  const own = [...modules].map(([name, text]) => [`src/${name}`, text] as const);
  const added = Object.entries(TEMPLATES).map(
    ([file, template]) => [file, filled(template)] as const,
  );
  return new Map([...own, ...added]);
}

function lacking(notebook: string, missing: string[], hasSome: boolean): LabError {
  const [first = ''] = missing.map((name) => name.replace('.ts', ''));
  return new LabError('BAD_INPUT', {
    what: `${notebook} has no program that could be a project.`,
    why: hasSome
      ? `No cell of it begins with /** @module ${first} */.`
      : 'None of its cells is a file: such a cell begins with /** @module name */.',
    fix: hasSome
      ? 'Write that cell again and save the notebook, or bring it back as it came: npx --no kafka-lab reset notebooks'
      : 'Export one that has: npx --no kafka-lab export 20-capstone FOLDER',
  });
}

function twice(notebook: string, name: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `${notebook} has a cell that is the file ${name}, and the export adds one of that name.`,
    why: `In the project, src/${name} starts the program.`,
    fix: 'Give the cell another name, also where others import it, and save the notebook.',
  });
}

/** With the versions that the lab itself uses. */
function filled(template: string): string {
  const versions = { ...dependencies('lib', 'package.json'), ...dependencies('package.json') };
  const text = readFileSync(join(root, 'lib', 'project', template), 'utf8');
  return text.replace(/\{\{([\w@/-]+)\}\}/g, (_, name: string) => versions[name] ?? '');
}

function dependencies(...path: string[]): Record<string, string> {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8')).dependencies;
}
