import type { Connection } from '../config/address.js';
import { runTool } from './run-tool.js';

/** What `kafka-topics --describe` says of one partition. Brokers are numbered as in Kafka. */
export interface PartitionRow {
  partition: number;
  /** Undefined where the partition has none. */
  leader: number | undefined;
  replicas: number[];
  isr: number[];
  /** Eligible leader replicas: not in sync any more, and known to hold all that was acknowledged. */
  elr: number[];
}

export const TOPICS = 'org.apache.kafka.tools.TopicCommand';

/**
 * `kafka-topics --describe`: a row for each partition of a topic.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT after 30 s, INTERRUPTED
 */
export async function describeTopic(
  connection: Connection,
  topic: string,
): Promise<PartitionRow[]> {
  const tool = {
    name: 'kafka-topics',
    className: TOPICS,
    args: ['--describe', '--topic', topic],
  };
  return partitionRows(await runTool(tool, { connection }));
}

/** The same from what the tool printed. */
export function partitionRows(printed: string): PartitionRow[] {
  const rows: PartitionRow[] = [];
  for (const line of printed.split('\n')) {
    const value = (name: string) => new RegExp(`\\b${name}: ?([^\\t]*)`).exec(line)?.[1]?.trim();
    const partition = value('Partition');
    if (partition === undefined) continue; // the heading
    const brokers = (name: string) => (value(name) ?? '').split(',').filter(isNumber).map(Number);
    rows.push({
      ...{ partition: Number(partition), leader: brokers('Leader')[0] },
      ...{ replicas: brokers('Replicas'), isr: brokers('Isr'), elr: brokers('Elr') },
    });
  }
  return rows.sort((a, b) => a.partition - b.partition);
}

const isNumber = (text: string): boolean => /^\d+$/.test(text.trim());
