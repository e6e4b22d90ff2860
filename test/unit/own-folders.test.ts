import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { courseNotebooks } from '../../lib/src/jupyter/choose.ts';
import { lessonContents } from '../../lib/src/lessons/contents.ts';
import { buildDir, courseFolder, originalFiles } from '../../lib/src/own-folders.ts';
import { originals, root } from '../../lib/src/paths.ts';
import {
  type FilesPlan,
  planFiles,
  restoreFiles,
} from '../../lib/src/terminal/reset/course-files.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'own földers '));
  vi.stubEnv('KAFKA_LAB_NOTEBOOKS', join(home, 'a', 'kafka'));
  vi.stubEnv('KAFKA_LAB_STATE', join(home, 'state'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});
const file = (name: string) => join(home, 'a', 'kafka', name);

test('without variables all is in the checkout', () => {
  vi.stubEnv('KAFKA_LAB_NOTEBOOKS', undefined);
  vi.stubEnv('KAFKA_LAB_STATE', undefined);
  expect([courseFolder(), buildDir('slides')]).toEqual([originals, join(root, 'build', 'slides')]);
});

test('a folder that is not there yet becomes a copy of the course; one that is there stays as it is', () => {
  const folder = courseFolder();
  expect(folder).toBe(join(home, 'a', 'kafka'));
  expect(readdirSync(join(home, 'a'))).toEqual(['kafka']);
  for (const name of originalFiles())
    expect(readFileSync(file(name)).equals(readFileSync(join(originals, name)))).toBe(true);
  expect(courseNotebooks().map(({ path }) => path)).toContain(file('05-scaling.ipynb'));
  rmSync(file('05-scaling.ipynb'));
  expect(lessonContents().map(({ name }) => name)).not.toContain('05-scaling');
  expect(existsSync(file('05-scaling.ipynb'))).toBe(false);
  expect(readFileSync(file('node_modules/.bin/kafka-lab'), 'utf8')).toMatch(/^#!.*node/);
  expect(buildDir()).toBe(join(home, 'state', 'build'));
});

test('what is reset there becomes what it is in the installation; what was changed is kept', async () => {
  courseFolder();
  writeFileSync(file('00-start-here.ipynb'), 'mine');
  rmSync(file('drawings'), { recursive: true });
  writeFileSync(file('notes.ipynb'), 'notes');
  mkdirSync(file('.ipynb_checkpoints'));
  const plan = (await planFiles()) as FilesPlan;
  expect(plan).toMatchObject({
    changed: ['kafka/00-start-here.ipynb'],
    own: ['kafka/notes.ipynb'],
  });
  expect(plan.missing.every((name) => name.startsWith('kafka/drawings/'))).toBe(true);
  const kept = await restoreFiles(plan);
  expect(readFileSync(join(`${kept}`, '00-start-here.ipynb'), 'utf8')).toBe('mine');
  expect(await planFiles()).toEqual({ changed: [], missing: [], own: ['kafka/notes.ipynb'] });
  expect(
    readFileSync(file('00-start-here.ipynb')).equals(
      readFileSync(join(originals, '00-start-here.ipynb')),
    ),
  ).toBe(true);
});
