import type { PartitionLog } from '../logs/partition-log.js';
import type { Told } from '../logs/told.js';
import type { Ledger } from '../store/ledger.js';
import type { Trail } from '../trails/trail.js';
import { append, commit, type LagState, lagOf, startAt } from './lag-state.js';

/** Facts in the order of time, of which the next one is at `at`. */
interface Reading {
  facts: { readonly length: number; time(i: number): number; partition(i: number): number };
  at: number;
  apply(state: LagState, partition: number, i: number): void;
}

interface Sources {
  logs: Map<number, PartitionLog>;
  /** What was produced, is pending, or aborted: all of it was appended. */
  appended: Trail[];
  deleted: Trail;
  committed: Trail;
}

/**
 * Goes through all that changes a lag, in the order of time, as far back as the detail is kept. `visit` is handed the same state
 * each time.
 */
export function replayLag(
  ledger: Ledger,
  { group, topic }: { group: string; topic: string },
  visit: (time: number, state: LagState) => void,
  /** Told the time of each change before it happens. */
  arrive: (time: number) => void = () => {},
): void {
  const sources = sourcesOf(ledger, group, topic);
  const state = forgottenState(sources);
  // Trails forget up to the same moment, each to the end of a chunk: before, they do not fit together.
  const { appended, deleted, committed } = sources;
  let isFitting = [...appended, deleted, committed].every(({ forgotten }) => forgotten === 0);
  const begin = () => {
    isFitting = true;
    arrive(ledger.keptFrom);
    visit(ledger.keptFrom, state);
  };
  const all = readings(sources);
  for (let next = oldest(all); next; next = oldest(all)) {
    const i = next.at++;
    const [time, partition] = [next.facts.time(i), next.facts.partition(i)];
    if (!isFitting && time >= ledger.keptFrom) begin();
    if (isFitting) arrive(time);
    const before = lagOf(partition, state);
    next.apply(state, partition, i);
    state.lag += lagOf(partition, state) - before;
    if (isFitting) visit(time, state);
  }
  if (!isFitting) begin();
}

function sourcesOf(ledger: Ledger, group: string, topic: string): Sources {
  const kinds = ['produced', 'pending', 'aborted'] as const;
  return {
    logs: ledger.log(topic),
    appended: kinds.map((kind) => ledger.trail(kind, { topic })),
    deleted: ledger.trail('deleted', { topic }),
    committed: ledger.trail('committed', { group, topic }),
  };
}

/** Of the same moment, what a broker told comes first, then what was produced. */
function readings({ logs, appended, deleted, committed }: Sources): Reading[] {
  return [
    toldReading(logs),
    ...appended.map((facts) => ({
      ...{ facts, at: 0 },
      apply: (state: LagState, partition: number, i: number) =>
        append(state, partition, facts.offset(i)),
    })),
    {
      ...{ facts: deleted, at: 0 },
      apply: (state, partition, i) => startAt(state, partition, deleted.offset(i)),
    },
    {
      ...{ facts: committed, at: 0 },
      apply: (state, partition, i) => commit(state, partition, committed.offset(i)),
    },
  ];
}

function toldReading(logs: Sources['logs']): Reading {
  const told = [...logs].flatMap(([partition, log]) =>
    [...log.told()].map((each) => ({ partition, ...each })),
  );
  told.sort((a, b) => a.time - b.time);
  const at = (i: number) => told[i] as Told & { partition: number };
  return {
    facts: { length: told.length, time: (i) => at(i).time, partition: (i) => at(i).partition },
    at: 0,
    apply: (state, partition, i) => {
      startAt(state, partition, at(i).start);
      state.ends.set(partition, at(i).end);
    },
  };
}

/** Whose next fact is the oldest; undefined when all are read. */
function oldest(all: readonly Reading[]): Reading | undefined {
  let found: Reading | undefined;
  for (const one of all) {
    if (one.at === one.facts.length) continue;
    if (!found || one.facts.time(one.at) < found.facts.time(found.at)) found = one;
  }
  return found;
}

/** What was, where only sums are kept; and where a log began of which a broker told, since records of others may be there. */
function forgottenState({ logs, appended, deleted, committed }: Sources): LagState {
  const state: LagState = { lag: 0, starts: new Map(), ends: new Map(), committed: new Map() };
  for (const [partition, log] of logs)
    for (const { start } of first(log.told())) state.starts.set(partition, start);
  for (const trail of appended)
    for (const [partition, { highest }] of trail.forgottenParts)
      for (const offset of [trail.offsets(partition).lowest, highest])
        append(state, partition, offset);
  for (const [partition, { offset }] of deleted.forgottenParts) startAt(state, partition, offset);
  for (const [partition, { offset }] of committed.forgottenParts) commit(state, partition, offset);
  for (const partition of state.ends.keys()) state.lag += lagOf(partition, state);
  return state;
}

function* first<T>(all: Iterable<T>): Generator<T> {
  for (const one of all) return yield one;
}
