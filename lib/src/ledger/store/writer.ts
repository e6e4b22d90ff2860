import type { Key } from '../trails/key-numbers.js';
import { keyText } from '../trails/keys.js';
import type { Recorder, RecordFact, RecordKind } from './facts.js';

/** What all facts of one writer have in common. */
export type SharedFields = Pick<RecordFact, 'kind' | 'group' | 'member' | 'topic' | 'partition'>;

/** Writes facts about one partition that come by the thousand: no object and no search for each. */
export interface FactWriter {
  add(time: number, offset: number, key: Key): void;
}

/** What is noted of a record that goes through a handler, as its client has it. */
export interface RecordHead {
  offset: string | bigint;
  key: Key;
}

/** The same for what is told of records that go through a handler one after the other. */
export interface Handling {
  delivered(time: number, record: RecordHead): void;
  /** The record that was delivered last is done. */
  processed(time: number): void;
  /** The handler threw at the record that was delivered last. */
  failed(time: number): void;
}

/** A shorter way for quick records of one batch. */
export interface QuickHandling extends Handling {
  /**
   * The record that was delivered last is done, and the next one of its batch delivered: its offset is higher. `time` is NaN
   * where nobody looked at the clock: then it is the next time that is told.
   */
  next(time: number, record: RecordHead): void;
  /** All that were delivered had come by then. */
  passed(time: number): void;
}

/** A writer for any recorder: one that has none of its own records each fact as such. */
export function writerFor(recorder: Recorder, shared: SharedFields): FactWriter {
  if (recorder.writer) return recorder.writer(shared);
  return {
    add: (time, offset, key) => recorder.record({ ...shared, time, offset, key: keyText(key) }),
  };
}

/** The same for records that go through a handler. */
export function handlingFor(
  recorder: Recorder,
  shared: Omit<SharedFields, 'kind'>,
): Handling | QuickHandling {
  if (recorder.handling) return recorder.handling(shared);
  let place: { offset: number; key: string | null } = { offset: 0, key: null };
  const to = (kind: RecordKind) => {
    const writer = writerFor(recorder, { ...shared, kind });
    return (time: number) => writer.add(time, place.offset, place.key);
  };
  const delivered = to('delivered');
  return {
    delivered: (time, { offset, key }) => {
      place = { offset: Number(offset), key: keyText(key) };
      delivered(time);
    },
    processed: to('processed'),
    failed: to('failed'),
  };
}
