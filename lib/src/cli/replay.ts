import { basename, resolve } from 'node:path';
import { LabError } from '../errors.js';
import { openFile } from '../jupyter/browser.js';
import { type Subject, subjectsOf, writeRunPage } from '../pages/index.js';
import { openRun } from '../runs/index.js';
import { visible } from '../terminal/ui/text.js';
import { type Command, parse, theOnly } from './arguments/command.js';

/** A page with more charts would be read by nobody, and take minutes to draw. */
const MOST = 12;

const help = `npx --no kafka-lab replay FILE [--topic NAME] [--group NAME] [--output PAGE] [--no-open]

Makes a page of a recorded run, and opens it: no Kafka is needed.

  FILE           what lab.saveRun(file), consume --record FILE or a program of your own has written
  --topic NAME   only of this topic
  --group NAME   only of this group
  --output PAGE  where the page goes (default: FILE with .html at its end)
  --no-open      opens no browser

The page has a slider for the moment that is shown, and needs no network. By --topic and --group it shows one of many; ${MOST} at most.`;

export const replay: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      topic: { type: 'string' },
      group: { type: 'string' },
      output: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const file = theOnly('file', positionals);
  const output = resolve(values.output ?? pageOf(file));
  const ledger = openRun(file);
  const subjects = chosen(file, subjectsOf(ledger), values);
  await writeRunPage(output, ledger, { title: basename(file), subjects });
  console.log(output);
  if (!values['no-open'] && !(await openFile(output)))
    console.log('No browser was found here: open that page in yours.');
  return 0;
}

/** Never the file itself. */
function pageOf(file: string): string {
  return `${file.replace(/\.jsonl?$/, '')}.html`;
}

function chosen(
  file: string,
  all: readonly Subject[],
  { topic, group }: { topic?: string; group?: string },
): readonly Subject[] {
  const found = all.filter(
    (subject) =>
      (topic === undefined || subject.topic === topic) &&
      (group === undefined || subject.group === group),
  );
  if (found.length > 0 && found.length <= MOST) return found;
  const names = all.slice(0, MOST).map((one) => `${visible(one.topic)} by ${visible(one.group)}`);
  throw new LabError('BAD_INPUT', {
    what:
      found.length > 0
        ? `${file} tells of ${found.length} topics and groups.`
        : `${file} tells of no such topic and group.`,
    why:
      names.length > 0
        ? `It has topics that are read: ${names.join(', ')}.`
        : 'Nobody reads a topic in it.',
    fix:
      names.length > 0
        ? `Choose one: npx --no kafka-lab replay ${JSON.stringify(file)} --topic NAME --group NAME`
        : 'Record a run in which a consumer reads: npx --no kafka-lab consume TOPIC --group NAME --record FILE',
  });
}
