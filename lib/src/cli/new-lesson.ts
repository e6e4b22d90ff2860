import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { skeletonOf } from '../lessons/skeleton.js';
import { courseFolder } from '../own-folders.js';
import { marked, type Notebook } from '../slides/index.js';
import { type Command, parse, theOnly } from './arguments/command.js';

const help = `npm run new-lesson NAME

Writes the skeleton of a lesson to notebooks/: it runs, has all parts, and says TODO where you have to write.

  NAME   two digits and words, such as 19-my-lesson`;

export const newLesson: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { positionals } = parse({ args: argv, allowPositionals: true, options: {} });
  const name = theOnly('lesson', positionals);
  const notebook = marked(skeletonOf(name) as unknown as Notebook);
  const path = join(courseFolder(), `${name}.ipynb`);
  // Never over one that somebody else has just written.
  writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`, { flag: 'wx' });
  console.log(
    `Wrote ${relative(process.cwd(), path)}. It runs as it is: npm run notebooks -- ${name}`,
  );
  console.log('Write where it says TODO, link to it from its neighbours and from 00-start-here,');
  console.log('then run: npm run check:lessons');
  return 0;
}
