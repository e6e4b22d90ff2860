import { createRequire } from 'node:module';
import type { Message, Producer, ProducerConfig, ProducerRecord } from 'kafkajs';
import { expect, test } from 'vitest';
import { watchProducer } from '../../../lib/src/lab/watch/watch-producer.ts';
import type { Fact } from '../../../lib/src/ledger/index.ts';

const { prototype } = createRequire(import.meta.url)('kafkajs/src/broker');

interface Asked {
  topicData: { topic: string; partitions: { messages: readonly Message[] }[] }[];
}

/** kafkajs's own broker, with a log of one partition, that answers once two requests have come; to the second as `late` says. */
function brokerWith(late: () => void) {
  let [end, requests] = [0, 0];
  let answer = () => {};
  const both = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const send = async ({ topicData }: Asked) => {
    const [baseOffset, isLate] = [end, requests++ > 0];
    end += topicData[0]?.partitions[0]?.messages.length ?? 0;
    if (isLate) answer();
    await both;
    if (isLate) late();
    const partitions = [{ partition: 0, errorCode: 0, baseOffset: String(baseOffset) }];
    return { topics: [{ topicName: 'notes', partitions }] };
  };
  const lookupRequest = () => (asked: Asked) => asked;
  return Object.assign(Object.create(prototype), { connectionPool: { send }, lookupRequest });
}

function producerOf({ createPartitioner }: ProducerConfig, late: () => void): Producer {
  const [choose, broker] = [createPartitioner?.(), brokerWith(late)];
  const send = async ({ topic, messages }: ProducerRecord) => {
    for (const message of messages) choose?.({ topic, partitionMetadata: [], message });
    const topicData = [{ topic, partitions: [{ partition: 0, messages }] }];
    const { topics } = await broker.produce({ topicData });
    return topics[0].partitions.map((of: object) => ({ ...of, topicName: topic }));
  };
  const events = { REQUEST: 'producer.network.request' };
  return { send, on: () => {}, events } as unknown as Producer;
}

/** Two sends at once of the same two message objects. */
async function sendTwice(late = () => {}): Promise<Fact[]> {
  const facts: Fact[] = [];
  const recorder = { record: (fact: Fact) => void facts.push(fact) };
  const config = { createPartitioner: () => () => 0 };
  const producer = watchProducer((own) => producerOf(own, late), config, recorder);
  const messages = ['1', '2'].map((key) => ({ key, value: '' }));
  const send = () => producer.send({ topic: 'notes', messages });
  await Promise.allSettled([send(), send()]);
  return facts;
}

test('two sends at once of the same message objects: each record is counted once', async () => {
  const places = (await sendTwice()).map((fact) => 'offset' in fact && [fact.kind, fact.offset]);
  expect(places).toEqual([0, 1, 2, 3].map((offset) => ['produced', offset]));
});

test('and where no answer comes to the second, its own records are in doubt', async () => {
  const facts = await sendTwice(() => {
    throw Object.assign(new Error(), { name: 'KafkaJSRequestTimeoutError' });
  });
  expect(facts.map(({ kind }) => kind)).toEqual(['produced', 'produced', 'in doubt', 'in doubt']);
  // Else they would be copies of what was acknowledged, which nobody misses.
  for (const fact of facts) expect(fact).not.toHaveProperty('again');
});
