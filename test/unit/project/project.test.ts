import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tagsOf } from '../../../kernel/src/running/tags.ts';
import { root } from '../../../lib/src/paths.ts';
import { projectOf, writeProject } from '../../../lib/src/project/index.ts';
import { moduleOf } from '../../../lib/src/project/module-tag.ts';
import { folderForTest } from '../../support/folder.ts';
import { writeNotebook } from '../../support/notebook.ts';

/** The project of a notebook with these code cells. */
function projectWith(cells: Record<string, string>): Map<string, string> {
  const path = join(folderForTest(), 'mine.ipynb');
  writeNotebook(path, cells);
  return projectOf('mine', path);
}

const pipeline = "/** @module pipeline */\nimport { a } from './a';\nexport const start = () => a;";
const settings = '/** @module settings */\nexport const totals = {};';

test('cells that are files become files, without the line that says so; others do not', () => {
  const project = projectWith({
    ...{ pipeline, settings, other: "import { a } from './a';\na" },
    ...{ first: '/** @module a */ export const a = 1;' },
    ...{ changed: '/** @module a */\nexport const a = 2;' },
  });
  expect(project.get('src/a.ts')).toBe('export const a = 2;\n');
  expect(project.get('src/pipeline.ts')).toBe(
    "import { a } from './a';\nexport const start = () => a;\n",
  );
  const own = [...project.keys()].filter((path) => path.startsWith('src/'));
  expect(own.sort()).toEqual(
    ['a', 'main.test', 'main', 'pipeline', 'settings'].map((name) => `src/${name}.ts`),
  );
});

test.each<[code: string, text: string]>([
  ['/**\n * @module a\n */\nlet a;', 'let a;'],
  ['/**\n * Counts.\n *\n * @module a\n */\nlet a;', '/**\n * Counts.\n */\nlet a;'],
  ['/**\n * Counts.\n * @module a */\nlet a;', '/**\n * Counts. */\nlet a;'],
  ['/**\n * @module a\n * @author me\n */\nlet a;', '/**\n * @author me\n */\nlet a;'],
  ['/** @module a @author me */\nlet a;', '/** @author me */\nlet a;'],
  [
    '// Mine\n\n/** @module a */\n/** What it is. */\nlet a;',
    '// Mine\n\n/** What it is. */\nlet a;',
  ],
  ['\n/* Mine */ /** @module a */ let a;', '/* Mine */ let a;'],
])('only the tag is left out of a file: %j', (code, text) => {
  expect(moduleOf(code)).toEqual({ name: 'a', text });
  expect(tagsOf(code).get('module')).toBe('a');
});

test('a cell is a file if the kernel says so, and of the same name', () => {
  const pieces = ['/**', '*/', '/*', '//', '\n', ' * ', ' ', '@module a', '@module b ', '@module'];
  const code = fc.array(fc.constantFrom(...pieces, ' @author', 'Text.', 'let a;'), { size: '+1' });
  fc.assert(
    fc.property(code, (parts) => {
      const text = parts.join('');
      expect(moduleOf(text)?.name).toBe(tagsOf(text).get('module') || undefined);
    }),
    { numRuns: 5000 },
  );
});

test('what is added names the versions of the lab, and leaves nothing to be filled in', () => {
  const project = projectWith({ pipeline, settings });
  expect([...project.values()].join('\n')).not.toMatch(/\{\{|""/);
  const image = /image: (apache\/kafka):\$\{KAFKA_VERSION:-([\d.]+)\}/;
  const [, name, version] =
    image.exec(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) ?? [];
  expect(project.get('docker-compose.yml')).toContain(`image: ${name}:${version}\n`);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'no file at all',
    { other: '1' },
    /has no program .*None of its cells is a file.*export 20-capstone/,
  ],
  [
    'a file that the export has, too,',
    { pipeline, settings, own: '/** @module main */\nlet a;' },
    /has a cell that is the file main\.ts.* another name/,
  ],
  ['a file that is gone', { settings }, /No cell of it begins with \/\*\* @module pipeline \*\//],
])('a notebook with %s has no project', (_, cells, said) => {
  expect(() => projectWith(cells)).toThrow(said);
});

test('a notebook that cannot be read is told of', () => {
  const path = join(folderForTest(), 'mine.ipynb');
  writeFileSync(path, '{"cells":');
  expect(() => projectOf('mine', path)).toThrow(/cannot be read as a notebook\. The system says: /);
});

test('nothing is written over, nor beside what is there', () => {
  const folder = folderForTest();
  const files = new Map([
    ['src/a.ts', '1'],
    ['README.md', '2'],
  ]);
  writeProject(join(folder, 'new', 'deep'), files);
  expect(readFileSync(join(folder, 'new', 'deep', 'src', 'a.ts'), 'utf8')).toBe('1');
  mkdirSync(join(folder, 'empty'));
  writeProject(join(folder, 'empty'), files);
  expect(readdirSync(join(folder, 'empty')).sort()).toEqual(['README.md', 'src']);

  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'mine.txt'), 'mine');
  expect(() => writeProject(join(folder, 'full'), files)).toThrow(
    /is not empty\. It holds mine\.txt/,
  );
  expect(readdirSync(join(folder, 'full'))).toEqual(['mine.txt']);
  const file = join(folder, 'full', 'mine.txt');
  expect(() => writeProject(file, files)).toThrow(/could not be written.* EEXIST/);
  expect(existsSync(file)).toBe(true);
});
