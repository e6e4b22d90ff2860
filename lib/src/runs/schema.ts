import { z } from 'zod';
import {
  type Content,
  QUEUE_EVENTS,
  RECORD_KINDS,
  SHARE_KINDS,
  TRAIL_KINDS,
} from '../ledger/index.js';

/** No loop over a log has more offsets to look at. */
const WIDEST_LOG = 1e9;
/** Nor over the places of one kind that touch. */
const WIDEST_RANGE = 1e7;
const MOST_BROKERS = 1000;

/** Milliseconds since 1970, as far as JavaScript has dates. */
const time = z.number().min(0).max(8.64e15);
const partition = z.int().min(0).max(0xffff);
const offset = z.int().min(0);
/** -1 says that there is none. */
const orNone = z.int().min(-1);
const count = z.int().min(0).max(0xffff_ffff);
const broker = z.int().min(-1).max(0x7fff_ffff);
const brokers = z.array(broker).max(MOST_BROKERS);
/** What Kafka takes for a topic's name; but for the one that is no name in JavaScript. */
const topic = z
  .string()
  .regex(/^[\w.-]{1,249}$/, 'must be the name of a topic')
  .refine((name) => name !== '__proto__', 'must be the name of a topic');
/** Kafka sets no limit for these. */
const name = z.string().max(1000);
const key = z.string().max(1000).nullable();

/** Zod leaves out what would be the prototype; here it is refused as any other. */
const assignment = z
  .unknown()
  .refine((own) => !Object.hasOwn(Object(own), '__proto__'), 'must have topics')
  .pipe(z.record(topic, z.array(partition)));

const place = { topic, partition };
const by = { time, member: name };
const ofNobody = { ...by, group: z.literal('') };
const ofGroup = { ...by, group: name };
const kinds = <const K extends string>(...names: readonly K[]) => ({ kind: z.enum(names) });

const isRange = ({ from, to }: { from: number; to: number }) =>
  from <= to && to - from <= WIDEST_RANGE;
const range = { from: offset, to: offset };
const ranges = z.array(z.strictObject(range).refine(isRange, 'must be a range')).max(100_000);
const ends = { start: offset, stable: offset, end: offset };
const isLog = ({ start, end }: { start: number; end: number }) => end - start <= WIDEST_LOG;
const read = z.strictObject({ ...range, markers: ranges, aborted: ranges, compacted: ranges });

const facts = [
  z.strictObject({ ...kinds(...RECORD_KINDS), ...ofGroup, ...place, offset, key }),
  z.strictObject({ ...kinds('joining', 'rebalancing', 'left'), ...ofGroup }),
  z.strictObject({ ...kinds('crashed'), ...ofGroup, reason: z.string().optional() }),
  z.strictObject({
    ...{ ...kinds('joined'), ...ofGroup },
    assignment: assignment.optional(),
    assigner: name.optional(),
    memberId: name.optional(),
    generation: z.int().optional(),
  }),
  z.strictObject({ ...kinds('committed'), ...ofGroup, ...place, offset: orNone }),
  z.strictObject({ ...kinds('fetched'), ...ofGroup, ...place, offset, records: count }),
  z.strictObject({ ...kinds(...SHARE_KINDS), ...ofGroup, ...place, offset, deliveries: count }),
  z.strictObject({
    ...{ ...kinds('in doubt', 'refused'), ...ofNobody, ...place, key },
    again: z.literal(true).optional(),
  }),
  z.strictObject({ ...kinds('deleted'), ...ofNobody, ...place, offset }),
  z.strictObject({ ...kinds('lost'), ...ofNobody, ...place, offset, key }),
  z
    .strictObject({ ...kinds('log'), ...ofNobody, ...place, ...ends, read: read.optional() })
    .refine(isLog, 'must be a log'),
  z.strictObject({
    ...{ ...kinds('replicas'), time, ...place, leader: broker, epoch: z.int() },
    ...{ replicas: brokers, inSync: brokers },
  }),
  z.strictObject({
    ...{ ...kinds('broker'), time, broker },
    event: z.enum(['killed', 'stopped', 'started', 'paused', 'resumed']),
  }),
  z.strictObject({
    ...{ ...kinds('queue'), ...by, queue: name, delivery: count.optional() },
    event: z.enum(QUEUE_EVENTS),
    message: z.string().max(1000).optional(),
    redelivered: z.boolean().optional(),
  }),
] as const;

/** How a record's value begins: as text, or in base64 where it is none; neither where it has none. */
const value = z.strictObject({
  ...{ ...kinds('value'), ...place, offset, size: count },
  text: z.string().max(200).optional(),
  base64: z.base64().max(200).optional(),
});

const ofTrail = { of: z.enum(TRAIL_KINDS), group: name, topic };

const sums = [
  z.strictObject({ ...kinds('member'), member: name }),
  z.strictObject({ ...kinds('trail'), ...ofTrail }),
  z.strictObject({
    ...{ ...kinds('forgotten'), ...ofTrail, partition, first: time, count },
    ...{ highest: orNone, offset: orNone, time },
  }),
  z.strictObject({ ...kinds('forgotten of'), ...ofTrail, member: name, count, last: time }),
  z
    .strictObject({
      ...{ ...kinds('counted'), ...ofTrail, partition, ...range },
      times: z.int().min(1).max(255),
    })
    .refine(isRange, 'must be a range'),
  z.strictObject({ ...kinds('expired'), ...ofNobody, ...place, offset }),
  z.strictObject({
    ...{ ...kinds('partition'), ...place, start: offset, hadRecords: z.boolean() },
  }),
  z.strictObject({ ...kinds('told'), ...place, time, ...ends }).refine(isLog, 'must be a log'),
  z
    .strictObject({
      ...{ ...kinds('places'), ...place, ...range },
      are: z.enum(['markers', 'aborted', 'compacted']),
    })
    .refine(isRange, 'must be a range'),
  z.strictObject({ ...kinds('doubtful', 'never appended', 'was refused'), ...place, time }),
  z.strictObject({ ...kinds('experiment'), time }),
  z.strictObject({ ...kinds('from'), ...place, offset }),
  z.strictObject({ ...kinds('more doubtful', 'more refused', 'refused before'), ...place, count }),
] as const;

/** A line of a run that was written as it happened. */
export const happenedSchema = z.discriminatedUnion('kind', [...facts, value]);
/** A line of a whole run: facts, and sums. */
export const wholeSchema = z.discriminatedUnion('kind', [...facts, value, ...sums]);

export type Line = z.infer<typeof wholeSchema>;

/** What is written of a content. */
export function lineOf(content: Content): Line {
  if (content.kind !== 'value') return content as Line;
  const { start, ...rest } = content;
  if (start === null) return rest;
  const text = start.toString();
  return Buffer.from(text).equals(start)
    ? { ...rest, text }
    : { ...rest, base64: start.toString('base64') };
}

export function contentOf(line: Line): Content {
  if (line.kind !== 'value') return line as Content;
  const { text, base64, ...rest } = line;
  if (base64 !== undefined) return { ...rest, start: Buffer.from(base64, 'base64') };
  return { ...rest, start: text === undefined ? null : Buffer.from(text) };
}
