import { relative, resolve } from 'node:path';
import { chooseNotebooks, courseNotebooks } from '../jupyter/choose.js';
import { projectOf, writeProject } from '../project/index.js';
import { type Command, parse, UsageError } from './arguments/command.js';

const help = `npx --no kafka-lab export NOTEBOOK FOLDER

Writes the program that you have built in a notebook as a project of its own, which needs no lab.

  NOTEBOOK  such as 20-capstone, as it was saved last
  FOLDER    where the project goes: not there yet, or empty

It has the cells that are files (those that begin with /** @module name */), a package.json, a Kafka for Docker, a test, and a
README that says how to run it.`;

export const exporting: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { positionals } = parse({ args: argv, allowPositionals: true, options: {} });
  const [name, folder, ...more] = positionals;
  if (name === undefined || folder === undefined || more.length > 0)
    throw new UsageError('Give a notebook and a folder.');
  const [notebook] = chooseNotebooks([name], courseNotebooks());
  if (!notebook) throw new UsageError('Which notebook?');
  const target = resolve(folder);
  const files = projectOf(notebook.name, notebook.path);
  writeProject(target, files);
  console.log(`Wrote ${files.size} files of ${notebook.name} to ${target}.`);
  console.log(`Read ${relative(process.cwd(), resolve(target, 'README.md'))} next.`);
  return 0;
}
