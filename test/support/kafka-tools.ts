import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installed } from '../../lib/src/paths.ts';

/** Kafka's own command line tools: the independent witness of what the lab says. */
async function tool(className: string, args: string[]): Promise<string> {
  const { java, jars } = installed();
  const jvm = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', jars.join(':'), className];
  const { stdout } = await promisify(execFile)(java, [...jvm, ...args], { timeout: 30_000 });
  return stdout;
}

export interface GroupRow {
  topic: string;
  partition: number;
  committed: number;
  end: number;
  lag: number;
  /** The client id, the start of the member's id. */
  member: string;
}

/** `kafka-consumer-groups --describe`: a row for each partition of the group. */
export async function describeGroup(brokers: string[], group: string): Promise<GroupRow[]> {
  const args = ['--bootstrap-server', brokers.join(','), '--describe', '--group', group];
  const out = await tool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', args);
  return out
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name === group)
    .map(([, topic = '', partition, committed, end, lag, , , client = '']) => ({
      topic,
      partition: Number(partition),
      committed: Number(committed),
      end: Number(end),
      lag: Number(lag),
      member: client,
    }))
    .sort((a, b) => a.partition - b.partition);
}

/** `kafka-get-offsets`: the end offset of each partition of a topic. */
export async function endOffsets(
  brokers: string[],
  topic: string,
): Promise<Record<number, number>> {
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic];
  const out = await tool('org.apache.kafka.tools.GetOffsetShell', args);
  const rows = out
    .trim()
    .split('\n')
    .map((line) => line.split(':').slice(-2).map(Number));
  return Object.fromEntries(rows);
}

/** `kafka-consumer-groups --describe --members`: the ids of a group's members. */
export async function membersOf(brokers: string[], group: string): Promise<string[]> {
  const args = [
    '--bootstrap-server',
    brokers.join(','),
    '--describe',
    '--members',
    '--group',
    group,
  ];
  const out = await tool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', args);
  const rows = out.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([name]) => name === group).map(([, id = '']) => id);
}
