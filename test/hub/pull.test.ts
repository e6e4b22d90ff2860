import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { processesWith, Started, waitUntil } from '../support/command.ts';
import { inTime } from '../support/ending.ts';
import { publish, trusting, update } from './teacher.ts';
import { withoutUsers } from './users.ts';

describe.skipIf(withoutUsers)('notebooks that are pulled', () => {
  const lab = inject('installation');
  let folder = '';
  let mine = '';
  let desk = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-lab-pull-'));
    mine = join(folder, 'mine');
    desk = join(folder, 'desk');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let told: Record<string, string> = {};

  /** As the start of a user's server does it. @returns the folder that is used then, and what was said */
  async function attempt(env = {}, limit = 60): Promise<{ used: string; output: string }> {
    const code = `import pulling; pulling.PULL_SECONDS = ${limit}; print('used', pulling.pull_notebooks())`;
    const started = new Started(
      join(lab, '.lab/venv/bin/python'),
      ['-c', code],
      { ...told, ...env, KAFKA_LAB_NOTEBOOKS: mine, PYTHONPATH: join(lab, 'hub') },
      { cwd: folder },
    );
    const { output } = await inTime(started, 'the pull', 90_000);
    return { used: /^used (.*)$/m.exec(output)?.[1] ?? '', output };
  }

  async function pull(): Promise<void> {
    const { used, output } = await attempt();
    expect(output).not.toContain('could not be brought up to date');
    expect(used).toBe(mine);
  }

  const cellsIn = (place: string) =>
    JSON.parse(readFileSync(join(place, '05.ipynb'), 'utf8')) as {
      cells: Record<string, unknown>[];
    };
  /** Writes it as JupyterLab does. */
  function change(place: string, n: number, changed: object): void {
    const notebook = cellsIn(place);
    Object.assign(notebook.cells[n] as object, changed);
    writeFileSync(join(place, '05.ipynb'), `${JSON.stringify(notebook, null, 1)}\n`);
  }
  const sources = () => cellsIn(mine).cells.map(({ source }) => [source].flat().join(''));
  const output = { output_type: 'stream', name: 'stdout', text: ['done\n'] };
  const cells = ['a', 'b', 'c'].map((id) => ({
    ...{ cell_type: 'code', execution_count: null, id, metadata: {}, outputs: [] },
    source: [`const ${id} = 1;\n`, `console.log(${id})`],
  }));

  test('a teacher’s change and a learner’s of other cells are both there; of the same cell the learner’s stays, unasked', async () => {
    mkdirSync(join(folder, 'course'));
    writeFileSync(
      join(folder, 'course', '05.ipynb'),
      `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`,
    );
    told = { ...publish(join(folder, 'course'), folder), ...trusting(folder) };
    await pull();
    change(mine, 0, { source: ['// my own'], execution_count: 1, outputs: [output] });
    change(desk, 2, { source: ['// the teacher’s'] });
    update(folder);
    await pull();
    expect(sources()).toEqual(['// my own', cells[1]?.source.join(''), '// the teacher’s']);
    expect(cellsIn(mine).cells[0]).toMatchObject({ execution_count: 1, outputs: [output] });

    change(mine, 1, { source: ['// mine'] });
    change(desk, 1, { source: ['// not mine'] });
    update(folder);
    await pull();
    expect(sources()[1]).toBe('// mine');
  });

  test('what the learner deleted comes back; a file of theirs gives its name to the teacher’s, and is kept', async () => {
    rmSync(join(mine, '05.ipynb'));
    writeFileSync(join(mine, 'notes.ipynb'), 'mine');
    writeFileSync(join(desk, 'notes.ipynb'), 'the teacher’s');
    update(folder);
    await pull();
    expect(existsSync(join(mine, '05.ipynb'))).toBe(true);
    expect(readFileSync(join(mine, 'notes.ipynb'), 'utf8')).toBe('the teacher’s');
    const kept = readdirSync(mine).filter((name) => /^notes_.*\.ipynb$/.test(name));
    expect(kept.map((name) => readFileSync(join(mine, name), 'utf8'))).toEqual(['mine']);
  });

  test('where a first pull fails, the notebooks are in another folder until one succeeds, and then in it', async () => {
    mine = join(folder, 'new', 'mine');
    const none = { KAFKA_LAB_REPOSITORY: `file://${folder}/none.git` };
    const failed = await attempt(none);
    expect(failed.output).toContain('The notebooks could not be brought up to date');
    expect(failed.used).toBe(`${mine}-offline`);
    expect(readdirSync(dirname(mine))).toEqual([]);
    mkdirSync(failed.used);
    writeFileSync(join(failed.used, '05.ipynb'), 'done meanwhile');

    await pull();
    expect(cellsIn(mine)).toEqual(cellsIn(desk));
    expect(readFileSync(join(mine, 'offline', '05.ipynb'), 'utf8')).toBe('done meanwhile');
    expect(readdirSync(dirname(mine))).toEqual(['mine']);
    expect((await attempt(none)).used).toBe(mine);
  });

  test('a server that never answers is given up, and no git is left', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    mine = join(folder, 'never');
    const repository = `git://127.0.0.1:${(silent.address() as AddressInfo).port}/x.git`;
    const { output, used } = await attempt({ KAFKA_LAB_REPOSITORY: repository }, 3);
    expect(output).toMatch(/could not be brought up to date: .* timed out after 3 seconds/);
    expect(used).toBe(`${mine}-offline`);
    // What was killed just now may be there for a moment.
    await waitUntil(() => processesWith('KAFKA_LAB_NOTEBOOKS', mine).length === 0, 'git to end');
  });
});
