import type { Connection } from '../config/address.js';
import { runTool } from './run-tool.js';

/** A producer whose records a partition holds, as `kafka-transactions describe-producers` says. */
export interface ProducerRow {
  producerId: number;
  /** How many producers have had this id before: a zombie has a lower one. */
  epoch: number;
  /** Of its newest record. */
  lastTimestamp: number;
  /** Where its open transaction begins; undefined where none is open. */
  transactionStart: number | undefined;
}

/**
 * `kafka-transactions describe-producers`: idempotent and transactional producers alone have an id.
 * @throws LabError NOT_SET_UP, BROKER_FAILED, TIMED_OUT, INTERRUPTED
 */
export async function describeProducers(
  connection: Connection,
  { topic, partition }: { topic: string; partition: number },
): Promise<ProducerRow[]> {
  const tool = {
    name: 'kafka-transactions',
    className: 'org.apache.kafka.tools.TransactionsCommand',
    args: ['describe-producers', '--topic', topic, '--partition', String(partition)],
  };
  return producerRows(await runTool(tool, { connection }));
}

export function producerRows(printed: string): ProducerRow[] {
  const rows = printed.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([id = '']) => /^\d+$/.test(id))
    .map(([id, epoch, , , lastTimestamp, start]) => ({
      producerId: Number(id),
      epoch: Number(epoch),
      lastTimestamp: Number(lastTimestamp),
      transactionStart: /^\d+$/.test(start ?? '') ? Number(start) : undefined,
    }));
}
