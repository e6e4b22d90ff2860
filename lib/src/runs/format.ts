import { z } from 'zod';

export const FORMAT = 'kafka-lab-run';
/** Grows with every change after which an earlier lab could not read what a later one writes, or the other way round. */
export const VERSION = 1;

/** The largest file that is read, in bytes: some two million facts. */
export const MOST_BYTES = 256 * 1024 * 1024;
/** The longest line, in bytes: that of a member with 65,536 partitions has room. */
export const MOST_OF_LINE = 1024 * 1024;

/** The first line. `whole`: a ledger that was over; `as it happened`: each fact when it was recorded, and no last line. */
export const headerSchema = z.discriminatedUnion('written', [
  z.strictObject({
    format: z.literal(FORMAT),
    version: z.literal(VERSION),
    written: z.literal('whole'),
    /** Of facts about records from then on the detail is there, in ms since 1970; 0 where it is of all. */
    keptFrom: z.number().min(0).max(8.64e15),
  }),
  z.strictObject({
    format: z.literal(FORMAT),
    version: z.literal(VERSION),
    written: z.literal('as it happened'),
  }),
]);
export type Header = z.infer<typeof headerSchema>;

/** The last line of a whole run: how many lines are between it and the first. */
export const endSchema = z.strictObject({ kind: z.literal('end'), lines: z.int().min(0) });
