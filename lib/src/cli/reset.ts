import { createInterface } from 'node:readline/promises';
import { reset as carryOut, type Plan, planReset } from '../terminal/cleaning.js';
import { onKafka, type Session } from '../terminal/session.js';
import { visible } from '../terminal/text.js';
import { type Command, parse, UsageError } from './command.js';

const help = `npx --no kafka-lab reset [--yes]

Deletes topics and groups, after listing them and asking.

  --yes   does not ask: for scripts

On the lab's own Kafka that is everything but Kafka's internal topics; on a Kafka of yours, only what a notebook made.
What is in use stays, and is named: groups that have members, the topics they read, and what an open notebook has.`;

export const reset: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values } = parse({ args: argv, options: { yes: { type: 'boolean', default: false } } });
  if (!values.yes && !process.stdin.isTTY) {
    throw new UsageError(
      'Nobody can be asked here, since this is no terminal: add --yes to delete without asking.',
    );
  }
  return onKafka({ holder: 'reset' }, (session) => askAndReset(session, values.yes));
}

async function askAndReset(session: Session, sure: boolean): Promise<number> {
  const plan = await planReset(session);
  const total = plan.topics.length + plan.groups.length;
  for (const line of describe(plan)) console.log(visible(line));
  if (total === 0) console.log('There is nothing to delete.');
  else if (!sure && !(await confirmed(session))) console.log('Nothing was deleted.');
  else await deleteAll(session, plan);
  return 0;
}

function describe({ topics, groups, left }: Plan): string[] {
  return [
    ...topics.map((name) => `delete  topic ${name}`),
    ...groups.map((name) => `delete  group ${name}`),
    ...left.map(({ name, why }) => `leave   ${name}: ${why}`),
  ];
}

/** Ctrl-C breaks the whole command off; the end of the input is a no. */
async function confirmed({ ended }: Session): Promise<boolean> {
  // Not in readline's raw mode, where Ctrl-C would be a key like any other.
  const reader = createInterface({ input: process.stdin, terminal: false });
  try {
    process.stdout.write('Delete these? (y/N) ');
    const first = await reader[Symbol.asyncIterator]().next();
    if (first.done && !ended.aborted) process.stdout.write('\n');
    return /^\s*y(es)?\s*$/i.test(first.value ?? '');
  } finally {
    reader.close();
  }
}

async function deleteAll({ admin }: Session, plan: Plan): Promise<void> {
  const stayed = await carryOut(admin, plan);
  const groups = plan.groups.length - stayed.length;
  console.log(`Deleted ${amount(plan.topics.length, 'topic')} and ${amount(groups, 'group')}.`);
  for (const group of stayed) console.log(visible(`Left group ${group}: it has members now.`));
}

function amount(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
