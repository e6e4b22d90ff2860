import type { Admin } from 'kafkajs';
import { type Ledger, now } from '../../ledger/index.js';
import { recordCommitted } from './committed-offsets.js';
import { quickly } from './quick-moves.js';

/** Records what an admin moves, takes away and deletes, before its call returns: kafkajs has no event for that. */
export function recordMoves(admin: Admin, ledger: Ledger): void {
  const watched = { admin: { ...admin }, ledger, member: nameOf(admin) };
  recordOffsets(admin, watched);
  recordDeletions(admin, watched);
}

interface Watched {
  /** As kafkajs made it. */
  admin: Admin;
  ledger: Ledger;
  /** The client id, known once it has asked for something. */
  member: () => string;
}

/** The client id is hidden in kafkajs, but every request tells it. */
function nameOf(admin: Admin): () => string {
  let clientId = 'admin';
  admin.on(admin.events.REQUEST, ({ payload }) => {
    clientId = payload.clientId;
  });
  return () => clientId;
}

/** All that moves or takes away what groups have committed. */
function recordOffsets(admin: Admin, { admin: inner, ledger, member }: Watched): void {
  const record = (group: string) => recordCommitted(inner, ledger, { group, member: member() });
  admin.setOffsets = async (options) => {
    await quickly(options.groupId, () => inner.setOffsets(options));
    await record(options.groupId);
  };
  admin.resetOffsets = async (options) => {
    await quickly(options.groupId, () => inner.resetOffsets(options));
    await record(options.groupId);
  };
  admin.fetchOffsets = async (options) => {
    const ask = () => inner.fetchOffsets(options);
    const answer = await (options.resolveOffsets ? quickly(options.groupId, ask) : ask());
    // kafkajs commits what it resolves.
    if (options.resolveOffsets) await record(options.groupId);
    return answer;
  };
  admin.deleteGroups = async (groups) => {
    try {
      return await inner.deleteGroups(groups);
    } finally {
      // Of several, some may be deleted although others are not.
      for (const group of groups) await record(group).catch(() => {});
    }
  };
}

function recordDeletions(admin: Admin, { admin: inner, ledger, member }: Watched): void {
  const record = (topic: string, partition: number, offset: number) =>
    ledger.record({
      ...{ kind: 'deleted', time: now(), group: '', member: member() },
      ...{ topic, partition, offset },
    });
  admin.deleteTopicRecords = async (options) => {
    await inner.deleteTopicRecords(options);
    for (const { partition, low } of await inner.fetchTopicOffsets(options.topic)) {
      if (Number(low) > 0) record(options.topic, partition, Number(low));
    }
  };
  admin.deleteTopics = async (options) => {
    await inner.deleteTopics(options);
    for (const topic of options.topics) {
      const produced = ledger.trail('produced', { topic });
      for (const partition of produced.partitions())
        record(topic, partition, produced.offsets(partition).highest + 1);
      recordForgotten(ledger, topic, member());
    }
  };
}

/** With a topic, what groups have committed of it is gone. */
function recordForgotten(ledger: Ledger, topic: string, member: string): void {
  for (const trail of ledger.trailsOf('committed', { topic })) {
    const { group } = trail;
    for (const partition of trail.partitions()) {
      if (trail.newest(partition) === undefined) continue;
      const none = { kind: 'committed', offset: -1, time: now() } as const;
      ledger.record({ ...none, group, member, topic, partition });
    }
  }
}
