import { readFileSync } from 'node:fs';
import { LabError } from '../errors.js';
import { chooseNotebooks, courseNotebooks, type NotebookFile } from '../jupyter/choose.js';
import { contentsOf } from '../lessons/contents.js';
import { type Notebook, timetable } from '../slides/index.js';
import { type Command, parse, UsageError } from './arguments/command.js';

const help = `npx --no kafka-lab timetable LESSON… [--at HH:MM]

Says when each section of a lesson begins, for whoever teaches it.

  LESSON…      05-scaling, or 05; several follow one another
  --at HH:MM   when the first begins; without, hours and minutes are counted from its beginning

The minutes that a lesson states are shared among its sections by what these hold: words, drawings, cells to run, predictions, exercises.`;

export const timetabling: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: { at: { type: 'string', default: '0:00' } },
  });
  if (positionals.length === 0) throw new UsageError('Which lesson?');
  let at = minutesOf(values.at);
  for (const file of chooseNotebooks(positionals, courseNotebooks())) {
    const { heading, minutes, lines } = plan(file, at);
    console.log([heading, ...lines].join('\n'));
    at += minutes;
  }
  console.log(`${clock(at)}  end`);
  return 0;
}

/** @throws LabError BAD_INPUT if the notebook states no minutes */
function plan({ name, path }: NotebookFile, at: number) {
  const { title, minutes } = contentsOf(path);
  if (minutes === undefined) {
    throw new LabError('BAD_INPUT', {
      what: `${name} does not say how long it takes.`,
      fix: 'Name a lesson, such as 05: lessons do.',
    });
  }
  const starts = new Map<number, string[]>();
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
  for (const section of timetable(cells, minutes))
    starts.set(section.from, [...(starts.get(section.from) ?? []), section.title]);
  return {
    ...{ minutes, heading: `${name.slice(0, 2)} · ${title}, ${minutes} minutes` },
    lines: [...starts].map(([from, titles]) => `${clock(at + from)}  ${titles.join(' · ')}`),
  };
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hours === undefined) throw new UsageError(`--at takes a time such as 14:00, not '${time}'.`);
  return Number(hours) * 60 + Number(minutes);
}

const clock = (minutes: number): string =>
  `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`.padStart(5);
