import type { Kafka } from 'kafkajs';
import { ShareConsumer } from './consumer.js';
import type { ShareConsumerOptions } from './options.js';

export { ShareConsumer } from './consumer.js';
export { ShareGroupError, type ShareGroupErrorCode } from './errors.js';
export { clearGroupConfigs, setGroupConfigs } from './group-configs.js';
export type { ShareConsumerOptions } from './options.js';
export { removeShareMember } from './remove-member.js';
export type { AcknowledgementKind } from './work/delivery.js';
export type { RecordEvent, ShareConsumerEvents } from './work/events.js';
export type { EachSharedMessagePayload, HandlingOptions } from './work/handling.js';

/**
 * A consumer of a share group (KIP-932), beside kafkajs's own ones: brokers, TLS, passwords, time limits and log are those of the
 * `Kafka` that it is made with. Needs Kafka 4.2 or newer.
 * @throws ShareGroupError BAD_INPUT
 */
export function shareConsumer(kafka: Kafka, options: ShareConsumerOptions): ShareConsumer {
  return new ShareConsumer(kafka, options);
}
