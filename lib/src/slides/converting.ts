import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../errors.js';
import { copyDrawings } from '../jupyter/drawings.js';
import { jupyterEnvironment } from '../jupyter/environment.js';
import { installed, root } from '../paths.js';
import { withWideCharts } from './charts.js';
import type { Notebook } from './notebook.js';
import { prepared, type SlideOptions } from './preparing.js';

const LIMIT_MS = 120_000;
const TEMPLATES = join(root, 'lib', 'slides');

/** What the pages need of reveal.js; they ask nobody else for anything. */
const REVEAL = ['dist/reveal.css', 'dist/reveal.js', 'plugin/notes/notes.js', 'LICENSE'];

export interface Conversion extends Pick<SlideOptions, 'solutions'> {
  names: readonly string[];
  /** Has the executed notebooks. */
  executed: string;
  /** Gets NAME.html and reveal/. */
  output: string;
}

/**
 * Makes slides of executed notebooks. @returns their paths
 * @throws LabError JUPYTER_FAILED if nbconvert cannot
 */
export async function makeSlides({ names, solutions, executed, output }: Conversion) {
  const drafts = join(output, 'drafts');
  mkdirSync(drafts, { recursive: true });
  for (const name of names) {
    const notebook = JSON.parse(readFileSync(join(executed, `${name}.ipynb`), 'utf8')) as Notebook;
    const slides = prepared(await withWideCharts(notebook), { solutions, others: names });
    writeFileSync(join(drafts, `${name}.ipynb`), JSON.stringify(slides));
  }
  copyDrawings(executed, drafts);
  copyReveal(join(output, 'reveal'));
  try {
    await convert(
      names.map((name) => join(drafts, `${name}.ipynb`)),
      output,
    );
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
  return names.map((name) => join(output, `${name}.html`));
}

function copyReveal(target: string): void {
  const source = dirname(require.resolve('reveal.js/package.json'));
  for (const file of REVEAL) cpSync(join(source, file), join(target, file));
  cpSync(join(TEMPLATES, 'lab.css'), join(target, 'dist', 'theme', 'lab.css'));
}

async function convert(notebooks: string[], output: string): Promise<void> {
  const options = [
    ...['--to', 'slides', '--template', 'kafka-lab', '--output-dir', output],
    `--TemplateExporter.extra_template_basedirs=${TEMPLATES}`,
    '--SlidesExporter.file_extension=.html',
    '--SlidesExporter.embed_images=True',
    '--SlidesExporter.reveal_url_prefix=reveal',
    '--SlidesExporter.reveal_theme=lab',
  ];
  try {
    await promisify(execFile)(
      installed().python,
      ['-I', '-m', 'nbconvert', ...options, ...notebooks],
      { env: jupyterEnvironment(), timeout: LIMIT_MS, maxBuffer: 16 * 1024 ** 2 },
    );
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new LabError('JUPYTER_FAILED', {
      what: 'The slides could not be made.',
      why: stderr.match(/^\w*(Error|Exception)\b.*/gm)?.at(-1) ?? message,
      fix: 'Run: npm run setup',
      cause,
    });
  }
}
