import type { PartitionLog } from '../logs/partition-log.js';
import type { Ledger } from '../store/ledger.js';
import type { Trail } from '../trails/trail.js';

/**
 * What became of an offset in its log. `produced`: an acknowledged record that is still there, its transaction committed; `open`:
 * one whose transaction has not ended; `lost`: acknowledged, and the log ends before it or has another record there. `expired` (by retention), `deleted` (by a
 * watched client) and `compacted` were acknowledged, too. `marker`: the end of a transaction.
 */
export type LogFate =
  | 'produced'
  | 'open'
  | 'aborted'
  | 'lost'
  | 'expired'
  | 'deleted'
  | 'compacted'
  | 'marker';

/** What is not in the log any more. */
export type GoneFate = 'lost' | 'expired' | 'deleted' | 'compacted';

export function isGone(fate: LogFate | undefined): fate is GoneFate {
  return fate === 'lost' || fate === 'expired' || fate === 'deleted' || fate === 'compacted';
}

/** What became of one offset; undefined where nobody knows. */
export function logFate(
  ledger: Ledger,
  topic: string,
  partition: number,
  offset: number,
): LogFate | undefined {
  return logFates(ledger, topic)(partition, offset);
}

/** The same for many offsets of a topic, as it is now. */
export function logFates(
  ledger: Ledger,
  topic: string,
): (partition: number, offset: number) => LogFate | undefined {
  const edges = new Map(
    [...ledger.log(topic)].map(([partition, log]) => [partition, edgesOf(log)]),
  );
  const [produced, aborted, pending, deleted, lost] = (
    ['produced', 'aborted', 'pending', 'deleted', 'lost'] as const
  ).map((kind) => ledger.trail(kind, { topic })) as [Trail, Trail, Trail, Trail, Trail];
  return (partition, offset) => {
    const edge = edges.get(partition);
    if (!edge) return undefined;
    const has = (trail: Trail) => trail.offsets(partition).at(offset) > 0;
    const { log } = edge;
    if (has(aborted) || log.isAbortedAt(offset)) return 'aborted';
    const isOpen = !has(produced);
    if (isOpen && !has(pending)) return log.emptyAt(offset);
    if (offset < (deleted.newest(partition) ?? 0)) return 'deleted';
    if (offset < edge.start) return 'expired';
    // Its place may have been given to another record since: that one, too, may be acknowledged.
    const losses = lost.offsets(partition).at(offset);
    if (offset >= edge.end || (losses > 0 && losses >= produced.offsets(partition).at(offset)))
      return 'lost';
    if (isOpen) return 'open';
    return log.emptyAt(offset) === 'compacted' ? 'compacted' : 'produced';
  };
}

/** Computed once: they are asked for with every offset. */
function edgesOf(log: PartitionLog) {
  return { log, start: log.start, end: log.end };
}
