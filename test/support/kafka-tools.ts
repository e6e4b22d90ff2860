import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import {
  CONSUMER_GROUPS,
  type GroupRow,
  groupRows,
  nothingOfNoGroup,
} from '../../lib/src/broker/tools/describe-group.ts';
import { producerRows } from '../../lib/src/broker/tools/describe-producers.ts';
import {
  SHARE_GROUPS,
  type ShareGroupRow,
  shareGroupRows,
} from '../../lib/src/broker/tools/describe-share-group.ts';
import {
  type PartitionRow,
  partitionRows,
  TOPICS,
} from '../../lib/src/broker/tools/describe-topic.ts';
import { runTool } from '../../lib/src/broker/tools/run-tool.ts';
import { installed } from '../../lib/src/paths.ts';

export { type GroupRow, groupRows };

/** How long a tool may take, in ms. */
const LIMIT = 30_000;

/** Kafka's own command line tools: the independent witness of what the lab says. */
const tool = (className: string, args: string[], limit = LIMIT): Promise<string> =>
  runTool({ name: className, className, args }, { limit });

/** How Java is called to run a tool. */
function toolOf(className: string): string[] {
  return ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', installed().jars.join(':'), className];
}

/** What it may take for an answer, in ms: five seconds unless told. */
const PATIENT = ['--timeout', String(LIMIT)];

/** `kafka-consumer-groups --describe`, for whoever runs it himself. */
export const describing = (): string[] => [...toolOf(CONSUMER_GROUPS), '--describe', ...PATIENT];

/** What it prints. `which` are the groups, and what is to be told of them. */
function describe(brokers: string[], which: string[], limit = LIMIT): Promise<string> {
  const args = ['--bootstrap-server', brokers.join(','), '--describe', ...PATIENT, ...which];
  // The broker forgets a group without members and bookmarks within a second.
  return tool(CONSUMER_GROUPS, args, limit).catch(nothingOfNoGroup);
}

/** `kafka-consumer-groups --describe`: a row for each partition of the group. */
export async function describeGroup(brokers: string[], group: string): Promise<GroupRow[]> {
  return groupRows(await describe(brokers, ['--group', group])).get(group) ?? [];
}

/** The same of all groups, by the group. The tool asks for one after another: `limit`, in ms, grows with their number. */
export async function describeAllGroups(
  brokers: string[],
  limit: number,
): Promise<Map<string, GroupRow[]>> {
  return groupRows(await describe(brokers, ['--all-groups'], limit));
}

/** Kafka's word for the protocol of a group, and by the client id of each member what it owns: partitions by topic. */
interface GroupSeen {
  type: string;
  members: Record<string, ByTopic>;
}
type ByTopic = Record<string, number[]>;

/** `kafka-consumer-groups --describe --members --verbose`, and `--list --type`. */
export async function describeMembers(brokers: string[], group: string): Promise<GroupSeen> {
  const listing = ['--bootstrap-server', brokers.join(','), '--list', '--type', ...PATIENT];
  const [printed, listed] = await Promise.all([
    describe(brokers, ['--members', '--verbose', '--group', group]),
    tool(CONSUMER_GROUPS, listing),
  ]);
  const [, type = ''] = cells(listed).find(([name]) => name === group) ?? [];
  const lines = cells(printed); // Java may print warnings in front
  const heading = lines.find(([first]) => first === 'GROUP') ?? [];
  const rows = lines.filter(([first]) => first === group);
  const [client, owned] = ['CLIENT-ID', 'CURRENT-ASSIGNMENT'].map((name) => heading.indexOf(name));
  const members = rows.map((row) => [row[client as number], byTopic(row[owned as number])]);
  return { type, members: Object.fromEntries(members) };
}

/** The words of each line that has some. */
const cells = (printed: string): string[][] =>
  printed.split('\n').flatMap((line) => (line.trim() ? [line.trim().split(/\s+/)] : []));

/** From `orders:0,1` or, of several topics, `bills:2;orders:0,1`. */
function byTopic(text = '-'): ByTopic {
  const topics = text === '-' ? [] : text.split(';');
  return Object.fromEntries(
    topics.map((one) => {
      const [topic = '', partitions = ''] = one.split(':');
      return [topic, partitions.split(',').map(Number)];
    }),
  );
}

/** `kafka-topics --describe`: who leads each partition of a topic, and who is in sync. */
export async function describeTopic(brokers: string[], topic: string): Promise<PartitionRow[]> {
  const args = ['--bootstrap-server', brokers.join(','), '--describe', '--topic', topic];
  return partitionRows(await tool(TOPICS, args));
}

type ByPartition = Record<number, number>;

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** `kafka-get-offsets`: the end offset of each partition of a topic. */
export async function endOffsets(brokers: string[], topic: string): Promise<ByPartition> {
  return (await offsetsAt('latest', brokers, [topic]))[topic] ?? {};
}

/** The same of several topics: the tool is started once. */
export function endOffsetsOf(
  brokers: string[],
  topics: string[],
): Promise<Record<string, ByPartition>> {
  return offsetsAt('latest', brokers, topics);
}

/** `kafka-get-offsets --time earliest`: where the log of each partition of a topic begins. */
export async function startOffsets(brokers: string[], topic: string): Promise<ByPartition> {
  return (await offsetsAt('earliest', brokers, [topic]))[topic] ?? {};
}

async function offsetsAt(
  time: 'earliest' | 'latest',
  brokers: string[],
  topics: string[],
): Promise<Record<string, ByPartition>> {
  const which = ['--topic', topics.join('|'), '--time', time];
  const args = ['--bootstrap-server', brokers.join(','), ...which];
  const out = await tool('org.apache.kafka.tools.GetOffsetShell', args);
  const found: Record<string, ByPartition> = {};
  for (const line of out.trim().split('\n')) {
    const [topic = '', partition, offset] = line.split(':');
    if (!topics.includes(topic)) continue; // a dot in a name is any character to the tool
    found[topic] = { ...found[topic], [Number(partition)]: Number(offset) };
  }
  return found;
}

/** `kafka-dump-log`: the first and the last offset of a segment's file. */
export async function offsetsInFile(path: string): Promise<{ first: number; last: number }> {
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', ['--files', path]);
  const batches = [...out.matchAll(/^baseOffset: (\d+) lastOffset: (\d+)/gm)];
  return { first: Number(batches[0]?.[1]), last: Number(batches.at(-1)?.[2]) };
}

/** `kafka-dump-log`: the offset of each record in a segment's file. */
export async function recordsInFile(path: string): Promise<number[]> {
  const args = ['--print-data-log', '--files', path];
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', args);
  return [...out.matchAll(/^\| offset: (\d+) /gm)].map(([, offset]) => Number(offset));
}

/** `kafka-dump-log`: the values of the records in a segment's file, in order. */
export async function valuesInFile(path: string): Promise<string[]> {
  const args = ['--print-data-log', '--files', path];
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', args);
  return [...out.matchAll(/^\| offset: \d+ .* payload: (.*)$/gm)].map(([, value = '']) => value);
}

/** `kafka-dump-log`: the ends of transactions in a segment's file, by offset. */
export async function markersInFile(path: string): Promise<Map<number, string>> {
  const args = ['--print-data-log', '--files', path];
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', args);
  const markers = out.matchAll(/^\| offset: (\d+) .*endTxnMarker: (COMMIT|ABORT)/gm);
  return new Map([...markers].map(([, offset, marker = '']) => [Number(offset), marker]));
}

/** `kafka-dump-log`: the offsets of the batches in a segment's file whose checksum is wrong. */
export async function damagedIn(path: string): Promise<{ first: number; last: number }[]> {
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', ['--files', path]);
  const damaged = out.matchAll(/^baseOffset: (\d+) lastOffset: (\d+) .*isvalid: false/gm);
  return [...damaged].map(([, first, last]) => ({ first: Number(first), last: Number(last) }));
}

/** `kafka-console-consumer` of KIP-848's protocol, or `kafka-console-share-consumer`: reads until it is ended. */
export function consoleConsumer(
  type: 'consumer' | 'share',
  { brokers, topic, group }: { brokers: string[]; topic: string; group: string },
): ChildProcess {
  const [className, ...protocol] =
    type === 'share'
      ? ['ConsoleShareConsumer']
      : ['ConsoleConsumer', '--command-property', 'group.protocol=consumer'];
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--group', group];
  const call = [...toolOf(`org.apache.kafka.tools.consumer.${className}`), ...args, ...protocol];
  return spawn(installed().java, call, { stdio: 'ignore' });
}

/** `kafka-console-producer`: writes lines as records, compressed by a codec, a hundred or so to a batch. */
export async function produceLines(
  brokers: string[],
  { topic, lines, codec }: { topic: string; lines: string[]; codec: string },
): Promise<void> {
  const big = ['--batch-size', '500000', '--timeout', '200', '--compression-codec', codec];
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, ...big];
  const call = [...toolOf('org.apache.kafka.tools.ConsoleProducer'), ...args];
  const child = spawn(installed().java, call, {
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: LIMIT,
  });
  const errors = text(child.stderr);
  child.stdin.on('error', () => {}); // its end says why
  child.stdin.end(`${lines.join('\n')}\n`);
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new Error(`ConsoleProducer ended with ${code}:\n${(await errors).slice(-500)}`);
}

/** `kafka-dump-log`: by which codecs the batches in a segment's file are compressed, each once. */
export async function codecsInFile(path: string): Promise<string[]> {
  const out = await tool('org.apache.kafka.tools.DumpLogSegments', ['--files', path]);
  const found = [...out.matchAll(/ compresscodec: (\w+)/g)].map(([, codec = '']) => codec);
  return [...new Set(found.map((codec) => codec.toLowerCase()))].sort();
}

/** `kafka-console-consumer --from-beginning`: the first `count` records of a topic. A record without a value has null. */
export async function recordsIn(
  brokers: string[],
  topic: string,
  count: number,
): Promise<{ key: string; value: string | null }[]> {
  const which = ['--from-beginning', '--max-messages', String(count), '--timeout-ms', '20000'];
  const shown = ['print.key=true', 'key.separator=|', 'null.literal=(null)'];
  const out = await tool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', brokers.join(','), '--topic', topic, ...which],
    ...shown.flatMap((property) => ['--formatter-property', property]),
  ]);
  const lines = out.split('\n').filter((line) => line.includes('|'));
  return lines.map((line) => {
    const [key = '', value = ''] = line.split('|');
    return { key, value: value === '(null)' ? null : value };
  });
}

/** `kafka-share-groups --describe`: what is told of a group, by `--members`, `--offsets` or `--state`. */
async function describeShareGroup(brokers: string[], group: string, what: string): Promise<string> {
  const args = ['--bootstrap-server', brokers.join(','), '--describe', ...PATIENT, what];
  return tool(SHARE_GROUPS, [...args, '--group', group]);
}

/** `kafka-share-groups --describe --state`: Kafka's word for it, and how many members it has. */
export async function shareGroupState(
  brokers: string[],
  group: string,
): Promise<{ state: string; members: number }> {
  const printed = cells(await describeShareGroup(brokers, group, '--state'));
  const row = printed.find(([name]) => name === group) ?? [];
  return { state: row.at(-2) ?? '', members: Number(row.at(-1)) };
}

/** `kafka-share-groups --describe --offsets`: from where on there are records to handle, and how many. */
export async function shareGroupOffsets(
  brokers: string[],
  group: string,
): Promise<ShareGroupRow[]> {
  return shareGroupRows(await describeShareGroup(brokers, group, '--offsets'), group);
}

/** `kafka-share-groups --list`. */
export async function shareGroups(brokers: string[]): Promise<string[]> {
  return listedBy(SHARE_GROUPS, brokers);
}

/** `kafka-configs --describe --entity-type groups`: the settings that were made for a group. */
export async function groupConfigs(
  brokers: string[],
  group: string,
): Promise<Record<string, string>> {
  const which = ['--describe', '--entity-type', 'groups', '--entity-name', group];
  const args = ['--bootstrap-server', brokers.join(','), ...which];
  const out = await tool('kafka.admin.ConfigCommand', args);
  const rows = [...out.matchAll(/^ *([\w.]+)=(\S*) sensitive=/gm)];
  return Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
}

/** `kafka-consumer-groups --describe --members`, or `kafka-share-groups`: the ids of a group's members. */
export async function membersOf(
  brokers: string[],
  group: string,
  type: 'consumer' | 'share' = 'consumer',
): Promise<string[]> {
  const printed =
    type === 'share'
      ? await describeShareGroup(brokers, group, '--members')
      : await describe(brokers, ['--members', '--group', group]);
  const rows = cells(printed).filter(([name]) => name === group);
  return rows.map(([, id = '']) => id);
}

/** `kafka-topics --list`, `kafka-consumer-groups --list` and `kafka-share-groups --list`: all names but Kafka's own. */
export async function namesOn(brokers: string[]): Promise<{ topics: string[]; groups: string[] }> {
  const topics = listedBy(TOPICS, brokers);
  const groups = await Promise.all([listedBy(CONSUMER_GROUPS, brokers), shareGroups(brokers)]);
  return { topics: await topics, groups: groups.flat().sort() };
}

/** What a tool's `--list` names, but Kafka's own. */
async function listedBy(className: string, brokers: string[]): Promise<string[]> {
  const out = await tool(className, ['--bootstrap-server', brokers.join(','), '--list']);
  const names = out.split('\n').map((line) => line.trim());
  return names.filter((name) => /^[\w.-]+$/.test(name) && !name.startsWith('__')).sort();
}

/** `kafka-transactions list`: the state of each transactional id. */
export async function transactions(brokers: string[]): Promise<Record<string, string>> {
  const args = ['--bootstrap-server', brokers.join(','), 'list'];
  const out = await tool('org.apache.kafka.tools.TransactionsCommand', args);
  const rows = out.split('\n').map((line) => line.trim().split(/\s+/));
  // Java's own warnings may stand among the rows: a row has a coordinator and a producer id.
  const told = rows.filter((row) => row.length === 4 && row.slice(1, 3).every(isNumber));
  return Object.fromEntries(told.map(([id, , , state]) => [id, state]));
}

/** `kafka-transactions describe-producers`: where the transactions begin that are open in a partition. */
export async function openTransactions(
  brokers: string[],
  topic: string,
  partition = 0,
): Promise<number[]> {
  const args = ['--bootstrap-server', brokers.join(','), 'describe-producers'];
  const which = ['--topic', topic, '--partition', String(partition)];
  const out = await tool('org.apache.kafka.tools.TransactionsCommand', [...args, ...which]);
  return producerRows(out).flatMap(({ transactionStart }) => transactionStart ?? []);
}

/** `kafka-log-dirs`: how many bytes the logs of topics take on disk, all partitions of a topic together. */
export async function bytesOnDisk(
  brokers: string[],
  topics: string[],
): Promise<Record<string, number>> {
  const which = ['--describe', '--topic-list', topics.join(',')];
  const args = ['--bootstrap-server', brokers.join(','), ...which];
  const out = await tool('org.apache.kafka.tools.LogDirsCommand', args);
  const found: Record<string, number> = {};
  for (const [, topic = '', size] of out.matchAll(/"partition":"([^"]+)-\d+","size":(\d+)/g))
    found[topic] = (found[topic] ?? 0) + Number(size);
  return found;
}
