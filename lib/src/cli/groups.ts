import { groupLines, type Line, paintLine } from '../terminal/kafka/group-lines.js';
import type { GroupState } from '../terminal/kafka/group-state.js';
import { lookAtGroups, watchGroups } from '../terminal/kafka/group-watch.js';
import { onKafka, type Session } from '../terminal/kafka/session.js';
import { painter } from '../terminal/ui/colour.js';
import { afterInterrupt, writeLine } from '../terminal/ui/output.js';
import { Screen } from '../terminal/ui/screen.js';
import { jsonLine } from '../terminal/ui/text.js';
import { type Command, only, parse, plainName, positive } from './arguments/command.js';

const help = `npx --no kafka-lab groups [GROUP] [--watch] [--skip N] [--json]

Shows groups: state, members, and for each partition of their topics the reader, committed offset, end and lag.

  GROUP     one group; none: all of them, those with members first
  --watch   shows every change, until Ctrl-C; of the groups with members, those that got them last come first
  --skip N  leaves out the first N groups, to see those that do not fit on the screen
  --json    for programs: one object a line for each group, with --watch again whenever it has changed

Lag is end minus committed offset; where nothing was committed yet ("-", null), it counts from the first record.
Where a transaction is open, a line says at which offset readers of committed records wait ("stable").

A group with another protocol than that of kafkajs is marked: consumer (KIP-848), share (KIP-932; "committed" is where it continues, lag
what nobody has finished; a partition has several members).

  kafka-lab groups shipping --watch`;

export const groups: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      watch: { type: 'boolean', default: false },
      skip: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const group = only(
    'group',
    positionals.map((name) => plainName('group', name)),
    undefined,
  );
  const skip = values.skip === undefined ? 0 : positive('skip', values.skip);
  const wanted = { group, skip, json: values.json };
  const holder = ['groups', group].filter(Boolean).join(' ');
  if (!values.watch) return onKafka({ holder }, (session) => once(session, wanted));
  return onKafka({ holder, endsItself: true }, (session) => watch(session, wanted));
}

interface Wanted {
  group: string | undefined;
  skip: number;
  json: boolean;
}

async function once(session: Session, { group, skip, json }: Wanted): Promise<number> {
  const states = (await lookAtGroups(session, group)).slice(skip);
  const paint = painter(process.stdout);
  if (json) for (const state of states) await writeLine(jsonLine(state));
  else for (const line of describe(states, group)) await writeLine(paintLine(line, paint));
  return 0;
}

async function watch(session: Session, { group, skip, json }: Wanted): Promise<number> {
  const paint = painter(process.stdout);
  const screen = new Screen(process.stdout);
  const before = new Map<string, string>();
  await watchGroups(session, group, async (all) => {
    const states = all.slice(skip);
    const lines = () =>
      describe(states, group).map((line) => paintLine(line, paint, screen.columns));
    if (!json)
      return screen.draw(lines(), group === undefined ? 'GROUP or --skip N shows them' : '');
    for (const state of states) {
      const line = jsonLine(state);
      if (before.get(state.group) !== line) await writeLine(line);
      before.set(state.group, line);
    }
    return undefined;
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
