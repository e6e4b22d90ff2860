import { watchClass } from '../terminal/kafka/class-watch.js';
import { onKafka, type Session } from '../terminal/kafka/session.js';
import { afterInterrupt, writeLine } from '../terminal/ui/output.js';
import { Screen } from '../terminal/ui/screen.js';
import { jsonLine } from '../terminal/ui/text.js';
import { type Command, parse } from './arguments/command.js';

const help = `npx --no kafka-lab class [--watch] [--json]

Shows the class board: how far each learner is with each lesson, and which lesson they opened last.

  --watch   shows every change, until Ctrl-C
  --json    for programs: one object a line for each learner, with --watch again whenever it has changed

It shows those who share that with KAFKA_LAB_CLASS=on: their topics are called PREFIX.progress, and whoever may read them
sees their board. \`reset --prefix PREFIX\` removes a learner's.`;

export const classBoard: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values } = parse({
    args: argv,
    options: {
      watch: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const request = { holder: 'class', endsItself: values.watch };
  return onKafka(request, (session) => show(session, values));
}

async function show(
  session: Session,
  { watch, json }: { watch: boolean; json: boolean },
): Promise<number> {
  const screen = new Screen(process.stdout);
  const before = new Set<string>();
  await watchClass(session, !watch, async ({ lines, learners }) => {
    if (!json && watch) return screen.draw(lines);
    const all = json ? learners.map(jsonLine) : lines;
    for (const line of all) if (!json || !before.has(line)) await writeLine(line);
    for (const line of all) before.add(line);
    return undefined;
  });
  await afterInterrupt(session.ended);
  return session.exitCode(watch);
}
