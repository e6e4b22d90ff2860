import { resolve } from 'node:path';
import { chooseNotebooks, courseNotebooks } from '../jupyter/choose.js';
import { buildDir } from '../own-folders.js';
import { makeSite } from '../site/index.js';
import { chosenHere } from './arguments/chosen.js';
import { type Command, parse, UsageError } from './arguments/command.js';
import { executedCopies } from './notebooks.js';

const help = `npm run site [-- NAME… --executed DIR --output DIR --repository URL]

Runs notebooks, and makes pages of them that need no installation and no network: from a disk, or at any address.

  NAME              a notebook of the course (05-scaling, 05) or the path of any .ipynb; none: the whole course
  --executed DIR    takes the executed copies in DIR, such as build/notebooks, and runs nothing
  --output DIR      for index.html and all that belongs to it (default: build/site)
  --repository URL  where the project is: the pages then say how to get it

docs/site.md says how to publish it.`;

export const site: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      executed: { type: 'string' },
      output: { type: 'string', default: buildDir('site') },
      repository: { type: 'string' },
    },
  });
  const repository = addressOf(values.repository);
  const files = values.executed
    ? chooseNotebooks(positionals, courseNotebooks())
    : await chosenHere(positionals);
  const executed = values.executed || (await executedCopies(files, buildDir()));
  if (typeof executed === 'number') return executed;
  const names = files.map(({ name }) => name);
  const page = await makeSite({
    names,
    executed: resolve(executed),
    output: resolve(values.output),
    repository,
  });
  console.log(page);
  return 0;
}

/** Readers are sent there: an address of the web and nothing else, below which its files are. */
function addressOf(repository: string | undefined): string | undefined {
  if (repository === undefined) return undefined;
  if (!/^https?:\/\/[\w.:-]+(\/[\w.~-]+)+\/?$/.test(repository))
    throw new UsageError(`--repository takes an address of the web, not '${repository}'.`);
  return repository.replace(/\/$/, '').replace(/\.git$/, '');
}
