import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installed } from '../../lib/src/paths.ts';
import { KAFKA_LAB, nothingLeft, ROOT, temporaryState } from '../support/command.ts';
import { type ExecutedCell, said, textOfSource } from '../support/course.ts';
import { courseFile, passes } from './running.ts';

const TSLAB = join(ROOT, 'node_modules', '.bin', 'tslab');
const VEGA_LITE = 'application/vnd.vegalite.v5+json';
const state = temporaryState();
const env = {
  KAFKA_LAB_STATE: state.path,
  KAFKA_LAB_PROGRESS: 'off',
  JUPYTER_PATH: join(state.path, 'share', 'jupyter'),
};
afterAll(async () => {
  await passes(process.execPath, [KAFKA_LAB, 'stop'], env);
  await nothingLeft(state.path).finally(() => state.end());
});

describe('on stock tslab, as its own command installs it', () => {
  beforeAll(async () => {
    const where = ['--prefix', state.path, '--python', installed().python];
    await passes(process.execPath, [TSLAB, 'install', ...where, '--binary', TSLAB]);
  });

  test.concurrent.each(['00', '05', '08'])('notebook %s', async (start) => {
    const cells = await executed(start);
    expect(cells.flatMap(failures)).toEqual([]);
    for (const cell of cells) {
      const calls = (what: RegExp) => textOfSource(cell.source).match(what)?.length ?? 0;
      const passed = said(cell).match(/^✓/gm) ?? [];
      expect(passed, `checks of ${cell.id}`).toHaveLength(calls(/\bcheck\(/g));
      const drawn = (cell.outputs ?? []).filter(({ data }) => data?.[VEGA_LITE]);
      expect(drawn, `charts of ${cell.id}`).toHaveLength(calls(/\bcharts\.\w+\(/g));
    }
    if (start === '00') expect(cells.map(said).join('\n')).toContain("typescript: '5.0.4'");
  });
});

/** The code cells of a notebook of the course, after they ran there. */
async function executed(start: string): Promise<ExecutedCell[]> {
  const [file, output] = [courseFile(start), join(state.path, 'out')];
  const convert = ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--output-dir', output];
  const kernel = '--ExecutePreprocessor.kernel_name=tslab';
  await passes(installed().python, [...convert, kernel, file], env);
  const { cells, metadata } = JSON.parse(readFileSync(join(output, basename(file)), 'utf8'));
  // What tslab calls itself, whichever TypeScript it brings.
  expect(metadata.language_info).toMatchObject({ name: 'typescript', version: '3.7.2' });
  return cells.filter((cell: ExecutedCell) => cell.cell_type === 'code');
}

/** tslab has no output for errors: what fails is printed. */
function failures({ outputs = [] }: ExecutedCell) {
  return outputs.filter((output) => 'name' in output && output.name === 'stderr');
}
