import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Reader, Writer } from '../../../lib/src/requests/encoding.ts';
import type { KafkaRequest } from '../../../lib/src/requests/exchange.ts';
import { byTopic, type Place } from '../../../lib/src/share-groups/places.ts';
import {
  type Acknowledged,
  KINDS,
} from '../../../lib/src/share-groups/protocol/acknowledgement.ts';
import { shareAcknowledge } from '../../../lib/src/share-groups/protocol/share-acknowledge.ts';
import { shareFetch } from '../../../lib/src/share-groups/protocol/share-fetch.ts';

const TOPIC = fc.constantFrom('a1'.repeat(16), 'b2'.repeat(16), 'c3'.repeat(16));
const PLACES = fc.uniqueArray(fc.record({ topicId: TOPIC, partition: fc.nat(9) }), {
  selector: ({ topicId, partition }) => `${topicId}:${partition}`,
});
const COUNT = fc.nat(100_000);
const OFFSET = fc.maxSafeNat();
const MESSAGE = fc.constantFrom('', 'no', 'nicht möglich');

/** A request as the broker reads it, its header left out. */
function asBroker(request: KafkaRequest<unknown>): Reader {
  const writer = new Writer(request.flexible);
  request.write(writer);
  return new Reader(writer.buffer, request.flexible);
}

/** What this client makes of an answer. */
function answered<T>(request: KafkaRequest<T>, write: (writer: Writer) => unknown): T {
  const writer = new Writer(request.flexible).int32(0); // throttled for
  write(writer);
  return request.read(new Reader(writer.buffer, request.flexible));
}

const readTopics = <P>(reader: Reader, read: (topicId: string) => P): P[] =>
  reader
    .array(() =>
      reader.struct(() => {
        const topicId = reader.uuid();
        return reader.array(() => reader.struct(() => read(topicId)));
      }),
    )
    .flat();

const readAcknowledged = (reader: Reader): Acknowledged[] =>
  readTopics(reader, (topicId) => ({
    topicId,
    partition: reader.int32(),
    batches: reader.array(() =>
      reader.struct(() => {
        const [first, last] = [reader.int64(), reader.int64()];
        const [kind = -1] = reader.array(reader.int8);
        return { first, last, kind: KINDS[kind] as (typeof KINDS)[number] };
      }),
    ),
  }));

const inOrder = <P extends Place>(places: readonly P[]): P[] =>
  byTopic(places).flatMap(([, of]) => of);

const MEMBER = { groupId: 'jobs', memberId: 'mé' };
const int16 = (writer: Writer, value: number): Writer =>
  writer.int8(value >> 8).int8((value << 24) >> 24);

test('a ShareFetch says what it is told to, in both versions', () => {
  const arbitrary = fc.record({
    ...{ epoch: COUNT, maxWait: COUNT, minBytes: COUNT, maxBytes: COUNT, maxRecords: COUNT },
    ...{ isStrict: fc.boolean(), added: PLACES, forgotten: PLACES },
  });
  fc.assert(
    fc.property(arbitrary, fc.constantFrom(1, 2), (fetch, version) => {
      const request = shareFetch(version, { ...fetch, ...MEMBER });
      expect(request).toMatchObject({ key: 78, version, keptFor: fetch.maxWait });
      const reader = asBroker(request);
      expect([reader.string(), reader.string(), reader.int32()]).toEqual([
        'jobs',
        'mé',
        fetch.epoch,
      ]);
      const limits = [reader.int32(), reader.int32(), reader.int32()];
      expect(limits).toEqual([fetch.maxWait, fetch.minBytes, fetch.maxBytes]);
      expect([reader.int32(), reader.int32()]).toEqual([fetch.maxRecords, fetch.maxRecords]);
      if (version === 2)
        expect([reader.int8(), reader.int8()]).toEqual([Number(fetch.isStrict), 0]);
      expect(readAcknowledged(reader)).toEqual(
        inOrder(fetch.added).map((place) => ({ ...place, batches: [] })),
      );
      const forgotten = reader.array(() =>
        reader.struct(() => {
          const topicId = reader.uuid();
          return reader.array(reader.int32).map((partition) => ({ topicId, partition }));
        }),
      );
      expect(forgotten.flat()).toEqual(inOrder(fetch.forgotten));
      reader.tags();
      expect(reader.bytesLeft()).toHaveLength(0);
    }),
  );
});

const BATCHES = fc.array(
  fc.record({ first: OFFSET, last: OFFSET, kind: fc.constantFrom(...KINDS) }),
  { maxLength: 3 },
);
const ACKNOWLEDGED = PLACES.chain((places) =>
  fc.tuple(...places.map((place) => BATCHES.map((batches) => ({ ...place, batches })))),
);

test('a ShareAcknowledge says what becomes of records, and whether locks are renewed', () => {
  fc.assert(
    fc.property(ACKNOWLEDGED, COUNT, fc.constantFrom(1, 2), (partitions, epoch, version) => {
      const request = shareAcknowledge(version, { ...MEMBER, epoch, partitions });
      expect(request).toMatchObject({ key: 79, version, keptFor: 0 });
      const reader = asBroker(request);
      expect([reader.string(), reader.string(), reader.int32()]).toEqual(['jobs', 'mé', epoch]);
      const renews = partitions.some(({ batches }) => batches.some(({ kind }) => kind === 'renew'));
      if (version === 2) expect(reader.int8()).toBe(renews ? 1 : 0);
      expect(readAcknowledged(reader)).toEqual(inOrder(partitions));
      reader.tags();
      expect(reader.bytesLeft()).toHaveLength(0);
    }),
  );
});

const RANGES = fc.array(fc.record({ first: OFFSET, last: OFFSET, deliveryCount: fc.nat(99) }), {
  maxLength: 3,
});
const ANSWER = fc.record({ error: fc.nat(133), message: MESSAGE });
const FETCHED = PLACES.chain((places) =>
  fc.tuple(
    ...places.map((place) =>
      fc
        .record({ acquired: RANGES, records: fc.string(), answer: ANSWER })
        .map(({ answer, ...more }) => ({ ...place, ...answer, ...more })),
    ),
  ),
);

test('the answer to a ShareFetch is read whole', () => {
  const fetch = { ...MEMBER, epoch: 0, added: [], forgotten: [], isStrict: false };
  const limits = { maxWait: 0, minBytes: 0, maxBytes: 1, maxRecords: 1 };
  fc.assert(
    fc.property(FETCHED, ANSWER, COUNT, (partitions, { error, message }, lockTimeout) => {
      const value = answered(shareFetch(2, { ...fetch, ...limits }), (writer) => {
        int16(writer, error)
          .string(message || null)
          .int32(lockTimeout);
        writer.array(byTopic(partitions), ([topicId, of]) => {
          writer.uuid(topicId).array(of, (one) => {
            int16(writer.int32(one.partition), one.error).string(one.message || null);
            int16(writer, 121).string('an acknowledgement').int32(3).int32(9).tags();
            writer
              .string(one.records)
              .array(one.acquired, ({ first, last, deliveryCount }) =>
                int16(writer.int64(first).int64(last), deliveryCount).tags(),
              );
            writer.tags();
          });
          writer.tags();
        });
      });
      expect(value).toMatchObject({ error, message, lockTimeout });
      const told = value.partitions.map((one) => ({ ...one, records: String(one.records) }));
      const sent = partitions.map((one) => ({ ...one, records: String(Buffer.from(one.records)) }));
      expect(told).toEqual(inOrder(sent));
    }),
  );
});

test('the answer to a ShareAcknowledge is read whole, in both versions', () => {
  const partitions = PLACES.chain((places) =>
    fc.tuple(...places.map((place) => ANSWER.map((answer) => ({ ...place, ...answer })))),
  );
  fc.assert(
    fc.property(partitions, ANSWER, fc.constantFrom(1, 2), (told, { error, message }, version) => {
      const request = shareAcknowledge(version, { ...MEMBER, epoch: 1, partitions: [] });
      const value = answered(request, (writer) => {
        int16(writer, error).string(message);
        if (version === 2) writer.int32(30_000);
        writer.array(byTopic(told), ([topicId, of]) => {
          writer.uuid(topicId).array(of, (one) => {
            int16(writer.int32(one.partition), one.error).string(one.message || null);
            writer.int32(3).int32(9).tags().tags();
          });
          writer.tags();
        });
      });
      expect(value).toEqual({ error, message, partitions: inOrder(told) });
    }),
  );
});
