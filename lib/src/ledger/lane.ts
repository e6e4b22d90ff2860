import type { Recorder, RecordFact } from './facts.js';
import type { Key } from './key-numbers.js';
import { keyText } from './keys.js';

/** What the facts of a lane have in common. */
export type LaneOf = Pick<RecordFact, 'kind' | 'group' | 'member' | 'topic' | 'partition'>;

/** A way into the ledger for facts about one partition that come by the thousand: no object, no search for each. */
export interface Lane {
  add(time: number, offset: number, key: Key, value?: Key): void;
}

/** A lane of any recorder: where there is no shorter way, each fact is recorded as such. */
export function laneTo(recorder: Recorder, of: LaneOf): Lane {
  if (recorder.lane) return recorder.lane(of);
  return {
    add: (time, offset, key) => recorder.record({ ...of, time, offset, key: keyText(key) }),
  };
}
