import type { Admin } from 'kafkajs';
import { expect, test } from 'vitest';
import { untilWritable } from '../../../lib/src/admin/writable.ts';

/** A broker that answers each client's question for offsets with the next of these: so many partitions, or an error. */
function broker(...answers: (number | object)[]) {
  const asked = { clients: 0, connected: 0 };
  const admins = () => {
    const answer = answers[asked.clients++];
    const admin = {
      connect: async () => void asked.connected++,
      disconnect: async () => void asked.connected--,
      fetchTopicOffsets: async () => {
        if (typeof answer !== 'number') throw Object.assign(new Error('refused'), answer);
        return Array.from({ length: answer }, (_, partition) => ({ partition, offset: '0' }));
      },
    };
    return admin as unknown as Admin;
  };
  return { admins, asked };
}

test('a topic is writable once all of its partitions answer; until then a fresh client asks', async () => {
  const { admins, asked } = broker(
    { type: 'UNKNOWN_TOPIC_OR_PARTITION' },
    { name: 'KafkaJSNumberOfRetriesExceeded', cause: { type: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    { type: 'NOT_LEADER_FOR_PARTITION' },
    2, // added partitions that the broker does not know of yet
    4,
    4,
  );
  await untilWritable(admins, 'orders', 4);
  expect(asked).toEqual({ clients: 5, connected: 0 });
});

test('what the broker refuses for good is told at once', async () => {
  const { admins, asked } = broker({ type: 'TOPIC_AUTHORIZATION_FAILED' }, 4);
  await expect(untilWritable(admins, 'orders', 4)).rejects.toThrow('refused');
  expect(asked).toEqual({ clients: 1, connected: 0 });
});
