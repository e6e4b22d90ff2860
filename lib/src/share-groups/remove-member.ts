import type { Kafka } from 'kafkajs';
import { refusal, typeOf } from './errors.js';
import { Coordinator } from './member/coordinator.js';
import { Network } from './network/network.js';
import { HEARTBEAT, heartbeat, LEAVING } from './protocol/heartbeat.js';

/** It is out already. */
const OUT = ['UNKNOWN_MEMBER_ID', 'GROUP_ID_NOT_FOUND'];

/**
 * Takes a member out of a share group, as it would itself on leaving (KIP-932, "Membership"): one whose process is gone, before the
 * broker misses it. One that lives joins again.
 * @throws ShareGroupError REFUSED, UNSUPPORTED_VERSION; kafkajs's error if nobody answers
 */
export async function removeShareMember(
  kafka: Kafka,
  groupId: string,
  memberId: string,
): Promise<void> {
  const network = new Network(kafka);
  const coordinator = new Coordinator(network, groupId, HEARTBEAT);
  const leaving = { groupId, memberId, epoch: LEAVING, topics: null };
  try {
    const answer = await coordinator.ask((version) => heartbeat(version, leaving));
    if (answer.error !== 0 && !OUT.includes(typeOf(answer.error)))
      throw refusal(`that ${memberId} leaves ${groupId}`, answer);
  } finally {
    await network.disconnect();
  }
}
