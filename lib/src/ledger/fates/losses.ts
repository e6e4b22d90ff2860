import type { Ledger } from '../store/ledger.js';
import { type Preview, Previews, type Value } from '../store/previews.js';
import { keyText } from '../trails/keys.js';

/** A partition's log, as it was read from its leader. */
export interface ReadLog {
  partition: number;
  /** The first offset that it still has; everything before went by retention. */
  start: number;
  /** The record at an offset; undefined where it has none. */
  at(offset: number): { key: Uint8Array | null; value: Uint8Array | null } | undefined;
}

/** A record that was acknowledged and is not in the log. */
export interface Loss {
  partition: number;
  offset: number;
  /** When it was acknowledged. */
  time: number;
  member: string;
  key: string | null;
  /** How its value begins; undefined where that is not known any more. */
  value: string | null | undefined;
}

/**
 * The records that were acknowledged to this ledger and that a partition's log does not have: it ends before, or has another one
 * at their offset. Records are told apart by their keys and by how their values begin, as far as the ledger knows them.
 */
export function losses(ledger: Ledger, topic: string, log: ReadLog): Loss[] {
  const produced = ledger.trail('produced', { topic });
  const { partition } = log;
  const found: Loss[] = [];
  const seen = new Set<number>();
  for (let i = produced.length - 1; i >= 0; i--) {
    if (produced.partition(i) !== partition) continue;
    const [offset, key] = [produced.offset(i), produced.key(i)];
    const preview = seen.has(offset) ? undefined : ledger.preview({ topic, partition, offset });
    // Of two that were acknowledged with one offset, the earlier has made room for the later.
    const isLost = seen.has(offset) || !isThere(log, offset, { key, preview });
    seen.add(offset);
    if (!isLost || offset < log.start) continue;
    const [time, member] = [produced.time(i), produced.member(i)];
    found.unshift({ partition, offset, time, member, key, value: preview?.text });
  }
  return found;
}

function isThere(
  log: ReadLog,
  offset: number,
  { key, preview }: { key: string | null; preview: Preview | undefined },
): boolean {
  const record = log.at(offset);
  if (!record || keyText(record.key) !== key) return false;
  if (!preview) return true;
  const { text, size } = previewOf(record.value);
  return text === preview.text && size === preview.size;
}

function previewOf(value: Value): Preview {
  const one = new Previews();
  one.writer('', 0).add(0, value);
  return one.find({ topic: '', partition: 0, offset: 0 }) as Preview;
}
