import type { Kafka } from 'kafkajs';
import { refusal } from './errors.js';
import { Network } from './network/network.js';
import { alterGroupConfigs } from './protocol/alter-group-configs.js';
import { HEARTBEAT } from './protocol/heartbeat.js';
import { apiVersions, negotiated } from './protocol/negotiation.js';
import { ownGroupConfigs } from './protocol/own-group-configs.js';

/**
 * Sets settings of a group (KIP-932, "Configuration"), as `share.auto.offset.reset: 'earliest'`: where a share group begins
 * that has never read a partition; `latest` unless set. Null takes one back. The group need not exist. A broker may learn of it
 * some ms after this has resolved.
 * @throws ShareGroupError REFUSED, UNSUPPORTED_VERSION; kafkajs's error if nobody answers
 */
export async function setGroupConfigs(
  kafka: Kafka,
  groupId: string,
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const network = new Network(kafka);
  try {
    negotiated(HEARTBEAT, await network.any(apiVersions())); // else it would be refused as an unknown type of resource
    const answer = await network.any(alterGroupConfigs(groupId, configs));
    if (answer.error !== 0) throw refusal(`for settings of the group ${groupId}`, answer);
  } finally {
    await network.disconnect();
  }
}

/**
 * Takes back what was ever set for these groups: Kafka keeps the settings of a group that is deleted, for the next one of its name.
 * Groups whose settings this client may not see are left out: it has made none.
 * @throws ShareGroupError REFUSED; kafkajs's error if nobody answers
 */
export async function clearGroupConfigs(kafka: Kafka, groupIds: readonly string[]): Promise<void> {
  if (groupIds.length === 0) return;
  const network = new Network(kafka);
  try {
    for (const { group, names } of await network.any(ownGroupConfigs(groupIds))) {
      if (names.length === 0) continue;
      const configs = Object.fromEntries(names.map((name) => [name, null]));
      const answer = await network.any(alterGroupConfigs(group, configs));
      if (answer.error !== 0) throw refusal(`for settings of the group ${group}`, answer);
    }
  } finally {
    await network.disconnect();
  }
}
