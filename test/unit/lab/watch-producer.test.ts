import type { Message, Producer, ProducerConfig, ProducerRecord } from 'kafkajs';
import { expect, test } from 'vitest';
import { watchProducer } from '../../../lib/src/lab/watch/watch-producer.ts';
import type { Fact, Value } from '../../../lib/src/ledger/index.ts';

/** A producer whose broker answers for the highest partition first, as real ones do now and then. */
function producerOf({ createPartitioner }: ProducerConfig): Producer {
  const choose = createPartitioner?.();
  const place = (topic: string, message: Message) =>
    choose?.({ topic, partitionMetadata: [], message }) as number;
  const send = async ({ topic, messages }: ProducerRecord) => {
    const used = new Set(messages.map((message) => place(topic, message)));
    return [...used]
      .sort((a, b) => b - a)
      .map((partition) => ({ topicName: topic, partition, errorCode: 0, baseOffset: '10' }));
  };
  const events = { REQUEST: 'producer.network.request' };
  return { send, sendBatch: send, on: () => {}, events } as unknown as Producer;
}

test('produced records are in the order of their sending, whatever the order of the answers', async () => {
  const facts: Fact[] = [];
  const createPartitioner = () => (args: { message: Message }) => Number(args.message.key) % 3;
  const recorder = { record: (fact: Fact) => void facts.push(fact) };
  const producer = watchProducer(producerOf, { createPartitioner }, recorder);
  const messages = Array.from({ length: 6 }, (_, n) => ({ key: String(n), value: '' }));
  await producer.send({ topic: 'notes', messages });
  expect(
    facts.map(
      (fact) => 'offset' in fact && 'key' in fact && [fact.key, fact.partition, fact.offset],
    ),
  ).toEqual([
    ['0', 0, 10],
    ['1', 1, 10],
    ['2', 2, 10],
    ['3', 0, 11],
    ['4', 1, 11],
    ['5', 2, 11],
  ]);
});

test('two sends at once, a message sent twice and topics of a batch keep their own places', async () => {
  const facts: Fact[] = [];
  const createPartitioner = () => (args: { message: Message }) => Number(args.message.key) % 3;
  const recorder = { record: (fact: Fact) => void facts.push(fact) };
  const producer = watchProducer(producerOf, { createPartitioner }, recorder);
  const [one, two] = [
    { key: '1', value: '' },
    { key: '2', value: '' },
  ];
  const messages = [one, two, one];
  await Promise.all([
    producer.send({ topic: 'notes', messages }),
    producer.send({ topic: 'notes', messages }),
    producer.send({ topic: 'others', messages: [two] }),
  ]);
  const of = (topic: string) =>
    facts
      .filter((fact) => 'offset' in fact && 'key' in fact && fact.topic === topic)
      .map((fact) => 'offset' in fact && 'key' in fact && [fact.key, fact.partition, fact.offset]);
  const once = [
    ['1', 1, 10],
    ['2', 2, 10],
    ['1', 1, 11],
  ];
  expect(of('notes')).toEqual([...once, ...once]);
  expect(of('others')).toEqual([['2', 2, 10]]);
});

test('a value is told at the place of its record, before the record is', async () => {
  const told: unknown[] = [];
  const createPartitioner = () => (args: { message: Message }) => Number(args.message.key) % 3;
  const recorder = {
    record: (fact: Fact) =>
      'offset' in fact && 'key' in fact && told.push([fact.partition, fact.offset]),
    values: (topic: string, partition: number) => ({
      add: (offset: number, value: Value) => told.push([topic, partition, offset, value]),
    }),
  };
  const producer = watchProducer(producerOf, { createPartitioner }, recorder);
  const values = ['one', null, Buffer.from('three')];
  const messages = values.map((value) => ({ key: '1', value }));
  await producer.send({ topic: 'notes', messages });
  expect(told).toEqual(
    values.flatMap((value, i) => [
      ['notes', 1, 10 + i, value],
      [1, 10 + i],
    ]),
  );
});

test('of a large send the newest 200 values are told, and every record', async () => {
  const values: Value[] = [];
  const facts: Fact[] = [];
  const recorder = {
    record: (fact: Fact) => void facts.push(fact),
    values: () => ({ add: (_: number, value: Value) => void values.push(value) }),
  };
  const producer = watchProducer(producerOf, { createPartitioner: () => () => 0 }, recorder);
  const messages = Array.from({ length: 300 }, (_, n) => ({ value: String(n) }));
  await producer.send({ topic: 'notes', messages });
  expect([values.length, values[0], values.at(-1), facts.length]).toEqual([200, '100', '299', 300]);
});

test('what the broker does not answer for is in doubt, a fact a record', async () => {
  const facts: Fact[] = [];
  const createPartitioner = () => (args: { message: Message }) => Number(args.message.key) % 3;
  const recorder = { record: (fact: Fact) => void facts.push(fact) };
  const hasty = (config: ProducerConfig) => {
    const producer = producerOf(config);
    const send = async (record: ProducerRecord) => (await producer.send(record)).slice(0, 0);
    return { ...producer, send } as Producer;
  };
  const producer = watchProducer(hasty, { createPartitioner }, recorder);
  await producer.send({ topic: 'notes', messages: [{ key: '1', value: '' }], acks: 0 });
  expect(facts).toMatchObject([{ kind: 'in doubt', topic: 'notes', partition: 1, key: '1' }]);
  expect(facts[0]).not.toHaveProperty('offset');
});
