import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../../lib/src/cli/main.ts';
import { describe as describeProgress, lessonNamed } from '../../../lib/src/cli/progress.ts';
import { type LessonProgress, summary } from '../../../lib/src/lessons/index.ts';
import { withState } from '../../../lib/src/paths.ts';
import {
  type FilesPlan,
  planFiles,
  restoreFiles,
} from '../../../lib/src/terminal/reset/course-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'course tëst, '));
  mkdirSync(join(folder, 'notebooks'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, 'notebooks', name);
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);

function commit(): void {
  mkdirSync(file('drawings'));
  for (const name of ['00.ipynb', '01.ipynb', '02 ä.ipynb', 'drawings/log.svg'])
    writeFileSync(file(name), name);
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'start');
}

test('changed notebooks become what they were, and are kept; missing ones come back; own ones stay', async () => {
  commit();
  writeFileSync(file('00.ipynb'), 'mine');
  git('add', '.'); // what somebody has staged is his
  rmSync(file('02 ä.ipynb'));
  rmSync(file('drawings'), { recursive: true });
  writeFileSync(file('notes.ipynb'), 'notes');
  mkdirSync(file('.ipynb_checkpoints'));
  const plan = (await planFiles(folder)) as FilesPlan;
  expect(plan).toEqual({
    changed: ['notebooks/00.ipynb'],
    missing: ['notebooks/02 ä.ipynb', 'notebooks/drawings/log.svg'],
    own: ['notebooks/notes.ipynb'],
  });
  expect(readFileSync(file('00.ipynb'), 'utf8')).toBe('mine');

  const kept = await withState(join(folder, 'state'), () => restoreFiles(plan, folder));
  expect(readFileSync(file('00.ipynb'), 'utf8')).toBe('00.ipynb');
  expect(readFileSync(file('02 ä.ipynb'), 'utf8')).toBe('02 ä.ipynb');
  expect(readFileSync(file('drawings/log.svg'), 'utf8')).toBe('drawings/log.svg');
  expect(readFileSync(file('notes.ipynb'), 'utf8')).toBe('notes');
  expect(kept).toMatch(/kept.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d.notebooks$/);
  expect(readFileSync(join(kept!, '00.ipynb'), 'utf8')).toBe('mine');
  expect(git('show', ':notebooks/00.ipynb').toString()).toBe('mine');

  const again = (await planFiles(folder)) as FilesPlan;
  expect(again).toEqual({ changed: [], missing: [], own: ['notebooks/notes.ipynb'] });
  expect(await restoreFiles(again, folder)).toBeUndefined();
});

test('without a repository, or in one that does not hold them, it says that it cannot', async () => {
  writeFileSync(file('00.ipynb'), 'mine');
  expect(await planFiles(folder)).toEqual({
    impossible: 'this is not a git repository, so nobody knows how they were',
  });
  git('init', '-q');
  expect(await planFiles(folder)).toMatchObject({
    impossible: expect.stringMatching(/^git says "fatal: .*HEAD.*", so nobody/),
  });
  git('commit', '-qm', 'empty', '--allow-empty');
  expect(await planFiles(folder)).toEqual({
    impossible: 'the git repository does not hold them, so nobody knows how they were',
  });
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    expect(await planFiles(folder)).toMatchObject({
      impossible: expect.stringContaining('there is no git'),
    });
  } finally {
    process.env['PATH'] = path;
  }
  expect(existsSync(file('00.ipynb'))).toBe(true);
});

const lesson = (name: string, passed: number, state: LessonProgress['state']): LessonProgress => ({
  ...{ name, title: name, minutes: 10, state, last: undefined },
  ...{ hasAnswer: state === 'known', isNext: state === 'begun' },
  checks: { passed, total: 2 },
  exercises: { solved: 0, total: 0 },
});
const lessons = [
  lesson('00-start', 2, 'done'),
  lesson('04-groups', 0, 'known'),
  lesson('05-scaling', 1, 'begun'),
];

test('progress marks each lesson, and says below where the learner is', () => {
  expect(describeProgress(lessons)).toEqual([
    '         lesson      title       checks  exercises',
    '✓ done   00-start    00-start    2 of 2  -',
    '✓ known  04-groups   04-groups   0 of 2  -',
    '… begun  05-scaling  05-scaling  1 of 2  -',
    '',
    ...summary(lessons),
  ]);
});

test('a lesson goes by its name, its file or its number; a wrong one is answered with those there are', () => {
  for (const name of ['05-scaling', '05-scaling.ipynb', '05'])
    expect(lessonNamed(name, lessons).name).toBe('05-scaling');
  expect(() => lessonNamed('0', lessons)).toThrow(
    /no lesson '0'.*: 00-start, 04-groups, 05-scaling\./,
  );
});

test('a notebook that is none any more counts for nothing, and hides no other', async () => {
  const { lessonContents } = await import('../../../lib/src/lessons/contents.ts');
  writeFileSync(file('10-a.ipynb'), '{"changed":');
  writeFileSync(file('11-b.ipynb'), '{"changed":1}');
  const cells = [{ cell_type: 'code', source: "check('so', x);" }];
  writeFileSync(file('12-c.ipynb'), JSON.stringify({ cells }));
  const found = lessonContents(join(folder, 'notebooks'));
  expect(found.map(({ checks }) => checks)).toEqual([[], [], ['so']]);
});

test('progress and reset forget only after a yes; reset progress needs no Kafka', async () => {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line) => void said.push(line));
  const call = (...argv: string[]) => withState(folder, () => run(argv));
  const remembered = '{"kind":"check","lesson":"00-start-here","claim":"CLAIM","time":1}';
  const { lessonContents } = await import('../../../lib/src/lessons/contents.ts');
  const claim = lessonContents().find(({ name }) => name === '00-start-here')!.checks[0]!;
  const passed = async () => {
    said.length = 0;
    await call('progress', '--json');
    return said.map((line) => JSON.parse(line).checks.passed as number)[0];
  };
  try {
    writeFileSync(join(folder, 'progress.jsonl'), remembered.replace('CLAIM', claim));
    expect(await passed()).toBe(1);
    expect(await call('progress', '--reset', '04')).toBe(0);
    expect(await call('progress', '--reset', '00')).toBe(1); // nobody can be asked here
    expect(await call('reset', 'progress')).toBe(2);
    expect(await passed()).toBe(1);
    expect(await call('progress', '--reset', '00', '--yes')).toBe(0);
    expect(await passed()).toBe(0);
    writeFileSync(join(folder, 'progress.jsonl'), remembered.replace('CLAIM', claim));
    said.length = 0;
    expect(await call('reset', 'progress', '--yes')).toBe(0);
    expect(said).toEqual(['forget  progress: 1 check, 0 exercises', 'Progress is forgotten.']);
    expect(await passed()).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
});
