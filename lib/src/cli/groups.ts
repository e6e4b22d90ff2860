import { painter } from '../terminal/colour.js';
import { groupLines, type Line, paintLine } from '../terminal/group-lines.js';
import type { GroupState } from '../terminal/group-state.js';
import { lookAtGroups, watchGroups } from '../terminal/group-watch.js';
import { afterInterrupt, writeLine } from '../terminal/output.js';
import { Screen } from '../terminal/screen.js';
import { onKafka, type Session } from '../terminal/session.js';
import { jsonLine } from '../terminal/text.js';
import { type Command, parse } from './command.js';
import { only, plainName } from './names.js';

const help = `npx --no kafka-lab groups [GROUP] [--watch] [--json]

Shows consumer groups: state, members, and for each partition of its topics the reader, committed offset, end and lag.

  GROUP     one group; none: all of them
  --watch   shows every change, until Ctrl-C
  --json    for programs: one object a line for each group, with --watch again whenever it has changed

Lag is end minus committed offset; where nothing was committed yet ("-", null), it counts from the first record.

  kafka-lab groups shipping --watch`;

export const groups: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      watch: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const group = only(
    'group',
    positionals.map((name) => plainName('group', name)),
    undefined,
  );
  const holder = ['groups', group].filter(Boolean).join(' ');
  if (!values.watch) return onKafka({ holder }, (session) => once(session, group, values.json));
  return onKafka({ holder, endsItself: true }, (session) => watch(session, group, values.json));
}

async function once(session: Session, group: string | undefined, json: boolean): Promise<number> {
  const states = await lookAtGroups(session, group);
  const paint = painter(process.stdout);
  if (json) for (const state of states) await writeLine(jsonLine(state));
  else for (const line of describe(states, group)) await writeLine(paintLine(line, paint));
  return 0;
}

async function watch(session: Session, group: string | undefined, json: boolean): Promise<number> {
  const paint = painter(process.stdout);
  const screen = new Screen(process.stdout);
  const before = new Map<string, string>();
  await watchGroups(session, group, async (states) => {
    if (!json)
      return screen.draw(
        describe(states, group).map((line) => paintLine(line, paint, screen.columns)),
      );
    for (const state of states) {
      const line = jsonLine(state);
      if (before.get(state.group) !== line) await writeLine(line);
      before.set(state.group, line);
    }
  });
  await afterInterrupt(session.ended);
  return session.exitCode(true);
}

function describe(states: GroupState[], group: string | undefined): Line[] {
  if (states.length === 0)
    return [{ text: group === undefined ? 'No group yet.' : `No group ${group} yet.` }];
  return states.flatMap((state, i) =>
    i === 0 ? groupLines(state) : [{ text: '' }, ...groupLines(state)],
  );
}
