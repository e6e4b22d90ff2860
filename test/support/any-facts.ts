import fc from 'fast-check';
import type { Fact } from '../../lib/src/ledger/index.ts';

/** Names that are no names in JavaScript, markup, control characters, and letters of all alphabets. */
const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '__proto__',
    'constructor',
    '<script>alert(1)</script>',
    '\u001b[31m',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const time = fc.double({ min: 900, max: 1100, noNaN: true });
const partition = fc.nat(2);
const offset = fc.nat(30);
const key = fc.option(name, { nil: null });
const brokers = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
const group = fc.constantFrom('readers', 'others');
const topic = fc.constantFrom('orders', 'mails');
const place = { time, member: name, topic, partition, offset };
const of = <const K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
const ofQueue = { kind: of('queue'), time, member: name, queue: topic };

/** Facts of the kinds of which `lived` has none, in any order; what they say need not fit together. */
export const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ kind: of('joining', 'rebalancing', 'left'), time, group, member: name }),
  fc.record({ kind: of('crashed'), time, group, member: name, reason: name }),
  fc.record(
    {
      ...{ kind: of('joined'), time, group, member: name },
      assignment: fc.dictionary(topic, fc.array(partition, { maxLength: 3 }), { maxKeys: 2 }),
      ...{ assigner: name, memberId: name, generation: fc.nat(9) },
    },
    { requiredKeys: ['kind', 'time', 'group', 'member', 'assignment'] },
  ),
  fc.record({ kind: of('failed', 'delivered', 'processed'), group, key, ...place }),
  fc.record({ kind: of('fetched'), group, records: fc.nat(9), ...place }),
  fc.record({
    kind: of('acquired', 'accepted', 'released', 'rejected', 'renewed', 'lock expired'),
    ...{ group, deliveries: fc.integer({ min: 1, max: 3 }) },
    ...place,
  }),
  fc.record({ kind: of('lost'), group: fc.constant('' as const), key, ...place }),
  fc.record({
    ...{ kind: of('replicas'), time, topic, partition, replicas: brokers, inSync: brokers },
    ...{ leader: fc.integer({ min: -1, max: 3 }), epoch: fc.nat(5) },
  }),
  fc.record({
    ...{ kind: of('broker'), time, broker: fc.integer({ min: 1, max: 3 }) },
    event: of('killed', 'stopped', 'started', 'paused', 'resumed'),
  }),
  fc.record({ ...ofQueue, event: of('consuming', 'cancelled') }),
  fc.record({
    ...ofQueue,
    ...{ event: of('acknowledged', 'requeued', 'rejected'), delivery: fc.nat(9) },
  }),
  fc.record({
    ...{ ...ofQueue, event: of('delivered'), delivery: fc.nat(9) },
    ...{ message: name, redelivered: fc.boolean() },
  }),
);

/** A record's value, as a client has it. */
export const anyValue = fc.oneof(
  fc.constant(null),
  name,
  fc.uint8Array({ maxLength: 120 }),
  fc.string({ unit: 'binary', minLength: 90, maxLength: 120 }),
);
