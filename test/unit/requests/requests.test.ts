import fc from 'fast-check';
import type { Admin } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { leftoversAmong } from '../../../lib/src/lab/leftovers.ts';
import type { Broker, Brokers, KafkaRequest } from '../../../lib/src/requests/brokers.ts';
import { Reader, Writer } from '../../../lib/src/requests/encoding.ts';
import {
  describeClassic,
  describeConsumer,
  describeShare,
  listGroups,
} from '../../../lib/src/requests/group-requests.ts';
import {
  type DescribedGroup,
  describeGroups,
  isInUse,
  readingOf,
} from '../../../lib/src/requests/groups.ts';
import { hasShareGroups } from '../../../lib/src/requests/share-groups.ts';
import { topicStates } from '../../../lib/src/terminal/kafka/topics.ts';

test.each([true, false])('what is written is read again (flexible: %s)', (flexible) => {
  const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const texts = fc.array(fc.string({ maxLength: 200 }).map((text) => `ä${text}`));
  fc.assert(
    fc.property(fc.integer(), offset, texts, (small, large, list) => {
      const writer = new Writer(flexible).int32(small).int64(large);
      writer.array(list, writer.string).tags().int8(-7);
      const reader = new Reader(writer.buffer, flexible);
      expect([reader.int32(), reader.int64()]).toEqual([small, large]);
      expect(reader.struct(() => reader.array(reader.string))).toEqual(
        list.map((text) => Buffer.from(text).toString()),
      );
      expect(reader.int8()).toBe(-7);
    }),
  );
});

/** Answers as Kafka 4 sends them, written down from its schemas; each structure ends in a field nobody knows yet. */
const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const text = (value: string) =>
  Buffer.of(value.length + 1).toString('hex') + Buffer.from(value).toString('hex');
const UNKNOWN_FIELD = '01 2a 03 ffffff';
const NOBODY = '00';
const orders = `${'ab'.repeat(16)}${text('orders')} 03 00000000 00000002 ${UNKNOWN_FIELD}`;
const consumerAnswer = hex(
  `00000000 02 0000 00 ${text('shipping')} ${text('Stable')} 00000003 00000003 ${text('uniform')}`,
  `02 ${text('id-1')} ${NOBODY} ${NOBODY} 00000003 ${text('client')} ${text('/127.0.0.1')}`,
  `02 ${text('returns')} 00 02 ${orders} ${UNKNOWN_FIELD} 01 00 ${UNKNOWN_FIELD}`,
  `80000000 ${UNKNOWN_FIELD} 00`,
);
const shareAnswer = hex(
  `00000000 02 0000 00 ${text('sharers')} ${text('Stable')} 00000003 00000003 ${text('simple')}`,
  `02 ${text('id-2')} 00 00000003 ${text('client')} ${text('/127.0.0.1')}`,
  `02 ${text('orders')} 02 ${orders} 00 ${UNKNOWN_FIELD} 80000000 00 00`,
);
const classicAnswer = hex(
  `00000000 02 0000 ${text('billing')} ${text('Stable')} ${text('consumer')} ${text('range')}`,
  `02 ${text('id-3')} 00 ${text('client')} ${text('/127.0.0.1')}`,
  `11 0001 00000001 0006 ${Buffer.from('orders').toString('hex')} 0000`,
  `17 0001 00000001 0006 ${Buffer.from('orders').toString('hex')} 00000001 00000002`,
  `${UNKNOWN_FIELD} 80000000 00 00`,
);
const listAnswer = hex(
  `00000000 0000 03 ${text('shipping')} ${text('consumer')} ${text('Stable')} ${text('Consumer')} ${UNKNOWN_FIELD}`,
  `${text('sharers')} ${text('share')} ${text('Empty')} ${text('Share')} 00 00`,
);

const read = <T>(request: KafkaRequest<T>, answer: Buffer): T =>
  request.read(new Reader(answer, request.flexible));

describe('answers about groups', () => {
  test('are read whole, whatever fields they have been given since', () => {
    const member = { member: 'client', assignment: { orders: [0, 2] } };
    expect(read(describeConsumer(['shipping']), consumerAnswer)).toEqual([
      {
        ...{ group: 'shipping', error: 0, state: 'Stable' },
        members: [{ ...member, memberId: 'id-1', topics: ['returns'] }],
      },
    ]);
    expect(read(describeShare(['sharers']), shareAnswer)).toEqual([
      {
        ...{ group: 'sharers', error: 0, state: 'Stable' },
        members: [{ ...member, memberId: 'id-2', topics: ['orders'] }],
      },
    ]);
    expect(read(describeClassic(['billing']), classicAnswer)).toEqual([
      {
        ...{ group: 'billing', error: 0, state: 'Stable' },
        members: [
          {
            ...{ member: 'client', memberId: 'id-3' },
            ...{ assignment: { orders: [2] }, topics: ['orders'] },
          },
        ],
      },
    ]);
    expect(read(listGroups(5), listAnswer).groups).toEqual([
      { group: 'shipping', protocolType: 'consumer', state: 'Stable', type: 'consumer' },
      { group: 'sharers', protocolType: 'share', state: 'Empty', type: 'share' },
    ]);
  });

  test.each([
    ['ConsumerGroupDescribe', describeConsumer([]), consumerAnswer],
    ['ShareGroupDescribe', describeShare([]), shareAnswer],
    ['DescribeGroups', describeClassic([]), classicAnswer],
    ['ListGroups', listGroups(5), listAnswer],
  ])('that are cut off anywhere are refused: %s', (_, request, answer) => {
    // The last byte says that the answer itself has no further field: nobody asks.
    for (let size = 0; size < answer.length - 1; size++)
      expect(() => read<unknown>(request, answer.subarray(0, size))).toThrow(RangeError);
  });
});

type Answers = Record<string, unknown>;

/** Brokers that answer so; versions by the number of the request. */
function brokersOf(...all: { versions: Record<number, number>; answers: Answers }[]): Brokers {
  const broker = ({ versions, answers }: (typeof all)[number], nodeId: number): Broker => ({
    nodeId,
    newest: (key) => versions[key],
    ask: async <T>({ name }: KafkaRequest<T>) => answers[name] as T,
  });
  return { all: async () => all.map(broker) } as unknown as Brokers;
}

const listed = (group: string, type: string, state = 'Stable') => ({
  ...{ group, type, state, protocolType: 'consumer' },
});
const NEW = { 15: 6, 16: 5, 69: 1, 77: 1 };
const member = { member: 'm', memberId: 'm-1', assignment: { orders: [0] }, topics: ['orders'] };

describe('a group is told by what its broker knows', () => {
  test('each by its own type, from whichever broker coordinates it', async () => {
    const list = (...groups: unknown[]) => ({ ListGroups: { error: 0, groups } });
    const answer = (group: string) => [{ group, error: 0, state: 'Stable', members: [member] }];
    const found = await describeGroups(
      brokersOf(
        {
          versions: NEW,
          answers: {
            ...list(listed('k848', 'consumer'), listed('joint', 'share')),
            ConsumerGroupDescribe: answer('k848'),
            ShareGroupDescribe: answer('joint'),
          },
        },
        {
          versions: NEW,
          answers: { ...list(listed('old', 'classic')), DescribeGroups: answer('old') },
        },
      ),
    );
    expect(found.map(({ group, type }) => [group, type])).toEqual([
      ['joint', 'share'],
      ['k848', 'consumer'],
      ['old', 'classic'],
    ]);
    expect(found.every(isInUse)).toBe(true);
  });

  test.each<[string, Record<number, number>, ReturnType<typeof listed>, Answers]>([
    ['a type nobody knows', NEW, listed('g', 'streams'), {}],
    ['a broker without ConsumerGroupDescribe', { 15: 5, 16: 5 }, listed('g', 'consumer'), {}],
    [
      'a broker that names no types, and calls it Dead',
      { 15: 5, 16: 3 },
      listed('g', '', ''),
      { DescribeGroups: [{ group: 'g', error: 0, state: 'Dead', members: [] }] },
    ],
    [
      'a broker that refuses to tell',
      NEW,
      listed('g', 'consumer'),
      { ConsumerGroupDescribe: [{ group: 'g', error: 30, state: '', members: [] }] },
    ],
  ])('%s: it is in use, and may read any topic', async (_, versions, group, answers) => {
    const brokers = brokersOf({
      versions,
      answers: { ListGroups: { error: 0, groups: [group] }, ...answers },
    });
    const found = await describeGroups(brokers);
    expect(found).toMatchObject([{ group: 'g', members: undefined }]);
    expect(found.every(isInUse)).toBe(true);
    expect(readingOf(found).unknown).toBe('g');
  });

  test('one that this client may not see is told apart', async () => {
    const answer = (group: string, error: number) => ({ group, error, state: '', members: [] });
    const brokers = brokersOf({
      versions: NEW,
      answers: {
        ListGroups: { error: 0, groups: [listed('hers', 'share'), listed('odd', 'share')] },
        ShareGroupDescribe: [answer('hers', 30), answer('odd', 15)],
      },
    });
    expect(await describeGroups(brokers)).toEqual([
      { group: 'hers', type: 'share', state: 'Stable', members: undefined, isHidden: true },
      { group: 'odd', type: 'share', state: 'Stable', members: undefined },
    ]);
  });

  test('one that is gone meanwhile is left out; one without members is not in use', async () => {
    const groups = [
      listed('gone', 'consumer'),
      listed('dead', 'classic'),
      listed('e', 'streams', 'Empty'),
    ];
    const found = await describeGroups(
      brokersOf({
        versions: NEW,
        answers: {
          ListGroups: { error: 0, groups },
          ConsumerGroupDescribe: [{ group: 'gone', error: 69, state: '', members: [] }],
          DescribeGroups: [{ group: 'dead', error: 0, state: 'Dead', members: [] }],
        },
      }),
    );
    expect(found.map(({ group }) => group)).toEqual(['e']);
    expect(found.some(isInUse)).toBe(false);
    expect(readingOf(found).unknown).toBeUndefined();
  });

  test('during a rebalance a classic group may read any topic', () => {
    const group = { group: 'g', type: 'classic', state: 'PreparingRebalance' };
    const members = [{ ...member, assignment: {}, topics: undefined }];
    expect(readingOf([{ ...group, members }]).unknown).toBe('g');
  });
});

describe('where logs begin and end', () => {
  const metadata = (name: string, leaders: number[]) => ({
    name,
    partitions: leaders.map((leader, partitionId) => ({ leader, partitionId })),
  });
  /** Two brokers; partition p of each topic has the offsets 2 to 5 + p. `gone` is not there any more. */
  const cluster = (topics: ReturnType<typeof metadata>[]) => {
    const asked: string[] = [];
    const broker = (nodeId: number): Broker => ({
      nodeId,
      newest: () => 2,
      ask: async (request) => {
        asked.push(`${request.name} of ${nodeId}`);
        const writer = new Writer(false);
        request.write(writer);
        return request.read(new Reader(answerTo(writer.buffer), false));
      },
    });
    const brokers = { all: async () => [broker(1), broker(2)] } as unknown as Brokers;
    const admin = { fetchTopicMetadata: async () => ({ topics }) } as unknown as Admin;
    return { asked, session: { admin, brokers } };
  };
  const answerTo = (request: Buffer): Buffer => {
    const asks = new Reader(request, false);
    asks.int32();
    asks.int8();
    const topics = asks.array(() => ({
      topic: asks.string(),
      partitions: asks.array(() => ({ id: asks.int32(), time: asks.int64() })),
    }));
    const answer = new Writer(false).int32(0);
    answer.array(topics, ({ topic, partitions }) =>
      answer.string(topic).array(partitions, ({ id, time }) => {
        const error = topic === 'gone' ? [0, 3] : [0, 0];
        answer.int32(id).int8(error[0]!).int8(error[1]!).int64(-1);
        answer.int64(time === -1 ? 5 + id : 2);
      }),
    );
    return answer.buffer;
  };

  test('each broker is asked three times, however many topics there are; what goes meanwhile is left out', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => metadata(`t${n + 1000}`, [1, 2, 1]));
    const rest = [
      metadata('gone', [1]),
      metadata('__consumer_offsets', [1]),
      metadata('x', [1, -1]),
    ];
    const { asked, session } = cluster([...many, ...rest]);
    const states = await topicStates(session);
    expect(states).toHaveLength(1001);
    expect(states[0]).toEqual({ topic: 't1000', partitions: 3, offsets: 3 + 4 + 5, open: 0 });
    expect(states[1000]).toEqual({ topic: 'x', partitions: 2, offsets: null, open: null });
    expect(asked.sort()).toEqual([1, 1, 1, 2, 2, 2].map((node) => `ListOffsets of ${node}`));
  });
});

test.each([
  ['that of Kafka 4.2', [{ 77: 1 }, { 77: 1 }], true],
  ['one that is being upgraded', [{ 77: 1 }, { 16: 4 }], false],
  ['the early access of 4.0', [{ 77: 0 }], false],
])('whether a Kafka has share groups: %s', async (_, all: Record<number, number>[], expected) => {
  const brokers = brokersOf(...all.map((versions) => ({ versions, answers: {} })));
  expect(await hasShareGroups(brokers)).toBe(expected);
});

describe('what runs that are over have left', () => {
  const topics = ['orders', 'orders.05-scaling.old', 'orders.05-scaling.now'];
  const live = new Set(['05-scaling.now']);
  const group = (name: string, type: string, reads: string): DescribedGroup => ({
    ...{ group: name, type, state: 'Stable' },
    members: [{ ...member, assignment: { [reads]: [0] }, topics: [reads] }],
  });

  test.each(['classic', 'share'])(
    'a %s member of such a run is left over, and its topic goes',
    (type) => {
      const groups = [group('shipping.05-scaling.old', type, 'orders.05-scaling.old')];
      const { members, ...rest } = leftoversAmong({ topics, groups }, live);
      expect(members).toMatchObject([{ group: 'shipping.05-scaling.old', memberId: 'm-1', type }]);
      expect(rest).toEqual({
        ...{ topics: ['orders.05-scaling.old'], groups: ['shipping.05-scaling.old'] },
      });
    },
  );

  test.each(['consumer', 'share', 'classic'])('a %s group that reads one keeps it', (type) => {
    const groups = [group('console', type, 'orders.05-scaling.old')];
    expect(leftoversAmong({ topics, groups }, live)).toEqual({
      members: [],
      groups: [],
      topics: [],
    });
  });
});
