import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fitted } from '../../lib/src/charts/drawing/fitted.ts';
import { makeSite } from '../../lib/src/site/index.ts';
import type { Cell } from '../../lib/src/slides/notebook.ts';
import { ROOT } from './command.ts';
import { writeExecuted } from './executed.ts';

/** The names of the course's notebooks. */
export const COURSE = notebooksIn(join(ROOT, 'notebooks'));
/** Those of the notebooks that are only here, and what they hold: everything that a cell can show, and every stored chart. */
export const OTHERS = ['98-everything', '99-charts'];

/**
 * Makes the site of the course in `folder`, as an earlier stage has executed it, with two pages more.
 * @returns where it is. @throws if nothing has executed it
 */
export async function buildSite(folder: string): Promise<string> {
  const left = join(ROOT, 'build', 'notebooks');
  if (!existsSync(left) || !COURSE.every((name) => notebooksIn(left).includes(name)))
    throw new Error(
      'build/notebooks has no executed course, so there are no outputs to compare pages with. It is made by: npm run notebooks',
    );
  const executed = join(folder, 'executed');
  cpSync(left, executed, { recursive: true });
  await writeExecuted(executed);
  writeCharts(executed);
  const output = join(folder, 'site');
  const names = [...COURSE, ...OTHERS];
  await makeSite({ names, executed, output, repository: 'https://example.org/lab' });
  return output;
}

function notebooksIn(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));
  return files.map((file) => basename(file, '.ipynb')).sort();
}

/** A notebook that shows every picture that the charts' tests keep. */
function writeCharts(folder: string): void {
  const pictures = join(ROOT, 'test', 'pictures');
  const names = readdirSync(pictures).filter((file) => file.endsWith('.json'));
  const shown = names.map((file): Cell => {
    const spec = JSON.parse(readFileSync(join(pictures, file), 'utf8'));
    const svg = readFileSync(join(pictures, file.replace('.json', '.svg')), 'utf8');
    const data = {
      'application/vnd.vegalite.v5+json': fitted(spec),
      'image/svg+xml': svg,
      'text/plain': spec.description,
    };
    const id = basename(file, '.json');
    return { id, cell_type: 'code', metadata: {}, source: id, outputs: [{ data }] };
  });
  const title: Cell = { id: 'title', cell_type: 'markdown', metadata: {}, source: '# 99 · Charts' };
  writeFileSync(
    join(folder, '99-charts.ipynb'),
    JSON.stringify({ cells: [title, ...shown], metadata: {} }),
  );
}
