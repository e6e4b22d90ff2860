import { onKafka } from '../terminal/session.js';
import { table } from '../terminal/table.js';
import { jsonLine } from '../terminal/text.js';
import { createTopic, type TopicState, topicState, topicStates } from '../terminal/topics.js';
import { type Command, parse, positive, UsageError } from './command.js';
import { only, topicName } from './names.js';

const help = `npx --no kafka-lab topic [NAME] [--partitions N] [--json]

Creates a topic, or lists the topics with their partitions and records.

  NAME             the topic; none: all of them, Kafka's own left out
  --partitions N   creates it with so many (1 to 100); fine if it is there with just as many
  --json           for programs: one object a line

  kafka-lab topic orders --partitions 3
  kafka-lab topic`;

export const topic: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: { partitions: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const name = only('topic', positionals.map(topicName), undefined);
  const { json } = values;
  if (values.partitions === undefined) return list(name, json);
  const partitions = positive('partitions', values.partitions);
  if (partitions > 100) throw new UsageError(`--partitions takes 1 to 100, not ${partitions}.`);
  if (name === undefined) throw new UsageError('--partitions needs the name of a topic.');
  return create(name, partitions, json);
}

function list(name: string | undefined, json: boolean): Promise<number> {
  return onKafka({ holder: ['topic', name].filter(Boolean).join(' ') }, async ({ admin }) => {
    const states = name === undefined ? await topicStates(admin) : [await topicState(admin, name)];
    if (json) for (const state of states) console.log(jsonLine(state));
    else for (const line of describe(states)) console.log(line);
    return 0;
  });
}

function describe(states: TopicState[]): string[] {
  if (states.length === 0)
    return ['No topic yet. npx --no kafka-lab topic orders --partitions 3 creates one.'];
  return table(
    ['topic', 'partitions', 'records'],
    states.map((state) => Object.values(state)),
  );
}

function create(name: string, partitions: number, json: boolean): Promise<number> {
  return onKafka({ holder: `topic ${name}` }, async (session) => {
    const created = await createTopic(session, name, partitions);
    const parts = `${partitions} partition${partitions === 1 ? '' : 's'}`;
    if (json) console.log(jsonLine({ topic: name, partitions, created }));
    else if (created) console.log(`Created topic ${name} with ${parts}.`);
    else console.log(`Topic ${name} is already there with ${parts}.`);
    return 0;
  });
}
