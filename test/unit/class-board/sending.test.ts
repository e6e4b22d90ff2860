import type { Admin, Kafka, Message, Producer, ProducerRecord } from 'kafkajs';
import { expect, test } from 'vitest';
import { makeProgressTopic, sendToClass } from '../../../lib/src/class-board/sending.ts';

const refusal = (type: string) => Object.assign(new Error(type), { type });

/** A broker that has no leader for a new topic until so many admin clients have come. */
function slowBroker(clients: number) {
  const written: Message[] = [];
  const requireLeader = () => {
    if (clients > 0) throw refusal('LEADER_NOT_AVAILABLE');
  };
  const client = { connect: async () => {}, disconnect: async () => {} };
  const admin: Partial<Admin> = {
    ...client,
    createTopics: async () => true,
    fetchTopicOffsets: async () => {
      requireLeader();
      return [{ partition: 0, offset: '0', high: '0', low: '0' }];
    },
  };
  const producer: Partial<Producer> = {
    ...client,
    send: async ({ messages }: ProducerRecord) => {
      requireLeader();
      written.push(...messages);
      return [];
    },
  };
  const kafka = {
    admin: () => {
      clients--;
      return admin;
    },
    producer: () => producer,
  };
  return { kafka: kafka as unknown as Kafka, written };
}

test('the first record of a learner waits for the leader of the new topic', async () => {
  const { kafka, written } = slowBroker(4);
  await makeProgressTopic(kafka, 'ann');
  await sendToClass(kafka, 'ann.progress', new Map([['05-scaling', null]]));
  expect(written).toEqual([{ key: '05-scaling', value: null }]);
});
