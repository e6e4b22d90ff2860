import type { Brokers } from './brokers.js';
import { describeShare, SHARE_OFFSETS, type ShareOffsets, shareOffsets } from './group-requests.js';
import { groupsListedBy } from './groups.js';

/** Whether this Kafka has share groups, in the form that 4.2 gave them. */
export async function hasShareGroups(brokers: Brokers): Promise<boolean> {
  const { key, version } = describeShare([]);
  return (await brokers.all()).every((broker) => (broker.newest(key) ?? -1) >= version);
}

/** Where a share group continues, by topic and partition; undefined if this Kafka does not say. */
export async function shareGroupOffsets(
  brokers: Brokers,
  group: string,
): Promise<ShareOffsets | undefined> {
  for (const broker of await brokers.all()) {
    const newest = broker.newest(SHARE_OFFSETS);
    if (newest === undefined) continue;
    const listed = await groupsListedBy(broker);
    if (listed.some((one) => one.group === group))
      return broker.ask(shareOffsets(group, Math.min(1, newest)));
  }
  return undefined;
}
