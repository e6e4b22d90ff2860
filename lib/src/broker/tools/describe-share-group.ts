import type { Connection } from '../config/address.js';
import { runTool } from './run-tool.js';

/** What `kafka-share-groups --describe` says of one partition of a share group; NaN for what it has no figure for. */
export interface ShareGroupRow {
  topic: string;
  partition: number;
  /** The first offset that is not over and done with. */
  start: number;
  /** How many records nobody has finished. */
  lag: number;
}

export const SHARE_GROUPS = 'org.apache.kafka.tools.consumer.group.ShareGroupCommand';

/**
 * `kafka-share-groups --describe`: a row for each partition that the group reads or has read, in order.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT after 30 s, INTERRUPTED
 */
export async function describeShareGroup(
  connection: Connection,
  group: string,
): Promise<ShareGroupRow[]> {
  const tool = {
    name: 'kafka-share-groups',
    className: SHARE_GROUPS,
    args: ['--describe', '--offsets', '--group', group],
  };
  return shareGroupRows(await runTool(tool, { connection }), group);
}

/** The same from what the tool printed. */
export function shareGroupRows(printed: string, group: string): ShareGroupRow[] {
  const rows: ShareGroupRow[] = [];
  for (const line of printed.split('\n')) {
    const [name, topic = '', partition, start, lag] = line.trim().split(/\s+/);
    if (name !== group) continue; // a heading, or nothing
    const figures = { start: Number(start), lag: Number(lag) };
    rows.push({ topic, partition: Number(partition), ...figures });
  }
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  return rows.sort((a, b) => compare(a.topic, b.topic) || a.partition - b.partition);
}
