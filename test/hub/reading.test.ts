import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { nothingLeft, ROOT, Started } from '../support/command.ts';
import { inTime } from '../support/ending.ts';
import { Reader } from './reader.ts';
import { withoutUsers } from './users.ts';

/** As the README's tables have them, without their arguments. */
const COMMANDS = [
  ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(
    /^\| `((?:npm run|npx --no kafka-lab) [^\s`]+)/gm,
  ),
].map(([, command = '']) => command);

describe.skipIf(withoutUsers)('an installation that one may only read', () => {
  const lab = inject('installation');
  const listed = () =>
    readdirSync(lab, { recursive: true })
      .filter((path) => !/^\.lab.setup\.lock/.test(`${path}`))
      .sort();
  let reader: Reader;
  let before: ReturnType<typeof listed>;
  beforeAll(() => {
    reader = new Reader(lab);
    before = listed();
  });
  afterAll(() => reader?.dispose());

  test.each([
    'npx --no kafka-lab status',
    'npx --no kafka-lab reset --yes',
    'npm start',
    'npm run slides',
  ])('without folders of one’s own, %s says which variables name them', async (line) => {
    const { code, output } = await reader.run(line, {});
    expect(code).toBe(1);
    expect(output).toMatch(/You may read this installation of the lab, and not change it/);
    expect(output).toMatch(
      /export KAFKA_LAB_STATE="\S+" KAFKA_LAB_NOTEBOOKS="\S+", then try again\./,
    );
  });

  test('npm start opens the learner’s copy of the course, and Ctrl-C ends it', async () => {
    expect(await reader.says('npm run setup')).toContain('Everything is set up already');
    const started = reader.start('node setup/start.mjs --no-browser');
    const [, origin, token] = await started.says(/(http:\S+)\/lab\/\S+\?token=(\w+)/);
    await started.says(/Ctrl-C/);
    const headers = { authorization: `token ${token}` };
    const answer = await fetch(`${origin}/api/contents/`, { headers });
    const { content } = (await answer.json()) as { content: { name: string; writable: boolean }[] };
    expect(content).toContainEqual(
      expect.objectContaining({ name: '05-scaling.ipynb', writable: true }),
    );
    expect(content.map(({ name }) => name)).not.toContain('node_modules');
    started.kill('SIGINT');
    await inTime(started, 'npm start');
    await nothingLeft(reader.own.KAFKA_LAB_STATE);
  });

  test('every command of the README does its work there', async () => {
    const { home, own, ran } = reader;
    expect(await reader.says('npm run notebooks -- 00')).toContain('1 notebook passed');
    expect(await reader.says('npm run slides -- 00')).toContain(
      join(home, 'state/build/slides/00-start-here.html'),
    );
    expect(await reader.says('npm run new-lesson 30-mine')).toContain('kafka/30-mine.ipynb');
    // From the learner's own notebooks, where no npm package is.
    const there = (line: string) =>
      reader.says(`npx --no kafka-lab ${line}`, own.KAFKA_LAB_NOTEBOOKS);
    expect(await there('topic orders --partitions 3')).toContain('Created topic orders');
    expect(await there('produce orders --rate 50 --count 9')).toContain('Produced 9 records');
    const run = join(home, 'run.jsonl');
    expect(await there(`consume orders --group shipping --count 9 --record ${run}`)).toContain(
      'after 9 records',
    );
    expect(await there('consume orders --share packing --count 9')).toContain('after 9 records');
    expect(await there(`replay ${run}`)).toContain('run.html');
    expect(await there('groups')).toContain('shipping: Empty, 0 members, lag 0');
    expect(await there('status')).toContain('Kafka 4');
    expect(await there('class')).toContain('Nobody yet.');
    expect(await there('timetable 05 --at 14:00')).toContain('14:20  end');
    expect(await there(`export 20-capstone ${join(home, 'pipeline')}`)).toContain('Wrote');
    const executed = join(home, 'state/build/notebooks');
    expect(await reader.says(`npm run site -- 00 --executed ${executed}`)).toContain(
      join(home, 'state/build/site'),
    );
    expect(await there('progress')).toMatch(/0 of \d+ lessons done\.\nNext:/);
    expect(await there('reset --dead')).toMatch(/Deleted \d+ topics and \d+ groups? of runs that/);
    expect(await there('doctor')).toContain('All is well');
    const lesson = join(own.KAFKA_LAB_NOTEBOOKS, '05-scaling.ipynb');
    const original = readFileSync(lesson, 'utf8');
    writeFileSync(lesson, 'mine');
    const reset = await there('reset --yes');
    expect(reset).toMatch(
      /restore kafka\/05-scaling\.ipynb; yours is kept\n[\s\S]*Deleted 1 topic and 2 groups/,
    );
    expect(readFileSync(lesson, 'utf8')).toBe(original);
    expect(await there('stop')).toContain('Kafka is stopped.');
    expect(COMMANDS).toContain('npm run site');
    expect(COMMANDS.filter((command) => !ran.some((line) => line.startsWith(command)))).toEqual([]);
    await nothingLeft(own.KAFKA_LAB_STATE);
    expect(listed()).toEqual(before);
  });

  test('what is not up to date is the owner’s to set up, and said so', async () => {
    const stamp = join(lab, '.lab', 'stamps', 'library');
    const text = readFileSync(stamp, 'utf8');
    writeFileSync(stamp, 'of an older lab');
    try {
      const { code, output } = await reader.run('npm start');
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/not yours to bring up to date[\s\S]*npm run setup -- --shared/),
      ]);
    } finally {
      writeFileSync(stamp, text);
    }
  });

  test('packages that the owner has added are there for all, and stay', async () => {
    const extra = join(lab, '.lab', 'packages', 'node_modules', 'for-all');
    mkdirSync(extra, { recursive: true });
    writeFileSync(join(extra, 'index.js'), 'exports.answer = 42;');
    writeFileSync(join(extra, 'index.d.ts'), 'export const answer: number;');
    writeFileSync(join(extra, 'package.json'), '{ "name": "for-all", "types": "index.d.ts" }');
    const cell =
      "import { answer } from 'for-all';\nimport { Kafka } from 'kafkajs';\n[answer, typeof Kafka]";
    const { metadata } = JSON.parse(
      readFileSync(join(lab, 'notebooks', '05-scaling.ipynb'), 'utf8'),
    );
    const unrun = { metadata: {}, outputs: [], execution_count: null };
    const code = { cell_type: 'code', id: 'only', source: cell, ...unrun };
    writeFileSync(
      join(reader.home, 'far.ipynb'),
      JSON.stringify({ cells: [code], metadata, nbformat: 4, nbformat_minor: 5 }),
    );
    expect(await reader.says(`npm run notebooks -- ${join(reader.home, 'far.ipynb')}`)).toContain(
      '1 notebook passed',
    );
    const executed = readFileSync(join(reader.home, 'state/build/notebooks/far.ipynb'), 'utf8');
    expect(executed).toMatch(/42, 'function'/);
    const again = new Started(process.execPath, ['setup/setup.mjs', '--shared'], {}, { cwd: lab });
    expect((await inTime(again, 'set-up')).output).toContain('Everything is set up already');
    expect(readdirSync(join(lab, '.lab/venv/bin'))).toContain('jupyterhub');
  });
});
