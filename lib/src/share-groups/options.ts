import { ShareGroupError } from './errors.js';
import type { FetchLimits } from './session/share-session.js';

/**
 * What a share consumer can be told. What its broker is told is in the group's settings (KIP-932, "Configuration"):
 * `share.record.lock.duration.ms`, `share.auto.offset.reset`, `share.isolation.level`.
 */
export interface ShareConsumerOptions {
  groupId: string;
  /**
   * How many records it acquires at once from each broker; 500 unless given. With `acquireMode` batch-optimized the broker may
   * exceed that, up to whole batches of the log.
   */
  maxRecords?: number;
  /**
   * `record-limit`: never more than `maxRecords`, so that members share a batch (KIP-1206). `batch-optimized`, unless given: whole
   * batches, faster; one member may get all that was produced at once.
   */
  acquireMode?: 'batch-optimized' | 'record-limit';
  /** How long the broker waits for records before it answers that there are none, in ms; 500 unless given. */
  maxWaitTimeInMs?: number;
  /** How many bytes the broker waits for, no longer than `maxWaitTimeInMs`; 1 unless given. */
  minBytes?: number;
  /** How many bytes of records an answer has at most, one batch at least; 10 MiB unless given. */
  maxBytes?: number;
  /** Aborted: the consumer stops as by `disconnect`, and what waits for it ends with ABORTED. */
  signal?: AbortSignal;
}

const MIB = 1024 * 1024;

/** @throws ShareGroupError BAD_INPUT */
export function limitsOf(options: ShareConsumerOptions): FetchLimits {
  const { acquireMode = 'batch-optimized' } = options;
  if (!options.groupId) throw badInput('A share consumer needs a groupId.');
  if (acquireMode !== 'batch-optimized' && acquireMode !== 'record-limit')
    throw badInput(`acquireMode is batch-optimized or record-limit, not ${acquireMode}.`);
  return {
    maxRecords: whole('maxRecords', options.maxRecords ?? 500, 1),
    isStrict: acquireMode === 'record-limit',
    maxWait: whole('maxWaitTimeInMs', options.maxWaitTimeInMs ?? 500, 0),
    minBytes: whole('minBytes', options.minBytes ?? 1, 0),
    maxBytes: whole('maxBytes', options.maxBytes ?? 10 * MIB, 1),
  };
}

const LARGEST = 0x7fffffff;

function whole(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= LARGEST) return value;
  throw badInput(`${name} is a whole number from ${least} on, not ${value}.`);
}

const badInput = (message: string) => new ShareGroupError('BAD_INPUT', message);
