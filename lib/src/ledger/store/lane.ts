import type { Recorder, RecordFact, RecordKind } from './facts.js';
import type { Key } from './key-numbers.js';
import { keyText } from './keys.js';

/** What the facts of a lane have in common. */
export type LaneOf = Pick<RecordFact, 'kind' | 'group' | 'member' | 'topic' | 'partition'>;

/** A way into the ledger for facts about one partition that come by the thousand: no object, no search for each. */
export interface Lane {
  add(time: number, offset: number, key: Key): void;
}

/** What is noted of a record that goes through a handler, as kafkajs has it. */
export interface RecordHead {
  offset: string;
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

/** A lane of any recorder: where there is no shorter way, each fact is recorded as such. */
export function laneTo(recorder: Recorder, of: LaneOf): Lane {
  if (recorder.lane) return recorder.lane(of);
  return {
    add: (time, offset, key) => recorder.record({ ...of, time, offset, key: keyText(key) }),
  };
}

/** The same for records that go through a handler. */
export function handlingTo(recorder: Recorder, of: Omit<LaneOf, 'kind'>): Handling | QuickHandling {
  if (recorder.handling) return recorder.handling(of);
  let place: { offset: number; key: string | null } = { offset: 0, key: null };
  const tell = (kind: RecordKind, time: number) => recorder.record({ ...of, ...place, kind, time });
  return {
    delivered: (time, { offset, key }) => {
      place = { offset: Number(offset), key: keyText(key) };
      tell('delivered', time);
    },
    processed: (time) => tell('processed', time),
    failed: (time) => tell('failed', time),
  };
}
