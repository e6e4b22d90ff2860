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
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Started } from '../support/command.ts';
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

  async function pull(): Promise<void> {
    const args = ['-m', 'nbgitpuller.pull', `${told['KAFKA_LAB_REPOSITORY']}`, 'main', mine];
    const { code, output } = await new Started(join(lab, '.lab/venv/bin/python'), args, told, {
      cwd: folder,
    }).ended;
    expect(code, output).toBe(0);
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
});
