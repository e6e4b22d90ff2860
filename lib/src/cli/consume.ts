import { recordRun, type Shown } from '../runs/index.js';
import {
  type ConsumeOptions,
  consume as readAsMember,
  type Watcher,
} from '../terminal/kafka/consumer.js';
import { recordJson, recordLine } from '../terminal/kafka/record.js';
import { onKafka, type Session } from '../terminal/kafka/session.js';
import { consumeShared } from '../terminal/kafka/share-consumer.js';
import { painter } from '../terminal/ui/colour.js';
import { afterInterrupt, hasBeenRead, writeLine } from '../terminal/ui/output.js';
import { jsonLine } from '../terminal/ui/text.js';
import { count, list } from '../words.js';
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
  const shown = shownOf(values);
  const topic = topicName(theOnly('topic', positionals));
  const group = values.group ?? values.share;
  if (group === undefined)
    throw new UsageError('--group is missing: the group to read as a member of.');
  if (values.group !== undefined && values.share !== undefined)
    throw new UsageError('--group and --share exclude each other.');
  const options: ConsumeOptions = {
    topic,
    group: plainName('group', group),
    name: values.name === undefined ? undefined : plainName('name', values.name),
    count: values.count === undefined ? undefined : positive('count', values.count),
  };
  const kind = values.share === undefined ? 'group' : 'share';
  const holder = `consume ${topic} --${kind} ${group}`;
  return onKafka({ holder, endsItself: true }, async (session) => {
    const { prefix } = session.lease;
    const recorder = values.record && recordRun(values.record, shown, { prefix });
    try {
      const recorded = { ...options, ...(recorder && { recorder }) };
      return await show({ session, kind, options: recorded, json: values.json });
    } finally {
      if (recorder) recorder.close();
    }
  });
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

interface Show extends Watcher {
  left(records: number): Promise<unknown>;
}

function forPeople({ topic, group }: ConsumeOptions, has: string): Show {
  const paint = painter(process.stdout);
  let name = '';
  return {
    joining: (member) => {
      name = member;
      return writeLine(`${member} joins group ${group} to read ${topic}. Ctrl-C leaves.`);
    },
    assigned: (partitions) =>
      writeLine(`${name} ${has} ${inWords(partitions, (p) => paint(p, String(p)))}`),
    record: (record) => writeLine(recordLine(record, paint)),
    hasBeenRead,
    left: (records) =>
      writeLine(`${name} has left group ${group} after ${count(records, 'record')}.`),
  };
}

function inWords(partitions: number[], shown: (partition: number) => string): string {
  if (partitions.length === 0) return 'no partition: the group has a member for each already';
  return `partition${partitions.length === 1 ? '' : 's'} ${partitions.map(shown).join(', ')}`;
}

function forPrograms({ topic, group }: ConsumeOptions): Show {
  let by = { member: '', group };
  const write = (type: string, more: object = {}) =>
    writeLine(jsonLine({ type, ...by, topic, ...more }));
  return {
    joining: (member) => {
      by = { member, group };
      return write('joining');
    },
    assigned: (partitions) => write('assigned', { partitions }),
    record: (record) => writeLine(recordJson(record, by)),
    hasBeenRead,
    left: (records) => write('left', { records }),
  };
}
