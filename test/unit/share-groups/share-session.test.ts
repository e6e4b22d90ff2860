import { expect, test } from 'vitest';
import { Reader, Writer } from '../../../lib/src/requests/encoding.ts';
import type { KafkaRequest } from '../../../lib/src/requests/exchange.ts';
import type { Acknowledged } from '../../../lib/src/share-groups/protocol/acknowledgement.ts';
import { ShareSession } from '../../../lib/src/share-groups/session/share-session.ts';

const [FETCH, ACKNOWLEDGE, VERSIONS] = [78, 79, 18];
const TOPIC = 'ab'.repeat(16);
const place = (partition: number) => ({ topicId: TOPIC, partition });
const accepted: Acknowledged[] = [
  { ...place(0), batches: [{ first: 0, last: 0, kind: 'accept' }] },
];

/** A broker that notes what it is asked, one request at a time, and answers as it is told to. */
class Broker {
  readonly asked: string[] = [];
  /** For the next requests: Kafka's numbers of errors, or what is thrown. */
  answers: (number | Error)[] = [];
  isBusy = false;

  constructor(private readonly newest: number) {}

  readonly ask = async <T>(request: KafkaRequest<T>): Promise<T> => {
    expect(this.isBusy).toBe(false);
    this.isBusy = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.isBusy = false;
    if (request.key === VERSIONS) return this.#versions(request);
    this.asked.push(told(request));
    const answer = this.answers.shift() ?? 0;
    if (answer instanceof Error) throw answer;
    const writer = new Writer(true).int32(0).int8(0).int8(answer).string(null);
    if (request.key === FETCH || request.version >= 2) writer.int32(30_000);
    writer.array([], () => {});
    return request.read(new Reader(writer.buffer, true));
  };

  #versions<T>(request: KafkaRequest<T>): T {
    this.asked.push('versions');
    const writer = new Writer(false).int8(0).int8(0);
    writer.array([FETCH, ACKNOWLEDGE], (key) => {
      for (const value of [key, 1, this.newest]) writer.int8(0).int8(value);
    });
    return request.read(new Reader(writer.buffer, false));
  }
}

/** What a request says of its session: which it is, its number, and how many topics it names. */
function told({ key, version, write }: KafkaRequest<unknown>): string {
  const writer = new Writer(true);
  write(writer);
  const reader = new Reader(writer.buffer, true);
  reader.string();
  reader.string();
  const epoch = reader.int32();
  if (key === ACKNOWLEDGE) return `acknowledge ${epoch}`;
  for (let i = 0; i < 5; i++) reader.int32(); // limits
  if (version >= 2) for (let i = 0; i < 2; i++) reader.int8();
  const added = reader.array(() =>
    reader.struct(() => {
      reader.uuid();
      return reader.array(() =>
        reader.struct(() => {
          const partition = reader.int32();
          reader.array(() => 0);
          return partition;
        }),
      );
    }),
  );
  return `fetch ${epoch} +${added.flat().join()}`;
}

function session(newest = 2, isStrict = false) {
  const broker = new Broker(newest);
  const limits = { maxWait: 1, minBytes: 1, maxBytes: 1, maxRecords: 1, isStrict };
  const one = new ShareSession({ groupId: 'jobs', memberId: 'm' }, limits, broker.ask);
  return { broker, one };
}

test('requests go one after another, each with the next number; only the first fetch names all partitions', async () => {
  const { broker, one } = session();
  const wanted = [place(0), place(1)];
  await Promise.all([
    one.fetch(wanted),
    one.acknowledge(accepted),
    one.fetch(wanted),
    one.fetch([...wanted, place(2)]),
  ]);
  await one.close();
  await one.close(); // it is so already
  expect(broker.asked).toEqual([
    ...['versions', 'fetch 0 +0,1', 'acknowledge 1', 'fetch 2 +', 'fetch 3 +2', 'acknowledge -1'],
  ]);
});

test.each([
  ['without an answer', new Error('closed'), { message: 'closed' }],
  ['when the broker has forgotten it', 122, { type: 'SHARE_SESSION_NOT_FOUND', retriable: true }],
])(
  '%s a session begins anew, and what was acquired in the old one is late',
  async (_, end, error) => {
    const { broker, one } = session();
    await one.fetch([place(0)]);
    broker.answers = [end];
    await expect(one.fetch([place(0)])).rejects.toMatchObject(error);
    await expect(one.acknowledge(accepted)).rejects.toMatchObject({ code: 'LATE_ACKNOWLEDGEMENT' });
    await one.fetch([place(0)]);
    expect(broker.asked).toEqual([
      ...['versions', 'fetch 0 +0', 'fetch 1 +', 'versions', 'fetch 0 +0'],
    ]);
  },
);

test('what a broker is too old for is refused by name, and nothing is sent', async () => {
  const { broker, one: strict } = session(1, true);
  await expect(strict.fetch([place(0)])).rejects.toMatchObject({
    ...{ code: 'UNSUPPORTED_VERSION', message: expect.stringContaining('record-limit') },
  });
  const { broker: old, one } = session(1);
  await one.fetch([place(0)]);
  const renewed = [{ ...place(0), batches: [{ first: 0, last: 0, kind: 'renew' as const }] }];
  await expect(one.acknowledge(renewed)).rejects.toMatchObject({
    ...{ code: 'UNSUPPORTED_VERSION', message: expect.stringContaining('renewal') },
  });
  await one.acknowledge(accepted);
  expect([broker.asked, old.asked]).toEqual([
    ['versions'],
    ['versions', 'fetch 0 +0', 'acknowledge 1'],
  ]);
});
