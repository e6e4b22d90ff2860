import type { Admin } from 'kafkajs';
import { type Ledger, now } from '../../ledger/index.js';
import { tellCommitted } from './committed-offsets.js';

/** Makes an admin tell what it moves, takes away and deletes, before its call returns: kafkajs has no event for that. */
export function tellMoves(admin: Admin, ledger: Ledger): void {
  const told = { admin: { ...admin }, ledger, member: nameOf(admin) };
  tellOffsets(admin, told);
  tellDeletions(admin, told);
}

interface Told {
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
function tellOffsets(admin: Admin, { admin: inner, ledger, member }: Told): void {
  const tell = (group: string) => tellCommitted(inner, ledger, { group, member: member() });
  admin.setOffsets = async (options) => {
    await inner.setOffsets(options);
    await tell(options.groupId);
  };
  admin.resetOffsets = async (options) => {
    await inner.resetOffsets(options);
    await tell(options.groupId);
  };
  admin.fetchOffsets = async (options) => {
    const answer = await inner.fetchOffsets(options);
    // kafkajs commits what it resolves.
    if (options.resolveOffsets) await tell(options.groupId);
    return answer;
  };
  admin.deleteGroups = async (groups) => {
    try {
      return await inner.deleteGroups(groups);
    } finally {
      // Of several, some may be deleted although others are not.
      for (const group of groups) await tell(group).catch(() => {});
    }
  };
}

function tellDeletions(admin: Admin, { admin: inner, ledger, member }: Told): void {
  const tell = (topic: string, partition: number, offset: number) =>
    ledger.record({
      ...{ kind: 'deleted', time: now(), group: '', member: member() },
      ...{ topic, partition, offset },
    });
  admin.deleteTopicRecords = async (options) => {
    await inner.deleteTopicRecords(options);
    for (const { partition, low } of await inner.fetchTopicOffsets(options.topic)) {
      if (Number(low) > 0) tell(options.topic, partition, Number(low));
    }
  };
  admin.deleteTopics = async (options) => {
    await inner.deleteTopics(options);
    for (const topic of options.topics) {
      const produced = ledger.trail('produced', { topic });
      for (const partition of produced.partitions())
        tell(topic, partition, produced.offsets(partition).highest + 1);
      tellForgotten(ledger, topic, member());
    }
  };
}

/** With a topic, what groups have committed of it is gone. */
function tellForgotten(ledger: Ledger, topic: string, member: string): void {
  for (const trail of ledger.trailsOf('committed', { topic })) {
    const { group } = trail;
    for (const partition of trail.partitions()) {
      if (trail.newest(partition) === undefined) continue;
      const none = { kind: 'committed', offset: -1, time: now() } as const;
      ledger.record({ ...none, group, member, topic, partition });
    }
  }
}
