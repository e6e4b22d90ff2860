import type { Kafka } from 'kafkajs';
import { refusal } from './errors.js';
import { Network } from './network/network.js';
import { alterGroupConfigs } from './protocol/alter-group-configs.js';

/**
 * Sets settings of a group (KIP-932, "Configuration"), as `share.auto.offset.reset: 'earliest'`: where a share group begins
 * that has never read a partition; `latest` unless set. Null takes one back. The group need not exist. A broker may learn of it
 * some ms after this has resolved.
 * @throws ShareGroupError REFUSED; kafkajs's error if nobody answers
 */
export async function setGroupConfigs(
  kafka: Kafka,
  groupId: string,
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const network = new Network(kafka);
  try {
    const answer = await network.any(alterGroupConfigs(groupId, configs));
    if (answer.error !== 0) throw refusal(`for settings of the group ${groupId}`, answer);
  } finally {
    await network.disconnect();
  }
}
