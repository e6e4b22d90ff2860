import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseNotebooks, courseNotebooks, type NotebookFile } from '../jupyter/choose.js';
import { buildDir } from '../own-folders.js';
import { makeSlides, marked, type Notebook } from '../slides/index.js';
import { chosenHere } from './arguments/chosen.js';
import { type Command, parse } from './arguments/command.js';
import { executedCopies } from './notebooks.js';

const help = `npm run slides [-- NAME… --solutions --mark --output DIR]

Runs notebooks, and makes slides of them: one page each, with the outputs of its cells, that needs no network.

  NAME           a notebook of the course (05-scaling, 05) or the path of any .ipynb; none: the whole course
  --solutions    shows the solutions of exercises; without, they are not in the page
  --output DIR   for NAME.html (default: build/slides; with KAFKA_LAB_STATE, there)
  --mark         for authors, instead: writes into the cells' metadata what is a slide, where it does not say so yet

Open a page in a browser: arrows move, S opens the presenter's view with the notes, Esc shows all slides.`;

export const slides: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      solutions: { type: 'boolean', default: false },
      mark: { type: 'boolean', default: false },
      output: { type: 'string', default: buildDir('slides') },
    },
  });
  if (values.mark) return mark(chooseNotebooks(positionals, courseNotebooks()));
  const files = await chosenHere(positionals);
  const output = resolve(values.output);
  const executed = await executedCopies(files, join(output, 'executed'));
  if (typeof executed === 'number') return executed;
  const names = files.map(({ name }) => name);
  const { solutions } = values;
  const pages = await makeSlides({ names, solutions, output, executed });
  for (const page of pages) console.log(page);
  return 0;
}

/** Changes nothing but metadata, and no file in which every cell says already what it is. */
function mark(files: NotebookFile[]): number {
  for (const { name, path } of files) {
    const before = readFileSync(path, 'utf8');
    const after = `${JSON.stringify(marked(JSON.parse(before) as Notebook), null, 1)}\n`;
    if (after !== before) writeFileSync(path, after);
    console.log(`${after === before ? 'as it was' : 'marked   '}  ${name}`);
  }
  return 0;
}
