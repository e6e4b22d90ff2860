import { whereOpen } from '../terminal/kafka/open-transactions.js';
import { onKafka } from '../terminal/kafka/session.js';
import { createTopic, type TopicState, topicState, topicStates } from '../terminal/kafka/topics.js';
import { deleteTopic } from '../terminal/reset/delete-topic.js';
import { confirmed, requireSomebodyToAsk } from '../terminal/ui/confirm.js';
import { table } from '../terminal/ui/table.js';
import { jsonLine } from '../terminal/ui/text.js';
import { count } from '../words.js';
import {
  type Command,
  only,
  orUsage,
  parse,
  positive,
  topicName,
  UsageError,
} from './arguments/command.js';

const help = `npx --no kafka-lab topic [NAME] [--partitions N] [--json]
npx --no kafka-lab topic NAME --delete [--yes]

Creates, deletes or lists topics, with their partitions and how many offsets Kafka still holds.

  NAME             the topic; none: all of them, Kafka's own left out
  --partitions N   creates it with N (1 to 100); nothing changes if it exists with as many
  --delete         deletes it with its records, after asking, unless it is being read or belongs to an open notebook
  --yes            does not ask: for scripts
  --json           for programs: one object a line

Offsets are those from the first to the last that Kafka still has, of all partitions. Where a topic is compacted, or was
written to in transactions, there are fewer records. Where a transaction is open, a line says so ("open": in how many partitions).

  kafka-lab topic orders --partitions 3
  kafka-lab topic`;

export const topic: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      partitions: { type: 'string' },
      delete: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const name = only('topic', positionals.map(topicName), undefined);
  const { json, yes } = values;
  if (values.delete && (values.partitions !== undefined || json))
    throw new UsageError('--delete cannot be combined with --partitions or --json.');
  if (values.delete && name === undefined)
    throw new UsageError('--delete needs the name of a topic.');
  if (values.delete) return remove(name as string, yes);
  if (yes) throw new UsageError('--yes is only for --delete.');
  if (values.partitions === undefined) return list(name, json);
  const partitions = positive('partitions', values.partitions);
  if (partitions > 100) throw new UsageError(`--partitions takes 1 to 100, not ${partitions}.`);
  if (name === undefined) throw new UsageError('--partitions needs the name of a topic.');
  return create(name, partitions, json);
}

function remove(name: string, sure: boolean): Promise<number> {
  if (!sure) orUsage(requireSomebodyToAsk);
  return onKafka({ holder: `topic ${name} --delete` }, async (session) => {
    const deleted = await deleteTopic(session, name, async (partitions) => {
      const question = `Delete topic ${name} with ${count(partitions, 'partition')} and all its records?`;
      return sure || confirmed(question, session.ended);
    });
    console.log(deleted ? `Deleted topic ${name}.` : 'Nothing was changed.');
    return 0;
  });
}

function list(name: string | undefined, json: boolean): Promise<number> {
  return onKafka({ holder: ['topic', name].filter(Boolean).join(' ') }, async (session) => {
    const states =
      name === undefined ? await topicStates(session) : [await topicState(session, name)];
    if (json) for (const state of states) console.log(jsonLine(state));
    else for (const line of describe(states)) console.log(line);
    return 0;
  });
}

function describe(states: TopicState[]): string[] {
  if (states.length === 0)
    return ['No topic yet. npx --no kafka-lab topic orders --partitions 3 creates one.'];
  const open = states.filter((state) => (state.open ?? 0) > 0).map((state) => state.topic);
  const lines = table(
    ['topic', 'partitions', 'offsets'],
    states.map(({ topic, partitions, offsets }) => [topic, partitions, offsets]),
  );
  return open.length > 0 ? [...lines, whereOpen(open)] : lines;
}

function create(name: string, partitions: number, json: boolean): Promise<number> {
  return onKafka({ holder: `topic ${name}` }, async (session) => {
    const created = await createTopic(session, name, partitions);
    const parts = count(partitions, 'partition');
    if (json) console.log(jsonLine({ topic: name, partitions, created }));
    else if (created) console.log(`Created topic ${name} with ${parts}.`);
    else console.log(`Topic ${name} is already there with ${parts}.`);
    return 0;
  });
}
