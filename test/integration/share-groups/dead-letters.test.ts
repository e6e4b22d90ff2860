import { expect, onTestFinished, test } from 'vitest';
import { createTopic } from '../../../lib/src/admin/create-topic.ts';
import { runTool } from '../../../lib/src/broker/tools/run-tool.ts';
import { setGroupConfigs } from '../../../lib/src/share-groups/index.ts';
import { Shares } from '../../support/share-groups.ts';

const shares = new Shares();

/** Whether the broker has dead letters (KIP-1191), which Kafka 4.4 brought: by what its own tool says of its features. */
async function hasDeadLetters(): Promise<boolean> {
  const className = 'org.apache.kafka.tools.FeatureCommand';
  const args = ['--bootstrap-server', shares.brokers.join(','), 'describe'];
  const features = await runTool({ name: className, className, args }, { limit: 30_000 });
  const version = /share\.version.*FinalizedVersionLevel: (\d+)/.exec(features)?.[1];
  return Number(version) >= 2;
}

test('dead letters: what is rejected or delivered too often goes to a topic, or the setting is refused by name', {
  timeout: 60_000,
}, async () => {
  const { topic, group } = await shares.jobs(['good', 'bad', 'poison']);
  const kafka = shares.kafka();
  const letters = `dlq.${topic}`; // the broker's prefix for such topics
  const set = () =>
    setGroupConfigs(kafka, group, {
      'errors.deadletterqueue.topic.name': letters,
      'errors.deadletterqueue.copy.record.enable': 'true',
      'share.delivery.count.limit': '3',
    });
  if (!(await hasDeadLetters())) {
    await expect(set()).rejects.toMatchObject({ code: 'REFUSED', type: 'INVALID_CONFIG' });
    return;
  }
  await set();
  const configEntries = [{ name: 'errors.deadletterqueue.group.enable', value: 'true' }];
  await createTopic((settings) => kafka.admin(settings), { topic: letters, configEntries });
  await shares.members(['a'], { topic, group }, async ({ acknowledge }, { value }) => {
    if (value === 'bad') await acknowledge('reject');
    if (value === 'poison') throw new Error('always');
  });
  const dead: string[] = [];
  const reader = kafka.consumer({ groupId: letters, maxWaitTimeInMs: 100 });
  onTestFinished(() => reader.disconnect());
  await reader.connect();
  await reader.subscribe({ topics: [letters], fromBeginning: true });
  await reader.run({
    eachMessage: async ({ message: { value, headers = {} } }) =>
      void dead.push(`${value} ${headers['__dlq.errors.delivery.count']}`),
  });
  await shares.until(() => dead.length === 2, 'two dead letters', 30_000);
  expect(dead.toSorted()).toEqual(['bad 1', 'poison 3']);
});
