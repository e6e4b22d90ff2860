import { expect, test } from 'vitest';
import { Reader, Writer } from '../../../lib/src/requests/encoding.ts';
import type { KafkaRequest } from '../../../lib/src/requests/exchange.ts';
import { isRetriable, refusal } from '../../../lib/src/share-groups/errors.ts';
import { Membership } from '../../../lib/src/share-groups/member/membership.ts';
import type { Network } from '../../../lib/src/share-groups/network/network.ts';
import type { Place } from '../../../lib/src/share-groups/places.ts';
import { negotiated } from '../../../lib/src/share-groups/protocol/negotiation.ts';

test('of the versions of a request the newest is taken that both know', () => {
  const api = { name: 'ShareFetch', key: 78, min: 1, max: 2 };
  const with78 = (min: number, max: number) => negotiated(api, new Map([[78, { min, max }]]));
  expect([with78(0, 1), with78(1, 2), with78(2, 9), with78(0, 7)]).toEqual([1, 2, 2, 2]);
  for (const [min, max, says] of [
    [0, 0, /this client knows versions 1 to 2, the broker offers version 0\./],
    [3, 4, /this client knows versions 1 to 2, the broker offers versions 3 to 4\./],
  ] as const)
    expect(() => with78(min, max)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_VERSION',
        message: expect.stringMatching(says),
      }),
    );
  expect(() => negotiated(api, new Map())).toThrow(/the broker does not know this request/);
});

test('errors have Kafka’s names, and say whether the same may go well a moment later', () => {
  const of = (error: number) => refusal('a ShareFetch', { error, message: '' });
  expect(of(121)).toMatchObject({ code: 'REFUSED', type: 'INVALID_RECORD_STATE' });
  expect(of(16).message).toBe('Kafka answers a ShareFetch with NOT_COORDINATOR.');
  expect(of(999).type).toBe('ERROR_999');
  expect([of(16), of(30), of(999)].map(isRetriable)).toEqual([true, false, false]);
  const closed = Object.assign(new Error('closed'), { retriable: true });
  const gaveUp = Object.assign(new Error('gave up', { cause: closed }), { retriable: false });
  gaveUp.name = 'KafkaJSNumberOfRetriesExceeded';
  expect([closed, gaveUp, new RangeError('cut off')].map(isRetriable)).toEqual([true, true, false]);
});

const TOPIC_ID = 'ab'.repeat(16);
const HEARTBEAT = 76;

interface Beat {
  nodeId: number;
  epoch: number;
  topics: string[];
}

/** Two brokers, of which one coordinates; answers heartbeats as it is told to. */
class Coordinators {
  readonly beats: Beat[] = [];
  coordinator = 1;
  answers: { error: number; epoch: number }[] = [];

  readonly one = async (nodeId: number, request: KafkaRequest<unknown>) => {
    if (request.key !== HEARTBEAT) return new Map([[HEARTBEAT, { min: 1, max: 1 }]]);
    const writer = new Writer(true);
    request.write(writer);
    const reader = new Reader(writer.buffer, true);
    reader.string();
    reader.string();
    const epoch = reader.int32();
    reader.string(); // rack
    this.beats.push({ nodeId, epoch, topics: reader.array(reader.string) });
    const told = this.answers.shift() ?? { error: 0, epoch: epoch === -1 ? -1 : epoch || 1 };
    if (nodeId !== this.coordinator) told.error = NOT_COORDINATOR;
    return request.read(new Reader(this.#answer(told), true));
  };

  readonly any = async () => ({ error: 0, message: '', nodeId: this.coordinator });

  #answer({ error, epoch }: { error: number; epoch: number }): Buffer {
    const writer = new Writer(true).int32(0).int8(0).int8(error).string(null);
    writer.string('m').int32(epoch).int32(1); // once in a ms
    writer.int8(1).array([TOPIC_ID], (id) => writer.uuid(id).array([0, 2], writer.int32).tags());
    return writer.tags().tags().buffer;
  }
}

const [NOT_COORDINATOR, UNKNOWN_MEMBER, NOT_AUTHORIZED] = [16, 25, 30];

function member(coordinators: Coordinators) {
  const assigned: Place[][] = [];
  const failures: unknown[] = [];
  const told = {
    assigned: (places: Place[]) => void assigned.push(places),
    failed: (error: unknown) => void failures.push(error),
    retrying: () => {},
  };
  const options = { groupId: 'jobs', memberId: 'm', topics: ['orders'] };
  const membership = new Membership(coordinators as unknown as Network, options, told);
  const beats = async (count: number) => {
    await expect
      .poll(() => coordinators.beats.length, { interval: 2 })
      .toBeGreaterThanOrEqual(count);
  };
  return { membership, assigned, failures, beats };
}

test('a member joins with its topics, stays by heartbeats without them, and leaves', async () => {
  const coordinators = new Coordinators();
  const { membership, assigned, beats } = member(coordinators);
  await membership.join();
  await beats(3);
  await membership.leave();
  const [first, second] = coordinators.beats;
  expect(first).toEqual({ nodeId: 1, epoch: 0, topics: ['orders'] });
  expect(second).toEqual({ nodeId: 1, epoch: 1, topics: [] });
  expect(coordinators.beats.at(-1)).toEqual({ nodeId: 1, epoch: -1, topics: [] });
  const places = [0, 2].map((partition) => ({ topicId: TOPIC_ID, partition }));
  expect(assigned[0]).toEqual(places);
});

test('a coordinator that has moved is looked for, and told again what the member wants', async () => {
  const coordinators = new Coordinators();
  const { membership, failures, beats } = member(coordinators);
  await membership.join();
  coordinators.coordinator = 2;
  const moved = coordinators.beats.length;
  await expect.poll(() => coordinators.beats.some(({ nodeId }) => nodeId === 2)).toBe(true);
  await beats(moved + 3);
  await membership.leave();
  const there = coordinators.beats.find(({ nodeId }) => nodeId === 2);
  expect(there).toEqual({ nodeId: 2, epoch: 1, topics: ['orders'] });
  expect(failures).toEqual([]);
});

test('a member that was removed has nothing more, and joins again', async () => {
  const coordinators = new Coordinators();
  const { membership, assigned, beats } = member(coordinators);
  await membership.join();
  coordinators.answers = [{ error: UNKNOWN_MEMBER, epoch: 0 }];
  const before = coordinators.beats.length;
  await beats(before + 3);
  await membership.leave();
  expect(assigned).toContainEqual([]);
  expect(coordinators.beats.filter(({ epoch }) => epoch === 0)).toHaveLength(2);
});

test('who may not join is told by name; who is refused later has failed', async () => {
  const refusing = new Coordinators();
  refusing.answers = [{ error: NOT_AUTHORIZED, epoch: 0 }];
  const type = 'GROUP_AUTHORIZATION_FAILED';
  await expect(member(refusing).membership.join()).rejects.toMatchObject({ code: 'REFUSED', type });
  const coordinators = new Coordinators();
  const { membership, failures } = member(coordinators);
  await membership.join();
  coordinators.answers = [{ error: NOT_AUTHORIZED, epoch: 0 }];
  await expect.poll(() => failures.length).toBe(1);
  expect(failures[0]).toMatchObject({ type });
  await membership.leave();
});
