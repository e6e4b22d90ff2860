import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeOf } from '../../../lib/src/share-groups/errors.ts';
import { Membership } from '../../../lib/src/share-groups/member/membership.ts';
import { Network } from '../../../lib/src/share-groups/network/network.ts';
import type { Place } from '../../../lib/src/share-groups/places.ts';
import { acquiredIn } from '../../../lib/src/share-groups/session/acquired.ts';
import { ShareSession } from '../../../lib/src/share-groups/session/share-session.ts';
import { shareGroupOffsets } from '../../support/kafka-tools.ts';
import { Shares } from '../../support/share-groups.ts';

const shares = new Shares();
const [RUNS, RECORDS, LIMIT] = [20, 6, 5];
const MEMBERS = ['a', 'b'] as const;
type Name = (typeof MEMBERS)[number];

/** KIP-932, "In-flight records": a record is available, acquired by one member, acknowledged, or archived. */
interface Modelled {
  state: 'available' | Name | 'acknowledged' | 'archived';
  deliveries: number;
}

/** After so many deliveries a record that is released is archived. */
const released = ({ deliveries }: Modelled): Modelled['state'] =>
  deliveries >= LIMIT ? 'archived' : 'available';

const ENDS = { accept: 'acknowledged', reject: 'archived' } as const;
type Kind = 'accept' | 'release' | 'reject' | 'renew';

/** The same done to the broker and to the model. */
class Run {
  readonly model: Modelled[] = Array.from({ length: RECORDS }, () => ({
    ...{ state: 'available', deliveries: 0 },
  }));
  readonly #sessions: Record<Name, ShareSession>;

  constructor(
    private readonly place: Place,
    session: (memberId: string) => ShareSession,
  ) {
    this.#sessions = { a: session(`a-${place.partition}`), b: session(`b-${place.partition}`) };
  }

  /** Returns how many records came. */
  async fetch(name: Name): Promise<number> {
    const { partitions } = await this.#sessions[name].fetch([this.place]);
    const records = (await Promise.all(partitions.map(acquiredIn))).flatMap((one) => one.records);
    for (const { offset, deliveryCount } of records) {
      const modelled = this.model[offset] as Modelled;
      expect({ offset, state: modelled.state }).toEqual({ offset, state: 'available' });
      expect(deliveryCount).toBe(++modelled.deliveries);
      modelled.state = name;
    }
    const isAny = this.model.some(({ state }) => state === 'available');
    if (isAny) expect(records.length).toBeLessThanOrEqual(2);
    return records.length;
  }

  async acknowledge(name: Name, offset: number, kind: Kind): Promise<void> {
    const batches = [{ first: offset, last: offset, kind }];
    const session = this.#sessions[name];
    const [answer] = await session.acknowledge([{ ...this.place, batches }]);
    const modelled = this.model[offset] as Modelled;
    const isOwner = modelled.state === name;
    const error = isOwner || this.#hasPassed(offset) ? 0 : 'INVALID_RECORD_STATE';
    const told = { ...modelled, name, offset, kind };
    expect({ ...told, error: answer?.error && typeOf(answer.error) }).toEqual({ ...told, error });
    if (!isOwner || kind === 'renew') return;
    modelled.state = kind === 'release' ? released(modelled) : ENDS[kind];
  }

  /** Whether the group begins behind it: of such a record the broker is told anything, and does nothing. */
  #hasPassed(offset: number): boolean {
    const before = this.model.slice(0, offset + 1);
    return before.every(({ state }) => state === 'acknowledged' || state === 'archived');
  }

  /** All that the member had is released. */
  async close(name: Name): Promise<void> {
    await this.#sessions[name].close();
    for (const modelled of this.model)
      if (modelled.state === name) modelled.state = released(modelled);
  }

  /** Until nobody has anything to do any more. */
  async finish(): Promise<void> {
    for (const name of MEMBERS) await this.close(name);
    while (this.model.some(({ state }) => state === 'available')) {
      expect(await this.fetch('a')).toBeGreaterThan(0);
      for (const [offset, { state }] of this.model.entries())
        if (state === 'a') await this.acknowledge('a', offset, 'accept');
    }
    expect(await this.fetch('b')).toBe(0);
    for (const name of MEMBERS) await this.close(name);
  }
}

const STEP = fc.record({
  name: fc.constantFrom(...MEMBERS),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('fetch' as const) },
    { weight: 1, arbitrary: fc.constant('close' as const) },
    {
      weight: 8,
      arbitrary: fc.record({
        offset: fc.nat(RECORDS - 1),
        kind: fc.constantFrom<Kind>('accept', 'release', 'release', 'release', 'reject', 'renew'),
      }),
    },
  ),
});

let network: Network;
let membership: Membership;
let topicId = '';
let groupId = '';
beforeAll(async () => {
  const values = Array.from({ length: RUNS * RECORDS }, (_, n) => `${n}`);
  const { topic, group } = await shares.jobs(values, { partitions: RUNS });
  network = new Network(shares.kafka());
  await network.connect();
  const assigned = (places: Place[]) => void (topicId ||= places[0]?.topicId ?? '');
  const told = { assigned, failed: expect.unreachable, retrying: () => {} };
  // Partitions of a group begin when one of its members reads their topic.
  membership = new Membership(network, { groupId: group, memberId: 'm', topics: [topic] }, told);
  await membership.join();
  await shares.until(() => topicId, 'the partitions');
  groupId = group;
});
afterAll(async () => {
  await membership.leave();
  await network.disconnect();
});

test('whatever two members say of records, the broker does as the model does', {
  timeout: 120_000,
}, async () => {
  const limits = { maxWait: 300, minBytes: 1, maxBytes: 1e6, maxRecords: 2, isStrict: true };
  const session = (memberId: string) =>
    new ShareSession({ groupId, memberId }, limits, (request) => network.one(1, request));
  let partition = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 10, maxLength: 40 }), async (steps) => {
      const run = new Run({ topicId, partition: partition++ }, session);
      const open = new Set<Name>();
      for (const { name, what } of steps) {
        if (what === 'close') {
          await run.close(name);
          open.delete(name);
        } else if (what === 'fetch' || !open.has(name)) {
          await run.fetch(name);
          open.add(name);
        } else await run.acknowledge(name, what.offset, what.kind);
      }
      await run.finish();
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  const rows = await shareGroupOffsets(shares.brokers, groupId);
  expect(rows.map(({ lag }) => lag)).toEqual(Array(RUNS).fill(0));
});
