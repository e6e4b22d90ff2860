import type { RecordMetadata } from 'kafkajs';
import {
  type FactWriter,
  keyText,
  now,
  type Recorder,
  type ValueWriter,
  writerFor,
} from '../../ledger/index.js';
import type { Sent } from './decisions.js';
import { leftBehind, type Outcome, outcomeOfFailed, type Placed } from './send-outcome.js';

/** What one call sent, by whom, to be recorded as `kind`. */
export interface Sending {
  all: readonly Sent[];
  kind: 'produced' | 'pending';
  recorder: Recorder;
  member: string;
}

/** Of a larger send the newest values are enough: no chart draws more records, and a copy of each would slow the producer down. */
const MOST_VALUES = 200;

/** Where the next record of a partition goes. */
interface Next {
  offset: number;
  facts: FactWriter;
  values: ValueWriter | undefined;
}

/**
 * In the order in which they were sent, which the broker's answers are not in: it answers for each partition. kafkajs keeps a
 * batch's order within a partition, so the offsets follow from the base offset.
 */
export function recordProduced(
  sending: Sending,
  acknowledged: readonly RecordMetadata[],
  isIdempotent: boolean,
): void {
  const time = now();
  for (const sent of sending.all) {
    const { topic, messages, partitions, time: begun } = sent;
    const offsets = offsetsOf(topic, acknowledged);
    // Otherwise there was no other attempt.
    if (sent.attempts.length > offsets.size)
      recordOutcome(sending, sent, leftBehind(sent, offsets, isIdempotent));
    const next = new Map<number, Next>();
    for (const [partition, offset] of offsets)
      next.set(partition, nextOf(sending, { topic, partition, offset }));
    messages.forEach(({ key, value }, i) => {
      const partition = partitions[i] as number;
      const place = next.get(partition);
      if (!place) {
        const shared = { group: '', member: sending.member, topic, partition } as const;
        sending.recorder.record({ kind: 'in doubt', ...shared, time: begun, key: keyText(key) });
        return;
      }
      // First: whoever is notified of the record may ask for its value.
      if (i >= messages.length - MOST_VALUES) place.values?.add(place.offset, value);
      place.facts.add(time, place.offset++, key);
    });
  }
}

/** Of a send that failed: what is in the log all the same, what may be, and what was refused. */
export function recordFailed(sending: Sending, isRefused: boolean): void {
  for (const sent of sending.all) recordOutcome(sending, sent, outcomeOfFailed(sent, isRefused));
}

function recordOutcome(sending: Sending, { topic, time }: Sent, outcome: Outcome): void {
  const { recorder, member } = sending;
  for (const placed of outcome.placed) recordPlaced(sending, topic, placed);
  for (const { kind, partition, message, again } of outcome.unplaced) {
    const shared = { kind, time, group: '', member, topic, partition } as const;
    recorder.record({ ...shared, key: keyText(message.key), ...(again && { again }) });
  }
}

function recordPlaced(sending: Sending, topic: string, { partition, offset, messages }: Placed) {
  const { facts, values } = nextOf(sending, { topic, partition, offset });
  const time = now();
  messages.forEach(({ key, value }, i) => {
    values?.add(offset + i, value);
    facts.add(time, offset + i, key);
  });
}

type First = { topic: string; partition: number; offset: number };

function nextOf({ kind, recorder, member }: Sending, { topic, partition, offset }: First): Next {
  const facts = writerFor(recorder, { kind, group: '', member, topic, partition });
  return { offset, facts, values: recorder.values?.(topic, partition) };
}

/** The first offset in each partition. With acks: 0 the broker answers nothing. */
function offsetsOf(topic: string, acknowledged: readonly RecordMetadata[]): Map<number, number> {
  const own = acknowledged.filter(
    ({ topicName, baseOffset }) => topicName === topic && Number(baseOffset ?? -1) >= 0,
  );
  return new Map(own.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
}
