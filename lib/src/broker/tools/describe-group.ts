import { LabError } from '../../errors.js';
import type { Connection } from '../config/address.js';
import { runTool } from './run-tool.js';

/** What `kafka-consumer-groups --describe` says of one partition of a group; NaN for what it has no figure for. */
export interface GroupRow {
  topic: string;
  partition: number;
  committed: number;
  end: number;
  lag: number;
  /** The client id of the member that owns it; `-` where nobody does. */
  member: string;
}

export const CONSUMER_GROUPS = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';

/**
 * `kafka-consumer-groups --describe`: a row for each partition that the group has committed or owns, none where there is no
 * such group.
 * @param limit in ms
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function describeGroup(
  connection: Connection,
  group: string,
  limit = 30_000,
): Promise<GroupRow[]> {
  const tool = {
    name: 'kafka-consumer-groups',
    className: CONSUMER_GROUPS,
    // What it may take for an answer, in ms: five seconds unless told.
    args: ['--describe', '--timeout', String(limit), '--group', group],
  };
  const printed = await runTool(tool, { connection, limit }).catch(nothingOfNoGroup);
  return groupRows(printed).get(group) ?? [];
}

/** What the tool says of a group that is not there: on a broker of 4, and of 3. */
const NO_GROUP = /GroupIdNotFoundException|Consumer group '.+' does not exist/;

/** What the tool prints of a group that is not there: nothing. */
export function nothingOfNoGroup(error: unknown): string {
  if (error instanceof LabError && NO_GROUP.test(error.why)) return '';
  throw error;
}

/** The same from what the tool printed about any number of groups, by the group. */
export function groupRows(printed: string): Map<string, GroupRow[]> {
  const groups = new Map<string, GroupRow[]>();
  for (const line of printed.split('\n')) {
    const [group = '', topic = '', partition, committed, end, lag, , , member = ''] = line
      .trim()
      .split(/\s+/);
    if (!/^\d+$/.test(partition ?? '')) continue; // a heading, or nothing
    const row = {
      ...{ topic, partition: Number(partition), committed: Number(committed) },
      ...{ end: Number(end), lag: Number(lag), member },
    };
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  for (const rows of groups.values()) rows.sort((a, b) => a.partition - b.partition);
  return groups;
}
