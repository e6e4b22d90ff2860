import type { EventEmitter } from 'node:events';
import { type MemberFact, now, type Recorder } from '../../ledger/index.js';
import type { Reader } from './reader.js';
import type { ApiError, Assigned, CommittedOffset, PlatformaticConsumer } from './shapes.js';

type Callback = (error?: Error | null) => void;
type Commit = (options: { offsets: CommittedOffset[] }, callback?: Callback) => unknown;
type Watched = PlatformaticConsumer & EventEmitter;

/** Records joins, assignments, the end of what a consumer owned, and commits. */
export function recordMembership(consumer: Watched, recorder: Recorder): void {
  const by = () => ({ time: now(), group: consumer.groupId, member: consumer.clientId });
  const note = (kind: 'rebalancing' | 'left') => recorder.record({ kind, ...by() });
  let hasJoined = false;
  const joined = (assigned: readonly Assigned[]) => {
    // It leaves, or has left: what it owned ends with that.
    if (consumer.memberId === null) return;
    hasJoined = true;
    recorder.record({ kind: 'joined', ...by(), ...membershipOf(consumer, assigned) });
  };
  onAssigned(consumer, joined);
  // With the new protocol a member joins before it is assigned anything.
  consumer.on('consumer:group:join', () => {
    if (!hasJoined) joined(consumer.assignments ?? []);
  });
  consumer.on('consumer:group:rebalance', () => note('rebalancing'));
  consumer.on('consumer:heartbeat:error', ({ error }: { error: ApiError }) => {
    if (hasJoined && error.findBy?.('apiId', 'UNKNOWN_MEMBER_ID')) note('rebalancing');
  });
  consumer.on('consumer:group:leave', () => {
    if (hasJoined) note('left');
    hasJoined = false;
  });
}

function membershipOf(
  { memberId, generationId }: PlatformaticConsumer,
  assigned: readonly Assigned[],
): Partial<MemberFact> {
  const assignment = Object.fromEntries(
    assigned.map(({ topic, partitions }) => [topic, [...partitions]]),
  );
  return {
    ...(memberId !== null && { memberId }),
    assignment,
    ...(generationId > 0 && { generation: generationId }),
  };
}

/** The new protocol's changes come as no event: the client notes them in a property. */
function onAssigned(consumer: Watched, changed: (assigned: readonly Assigned[]) => void): void {
  let assignments = consumer.assignments;
  Object.defineProperty(consumer, 'assignments', {
    configurable: true,
    enumerable: true,
    get: () => assignments,
    set: (next: Assigned[] | null) => {
      assignments = next;
      changed(next ?? []);
    },
  });
}

/** All commits pass here: those of a record, those of the client's own accord, and those that are called for. */
export function recordCommits(consumer: Watched, reader: Reader, recorder: Recorder): void {
  const commit: Commit = consumer.commit.bind(consumer) as Commit;
  const committed = (offsets: readonly CommittedOffset[]) => {
    const by = { time: now(), group: consumer.groupId, member: consumer.clientId };
    for (const { topic, partition, offset } of offsets)
      recorder.record({ kind: 'committed', ...by, topic, partition, offset: Number(offset) });
  };
  const watched: Commit = (options, callback) => {
    const offsets = [...options.offsets];
    if (!callback) return (commit(options) as Promise<void>).then(() => committed(offsets));
    return commit(options, (error) => {
      if (!error) committed(offsets);
      callback(reader.isRetired ? null : error);
    });
  };
  consumer.commit = watched as PlatformaticConsumer['commit'];
}
