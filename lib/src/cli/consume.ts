import { recordRun, type Shown } from '../runs/index.js';
import { type ConsumeOptions, consume as readAsMember } from '../terminal/kafka/consumer.js';
import { forPeople, forPrograms } from '../terminal/kafka/reading-lines.js';
import { onKafka, type Session } from '../terminal/kafka/session.js';
import { consumeShared } from '../terminal/kafka/share-consumer.js';
import { afterInterrupt } from '../terminal/ui/output.js';
import { list } from '../words.js';
import {
  type Command,
  parse,
  plainName,
  positive,
  theOnly,
  topicName,
  UsageError,
} from './arguments/command.js';

const help = `npx --no kafka-lab consume TOPIC --group NAME | --share NAME [--name NAME] [--count N]
    [--record FILE [--shows LIST]] [--json]

Reads a topic as a member of a group, and shows its partitions and every record.

  --group NAME   the consumer group; a new one starts at the beginning, a known one at its committed offset
  --share NAME   the share group (KIP-932), whose members share partitions, record by record; a new one starts at the beginning
  --name NAME    the client id (default: the first of NAME-1, NAME-2, … that is not in the group)
  --count N      ends after N records; otherwise reads until Ctrl-C, then leaves the group
  --record FILE  records to a new file what happens, for: npx --no kafka-lab replay FILE
  --shows LIST   what of it is recorded as it is, with commas between: keys, values, clientIds, prefix; else there are stand-ins
  --json         for programs: one object a line, distinguished by "type": joining, assigned, record, left

A record has member, group, topic, partition, offset, key and value. For people, a key or value of over 200
characters is shortened, and control characters are shown as \\x1b; --json shows all of it. Where bytes are not UTF-8,
"key" or "value" is null and "keyBase64" or "valueBase64" has them.

A record of a share group also has deliveryCount: how often somebody was given it, this time included. It is accepted once it was
shown.

  kafka-lab consume orders --group shipping`;

export const consume: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { options, kind, record, shown, json } = wantedOf(argv);
  const holder = `consume ${options.topic} --${kind} ${options.group}`;
  return onKafka({ holder, endsItself: true }, async (session) => {
    const { prefix } = session.lease;
    const recorder = record && recordRun(record, shown, { prefix });
    try {
      const recorded = { ...options, ...(recorder && { recorder }) };
      return await show({ session, kind, options: recorded, json });
    } finally {
      if (recorder) recorder.close();
    }
  });
}

/** What is asked for. @throws UsageError */
function wantedOf(argv: string[]) {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      group: { type: 'string' },
      share: { type: 'string' },
      name: { type: 'string' },
      count: { type: 'string' },
      record: { type: 'string' },
      shows: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { record, json, name, count } = values;
  const shown = shownOf(values);
  const topic = topicName(theOnly('topic', positionals));
  const { kind, group } = groupOf(values);
  const options: ConsumeOptions = {
    ...{ topic, group },
    name: name === undefined ? undefined : plainName('name', name),
    count: count === undefined ? undefined : positive('count', count),
  };
  return { options, kind, record, shown, json };
}

function groupOf({ group, share }: { group?: string; share?: string }): {
  kind: keyof typeof KINDS;
  group: string;
} {
  const name = group ?? share;
  if (name === undefined)
    throw new UsageError('--group is missing: the group to read as a member of.');
  if (group !== undefined && share !== undefined)
    throw new UsageError('--group and --share exclude each other.');
  return { kind: share === undefined ? 'group' : 'share', group: plainName('group', name) };
}

const SHOWN = ['keys', 'values', 'clientIds', 'prefix'] as const;

function shownOf({ record, shows }: { record?: string; shows?: string }): Shown {
  if (shows === undefined) return {};
  if (record === undefined) throw new UsageError('--shows is about what --record FILE records.');
  const names = shows.split(',');
  const wrong = names.filter((name) => !SHOWN.some((each) => each === name));
  if (wrong.length > 0) throw new UsageError(`--shows takes ${list(SHOWN)}, with commas between.`);
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** How members of either kind of group read, and what a partition is to them. */
const KINDS = {
  group: { read: readAsMember, has: 'owns' },
  share: { read: consumeShared, has: 'reads' },
};

interface Showing {
  session: Session;
  kind: keyof typeof KINDS;
  options: ConsumeOptions;
  json: boolean;
}

async function show({ session, kind, options, json }: Showing): Promise<number> {
  const { read, has } = KINDS[kind];
  const show = json ? forPrograms(options) : forPeople(options, has);
  const records = await read(session, options, show);
  await afterInterrupt(session.ended);
  await show.left(records);
  return session.exitCode(options.count === undefined);
}
